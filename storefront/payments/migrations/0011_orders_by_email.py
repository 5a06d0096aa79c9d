"""A guest's orders are found by their email without reading all orders; Oscar's own migrations have no such index."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("order", "0021_billingaddress_code_shippingaddress_code"),
        ("payments", "0010_parcels"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX payments_orders_by_email ON order_order (UPPER(guest_email))",
            "DROP INDEX payments_orders_by_email",
        )
    ]
