"""Let the database refuse every change of a figure that was taken."""

from django.db import migrations

from storefront.evidence.guards import guard


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0006_figures_as_taken"), ("evidence", "0002_append_only")]

    operations = [guard("subsidies_kpisnapshot")]
