"""Let the database refuse every change of what was frozen or received."""

from django.db import migrations

from storefront.evidence.guards import guard


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0001_programmes_and_projects"), ("evidence", "0002_append_only")]

    operations = [guard("subsidies_frozenversion", "subsidies_receipt")]
