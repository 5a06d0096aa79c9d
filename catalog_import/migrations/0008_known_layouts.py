"""The rows of files that had no problem are remembered, and are read faster when they come again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog_import", "0007_listing_digest")]

    operations = [
        migrations.CreateModel(
            "KnownLayout",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("layout", models.CharField(max_length=32, unique=True)),
                ("rows", models.BinaryField()),
                ("read_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
