"""Markets and how goods reach them."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
import storefront.markets.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Market',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Short and lasting, such as de. It is part of addresses and reports.', max_length=12, unique=True, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9-]*\\Z', 'Small letters, digits and hyphens.')], verbose_name='code')),
                ('name', models.CharField(help_text="As shoppers read it in the market's menu.", max_length=100, verbose_name='name')),
                ('countries', storefront.markets.fields.CodesField(help_text='Two-letter codes, the main one first: DE, AT. We deliver to these and to no others.', verbose_name='countries')),
                ('currency', models.CharField(help_text='Three letters, such as EUR. Every price of the market is in it.', max_length=3, validators=[django.core.validators.RegexValidator('^[A-Z]{3}\\Z', 'Three capital letters, such as EUR.')], verbose_name='currency')),
                ('languages', storefront.markets.fields.CodesField(help_text='Codes such as de, en. The first is shown until the shopper chooses.', verbose_name='languages')),
                ('prices_include_tax', models.BooleanField(default=True, help_text='The law for consumers in Europe and Japan. In the United States tax is added at checkout.', verbose_name='prices include tax')),
                ('tax_regime', models.CharField(choices=[('eu_vat', 'VAT of the EU'), ('uk_vat', 'VAT of the United Kingdom'), ('us_sales_tax', 'Sales tax of the United States'), ('jp_consumption_tax', 'Consumption tax of Japan'), ('ch_vat', 'VAT of Switzerland'), ('no_vat', 'VAT of Norway'), ('none', 'None: we collect no tax there')], max_length=24, verbose_name='tax')),
                ('amazon_marketplaces', storefront.markets.fields.CodesField(blank=True, default=list, help_text='Codes of the marketplaces whose prices and texts belong here, such as DE.', verbose_name='Amazon marketplaces')),
                ('is_enabled', models.BooleanField(default=False, help_text='Closed markets can be prepared; shoppers do not see them.', verbose_name='open')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Lower comes first; the first open market is the default.', verbose_name='position')),
            ],
            options={
                'verbose_name': 'market',
                'verbose_name_plural': 'markets',
                'ordering': ['position', 'code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('countries', []), _negated=True), name='markets_market_has_country'), models.CheckConstraint(condition=models.Q(('languages', []), _negated=True), name='markets_market_has_language'), models.CheckConstraint(condition=models.Q(('tax_regime__in', ['eu_vat', 'uk_vat', 'us_sales_tax', 'jp_consumption_tax', 'ch_vat', 'no_vat', 'none'])), name='markets_market_regime_known')],
            },
        ),
        migrations.CreateModel(
            name='MarketDelivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Short and lasting, such as standard. Orders keep it.', max_length=32, validators=[django.core.validators.RegexValidator('^[a-z][a-z0-9-]*\\Z', 'Small letters, digits and hyphens.')], verbose_name='code')),
                ('name', models.CharField(help_text="In the market's first language, as shoppers read it at checkout.", max_length=100, verbose_name='name')),
                ('price', models.DecimalField(decimal_places=3, help_text="In the market's currency, with or without tax as the market's prices are.", max_digits=14, verbose_name='price')),
                ('free_from', models.DecimalField(blank=True, decimal_places=3, help_text='Free when the goods cost this much or more. Empty: never.', max_digits=14, null=True, verbose_name='free from')),
                ('min_days', models.PositiveSmallIntegerField(default=2, help_text='Working days until the parcel arrives.', verbose_name='days, at least')),
                ('max_days', models.PositiveSmallIntegerField(default=5, verbose_name='days, at most')),
                ('tax_class', models.CharField(blank=True, choices=[('', 'As the goods'), ('standard', 'Standard rate'), ('none', 'Not taxed')], default='', help_text='In Europe delivery is taxed as the goods are.', max_length=24, verbose_name='tax')),
                ('position', models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='position')),
                ('market', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='markets.market', verbose_name='market')),
            ],
            options={
                'verbose_name': 'delivery method',
                'verbose_name_plural': 'delivery methods',
                'ordering': ['position', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('market', 'code'), name='markets_delivery_once'), models.CheckConstraint(condition=models.Q(('price__gte', 0)), name='markets_delivery_price_not_negative'), models.CheckConstraint(condition=models.Q(('free_from', None), ('free_from__gt', 0), _connector='OR'), name='markets_delivery_free_from_positive'), models.CheckConstraint(condition=models.Q(('min_days__lte', models.F('max_days'))), name='markets_delivery_days_in_order')],
            },
        ),
    ]
