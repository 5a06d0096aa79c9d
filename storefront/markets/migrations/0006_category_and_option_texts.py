"""What categories and options are called in each language."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0005_tax'),
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
    ]

    operations = [
        migrations.CreateModel(
            name='CategoryText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(help_text='BCP 47 code such as en or de.', max_length=12, verbose_name='language')),
                ('name', models.CharField(max_length=255, verbose_name='name')),
                ('description', models.TextField(blank=True, help_text='Sanitised HTML.', verbose_name='description')),
                ('meta_title', models.CharField(blank=True, help_text='Empty: the name.', max_length=255, verbose_name='title for search engines')),
                ('meta_description', models.TextField(blank=True, help_text='One or two sentences.', verbose_name='description for search engines')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='catalogue.category', verbose_name='category')),
            ],
            options={
                'verbose_name': 'category text',
                'verbose_name_plural': 'category texts',
                'ordering': ['category_id', 'language'],
                'constraints': [models.UniqueConstraint(fields=('category', 'language'), name='markets_category_text_once')],
            },
        ),
        migrations.CreateModel(
            name='OptionText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(help_text='BCP 47 code such as en or de.', max_length=12, verbose_name='language')),
                ('axis', models.CharField(help_text='Code of the attribute, such as color.', max_length=128, verbose_name='option')),
                ('label', models.CharField(help_text='Such as Farbe.', max_length=128, verbose_name='name of the option')),
                ('value', models.CharField(help_text='Such as Schwarz.', max_length=255, verbose_name='value')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='option_texts', to='catalogue.product', verbose_name='variant')),
            ],
            options={
                'verbose_name': 'option text',
                'verbose_name_plural': 'option texts',
                'ordering': ['product_id', 'axis', 'language'],
                'constraints': [models.UniqueConstraint(fields=('product', 'axis', 'language'), name='markets_option_text_once')],
            },
        ),
    ]
