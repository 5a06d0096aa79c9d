"""Prices per market and their history."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0002_market'),
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
    ]

    operations = [
        migrations.CreateModel(
            name='MarketPrice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.DecimalField(decimal_places=3, help_text="In the market's currency, with or without tax as the market's prices are.", max_digits=14, verbose_name='price')),
                ('list_price', models.DecimalField(blank=True, decimal_places=3, help_text='Fill it only to announce a reduction. In the EU shoppers are then shown the lowest price of the 30 days before, whatever stands here.', max_digits=14, null=True, verbose_name='former or recommended price')),
                ('valid_from', models.DateTimeField(help_text='Empty: now.', verbose_name='from')),
                ('valid_until', models.DateTimeField(blank=True, help_text='Empty: until another price is set. Else the price before returns.', null=True, verbose_name='until')),
                ('is_temporary', models.BooleanField(default=False, verbose_name='temporary')),
                ('source', models.CharField(blank=True, help_text='Who or what set it.', max_length=64, verbose_name='source')),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='prices', to='markets.market', verbose_name='market')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='market_prices', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'price',
                'verbose_name_plural': 'prices',
                'ordering': ['-valid_from', '-pk'],
                'indexes': [models.Index(fields=['market', 'product', 'valid_until'], name='markets_price_lookup')],
                'constraints': [models.UniqueConstraint(fields=('product', 'market', 'valid_from', 'is_temporary'), name='markets_price_once_per_moment'), models.CheckConstraint(condition=models.Q(('is_temporary', False), ('valid_until__isnull', False), _connector='OR'), name='markets_price_temporary_ends'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='markets_price_not_negative', violation_error_message='A price cannot be less than zero.'), models.CheckConstraint(condition=models.Q(('list_price', None), ('list_price__gt', models.F('amount')), _connector='OR'), name='markets_price_list_above', violation_error_message='The former price must be higher than the price.'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='markets_price_period_in_order', violation_error_message='A price must end after it begins.')],
            },
        ),
        migrations.CreateModel(
            name='PriceChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('product_reference', models.CharField(help_text='GTIN and key, kept when the product is gone.', max_length=80, verbose_name='product reference')),
                ('amount', models.DecimalField(decimal_places=3, help_text='Empty: from here on not offered.', max_digits=14, null=True, verbose_name='price')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('at', models.DateTimeField(verbose_name='in force from')),
                ('is_reduction', models.BooleanField(verbose_name='announced as a reduction')),
                ('source', models.CharField(blank=True, max_length=64, verbose_name='source')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded at')),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='price_changes', to='markets.market', verbose_name='market')),
                ('product', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='price_changes', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'price change',
                'verbose_name_plural': 'price changes',
                'ordering': ['-at', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('product', 'market', 'at'), name='markets_change_once_per_moment'), models.CheckConstraint(condition=models.Q(('amount', None), ('amount__gte', 0), _connector='OR'), name='markets_change_not_negative')],
            },
        ),
    ]
