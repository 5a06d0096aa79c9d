"""Under which terms each order was taxed."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0007_market_block'),
        ('order', '0021_billingaddress_code_shippingaddress_code'),
        ('payments', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderTax',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('market_code', models.CharField(max_length=12, verbose_name='market')),
                ('language', models.CharField(max_length=12, verbose_name='language')),
                ('prices_include_tax', models.BooleanField(verbose_name='prices include tax')),
                ('treatment', models.CharField(max_length=24, verbose_name='treatment')),
                ('reason', models.CharField(blank=True, max_length=24, verbose_name='reason')),
                ('note', models.TextField(blank=True, help_text="In the shopper's language.", verbose_name='note for the invoice')),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name="customer's VAT id")),
                ('rates', models.JSONField(default=list, help_text='country, rate in per cent, net, tax and gross of each rate, delivery included.', verbose_name='tax by rate')),
                ('order', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='tax_terms', to='order.order', verbose_name='order')),
                ('vat_check', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='markets.vatidcheck', verbose_name='check of the VAT id')),
            ],
            options={
                'verbose_name': 'tax of an order',
                'verbose_name_plural': 'tax of orders',
                'ordering': ['-pk'],
            },
        ),
    ]
