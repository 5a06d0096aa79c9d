"""A list of short codes, kept as JSON and typed as words with commas between them."""

from django import forms
from django.db import models


class CodesFormField(forms.CharField):
    """Read "DE, AT" as ["DE", "AT"], once each, in order."""

    def prepare_value(self, value):
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        if isinstance(value, list):
            return value
        return list(dict.fromkeys((value or "").replace(",", " ").split()))

    def has_changed(self, initial, data):
        return self.to_python(initial) != self.to_python(data)


class CodesField(models.JSONField):
    """A list of codes such as countries or languages, in order."""

    def formfield(self, **kwargs):
        return super(models.JSONField, self).formfield(**{"form_class": CodesFormField, **kwargs})
