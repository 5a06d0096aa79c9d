"""Whether a market also sells what lies in Amazon's warehouses."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0008_market_return_days'),
    ]

    operations = [
        migrations.AddField(
            model_name='market',
            name='sells_all_stock',
            field=models.BooleanField(default=False, help_text='Tick it if Amazon sends what is ordered here from its warehouses (Multi-Channel Fulfilment): what lies there is then sold, too, once your own warehouse has not enough. Otherwise it is shown in the back office and not sold. You pass such orders on to Amazon yourself; the order says which lines they are.', verbose_name="Amazon ships this market's orders"),
        ),
    ]
