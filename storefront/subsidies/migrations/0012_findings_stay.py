"""Let the database refuse every change of what an auditor found and of what was answered."""

from django.db import migrations

from storefront.evidence.guards import guard


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0011_dossiers_and_auditors"), ("evidence", "0002_append_only")]

    operations = [guard("subsidies_auditorfinding", "subsidies_findinganswer")]
