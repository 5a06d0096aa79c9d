"""For how many days goods may be sent back to a market, where the merchant says so."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0007_market_block'),
    ]

    operations = [
        migrations.AddField(
            model_name='market',
            name='return_days',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Shown beside the buy button and told to search engines. Empty: what the law gives in the EU and the United Kingdom, 14 days, elsewhere nothing is promised.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='days to send goods back'),
        ),
        migrations.AddConstraint(
            model_name='market',
            constraint=models.CheckConstraint(condition=models.Q(('return_days', None), ('return_days__gte', 14), models.Q(('return_days__gte', 1), models.Q(('tax_regime__in', ['eu_vat', 'uk_vat']), _negated=True)), _connector='OR'), name='markets_market_returns_lawful'),
        ),
    ]
