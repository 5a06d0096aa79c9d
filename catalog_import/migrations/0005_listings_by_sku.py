"""Listings are found by their SKU on every marketplace, too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog_import", "0004_sentences_to_be_translated"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="amazonlisting",
            constraint=models.UniqueConstraint(
                fields=("sku", "marketplace"), name="catalog_import_listing_once"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="amazonlisting",
            name="catalog_import_sku_once",
        ),
    ]
