"""Let the database refuse every change of a reconciliation, and of the lines of bank statements and customs lists."""

from django.db import migrations

from storefront.evidence.guards import guard


class Migration(migrations.Migration):
    dependencies = [("subsidies", "0009_statements_and_reconciliations"), ("evidence", "0002_append_only")]

    operations = [guard("subsidies_reconciliation", "subsidies_bankline", "subsidies_customsline")]
