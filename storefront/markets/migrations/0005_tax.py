"""Where the seller pays tax, how products are taxed, checks of VAT ids."""

import django.core.validators
import django.db.models.deletion
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('markets', '0004_price_history_guard'),
        ('catalogue', '0032_category_exclude_from_menu_category_long_description'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TaxSetup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('established_in', models.CharField(blank=True, help_text='Two letters, such as CN: where the company that sells is registered.', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}\\Z', 'Two capital letters, such as DE.')], verbose_name="company's country")),
                ('ships_from', models.CharField(blank=True, help_text='The country of the warehouse, such as DE. Until it is filled, every order is charged the tax of the country it goes to.', max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}\\Z', 'Two capital letters, such as DE.')], verbose_name='goods leave from')),
                ('uses_oss', models.BooleanField(default=False, help_text='Tick it if you report sales to consumers in other EU countries through the OSS.', verbose_name='one-stop shop (OSS)')),
                ('threshold', models.CharField(choices=[('above', 'EUR 10,000 a year or more, or not sure'), ('below', 'Less than EUR 10,000 this year and last')], default='above', help_text="Only for companies in the EU: below EUR 10,000 a year they may charge their own country's VAT.", max_length=8, verbose_name='sales to consumers in other EU countries')),
                ('uses_ioss', models.BooleanField(default=False, help_text='Tick it if you send parcels up to EUR 150 from outside the EU under an IOSS number.', verbose_name='import one-stop shop (IOSS)')),
                ('is_importer', models.BooleanField(default=False, help_text='Tick it if parcels arrive duty and tax paid (DDP) under your own registration there.', verbose_name='we import in our own name')),
                ('vat_id', models.CharField(blank=True, help_text="Sent when a customer's VAT id is checked, so that the answer carries a consultation number.", max_length=20, verbose_name='our EU VAT id')),
            ],
            options={
                'verbose_name': 'tax setup',
                'verbose_name_plural': 'tax setup',
            },
        ),
        migrations.CreateModel(
            name='TaxRegistration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('country', models.CharField(max_length=2, validators=[django.core.validators.RegexValidator('^[A-Z]{2}\\Z', 'Two capital letters, such as DE.')], verbose_name='country')),
                ('region', models.CharField(blank=True, help_text='Only for the United States: two letters, such as TX.', max_length=8, verbose_name='state')),
                ('number', models.CharField(max_length=40, verbose_name='number')),
                ('valid_from', models.DateField(verbose_name='from')),
                ('valid_until', models.DateField(blank=True, help_text='The first day it no longer covers.', null=True, verbose_name='until')),
                ('setup', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='registrations', to='markets.taxsetup', verbose_name='tax setup')),
            ],
            options={
                'verbose_name': 'tax registration',
                'verbose_name_plural': 'tax registrations',
                'ordering': ['country', 'region', 'valid_from', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('setup', 'country', 'region', 'valid_from'), name='markets_registration_once'), models.CheckConstraint(condition=models.Q(('valid_until', None), ('valid_until__gt', models.F('valid_from')), _connector='OR'), name='markets_registration_days_in_order')],
            },
        ),
        migrations.CreateModel(
            name='ProductTaxClass',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tax_class', models.CharField(choices=[('standard', 'Standard rate'), ('books', 'Printed books'), ('food', 'Food'), ('none', 'Not taxed, such as a gift voucher')], max_length=24, verbose_name='tax class')),
                ('stripe_code', models.CharField(blank=True, help_text='Such as txcd_99999999. Only for Stripe Tax.', max_length=32, verbose_name='Stripe tax code')),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='tax_class', to='catalogue.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'tax class of a product',
                'verbose_name_plural': 'tax classes of products',
                'ordering': ['product_id'],
            },
        ),
        migrations.CreateModel(
            name='VatIdCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vat_id', models.CharField(max_length=20, verbose_name='VAT id')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('answer', models.CharField(choices=[('valid', 'Valid'), ('invalid', 'Not valid'), ('unavailable', 'No answer')], max_length=16, verbose_name='answer')),
                ('consultation_number', models.CharField(blank=True, max_length=64, verbose_name='consultation number')),
                ('checked_at', models.DateTimeField(verbose_name='checked at')),
                ('raw_answer', models.TextField(blank=True, help_text='Cut after 2,000 characters.', verbose_name='answer as received')),
                ('corrected_answer', models.CharField(blank=True, choices=[('valid', 'Valid'), ('invalid', 'Not valid'), ('unavailable', 'No answer')], max_length=16, verbose_name='corrected to')),
                ('corrected_at', models.DateTimeField(blank=True, null=True, verbose_name='corrected at')),
                ('correction_reason', models.CharField(blank=True, max_length=500, verbose_name='reason of the correction')),
                ('corrected_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='corrected by')),
            ],
            options={
                'verbose_name': 'VAT id check',
                'verbose_name_plural': 'VAT id checks',
                'ordering': ['-checked_at', '-pk'],
                'indexes': [models.Index(fields=['vat_id', 'checked_at'], name='markets_vat_check_lookup')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('corrected_answer', ''), ('corrected_at', None), ('correction_reason', '')), models.Q(('corrected_answer__in', ['valid', 'invalid']), ('corrected_at__isnull', False), models.Q(('correction_reason', ''), _negated=True), ('corrected_by__isnull', False)), _connector='OR'), name='markets_vat_check_correction_whole')],
            },
        ),
    ]
