"""A listing knows whether its product is as the files said: what neither changed is left alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog_import", "0006_reasons_to_be_translated")]

    operations = [
        migrations.AddField(
            "amazonlisting",
            "digest",
            models.CharField(blank=True, db_default="", default="", editable=False, max_length=32),
        ),
    ]
