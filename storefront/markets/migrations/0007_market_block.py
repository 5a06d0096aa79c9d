"""Which products are not sold in a market."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
        ('markets', '0006_category_and_option_texts'),
    ]

    operations = [
        migrations.CreateModel(
            name='MarketBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, help_text='For your colleagues, such as: no plug for this country. Shoppers do not see it.', max_length=200, verbose_name='reason')),
                ('market', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to='markets.market', verbose_name='market')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='market_blocks', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'product not sold in a market',
                'verbose_name_plural': 'products not sold in a market',
                'ordering': ['market_id', 'product_id'],
                'constraints': [models.UniqueConstraint(fields=('product', 'market'), name='markets_block_once')],
            },
        ),
    ]
