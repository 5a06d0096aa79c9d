"""Problems remember what their sentences were made of; notes of runs, too."""

from django.db import migrations, models


def keep_english(apps, schema_editor):
    """Make a note of earlier runs what a note is now: its text, and nothing to translate it by."""
    runs = apps.get_model("catalog_import", "ImportRun").objects.exclude(notes=[])
    for run in runs.order_by("pk").iterator():
        run.notes = [note if isinstance(note, dict) else {"text": note, "said": []} for note in run.notes]
        run.save(update_fields=["notes"])


def keep_text(apps, schema_editor):
    """Make a note its text again."""
    runs = apps.get_model("catalog_import", "ImportRun").objects.exclude(notes=[])
    for run in runs.order_by("pk").iterator():
        run.notes = [note["text"] if isinstance(note, dict) else note for note in run.notes]
        run.save(update_fields=["notes"])


class Migration(migrations.Migration):

    dependencies = [
        ('catalog_import', '0003_pictures_that_come_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='importproblem',
            name='said',
            field=models.JSONField(blank=True, default=dict, verbose_name='sentences to be translated'),
        ),
        migrations.RunPython(keep_english, keep_text),
    ]
