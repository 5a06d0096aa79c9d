"""The forms of the subsidies' back office; their words come with the trade's, in the reader's language."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db.models import Q

from storefront.subsidies import workflow
from storefront.subsidies.models import Call, LegalEntity, Site
from storefront.subsidies.speech import say


class WordedForm(forms.Form):
    """A form whose labels and helps are the words `field.NAME` and `help.NAME`, or another word by `words`."""

    helps: tuple[str, ...] = ()
    words: dict[str, str] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            word = self.words.get(name, name)
            field.label = say(f"field.{word}")
            if name in self.helps:
                field.help_text = say(f"help.{word}")


class StartForm(WordedForm):
    """Which call, which company, which shop: a project in one form, companies and shops created on the way."""

    helps = ("call", "entity", "name_zh", "registration_number", "group", "domain", "first_live_on")

    call = forms.ModelChoiceField(queryset=Call.objects.all())
    title = forms.CharField(max_length=200)
    entity = forms.ModelChoiceField(queryset=LegalEntity.objects.all(), required=False)
    name_zh = forms.CharField(max_length=200, required=False)
    name_en = forms.CharField(max_length=200, required=False)
    registration_number = forms.CharField(max_length=40, required=False)
    group = forms.SlugField(max_length=40, required=False)
    domain = forms.CharField(max_length=200)
    first_live_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_domain(self) -> str:
        """Take a pasted address for the domain it names."""
        text = self.cleaned_data["domain"].strip().lower()
        domain = text.removeprefix("https://").removeprefix("http://").split("/")[0].removeprefix("www.")
        if "." not in domain or " " in domain:
            raise ValidationError(say("error.domain"))
        return domain

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("entity"):
            for name in ("name_zh", "registration_number"):
                if not data.get(name):
                    self.add_error(name, say("error.company"))
            if LegalEntity.objects.filter(
                registration_number=data.get("registration_number") or "-"
            ).exists():
                self.add_error("registration_number", say("error.company_known"))
        return data

    def company(self) -> LegalEntity:
        """Return the company chosen, or create the one described."""
        data = self.cleaned_data
        if data["entity"]:
            return data["entity"]
        return LegalEntity.objects.create(
            name_zh=data["name_zh"],
            name_en=data["name_en"],
            registration_number=data["registration_number"],
            group=data["group"] or f"group-{data['registration_number'].lower()}",
        )

    def shop(self, owner: LegalEntity) -> Site:
        """Return the shop of that domain; a new one belongs to `owner`."""
        first_live_on: date | None = self.cleaned_data["first_live_on"]
        site, _ = Site.objects.get_or_create(
            domain=self.cleaned_data["domain"], defaults={"owner": owner, "first_live_on": first_live_on}
        )
        return site


class MemberForm(WordedForm):
    """Give somebody of the staff a role."""

    user = forms.ModelChoiceField(queryset=None)
    role = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        may_see = Q(
            groups__permissions__content_type__app_label="subsidies",
            groups__permissions__codename="view_project",
        )
        staff = get_user_model().objects.filter(Q(is_superuser=True) | may_see, is_active=True)
        self.fields["user"].queryset = staff.distinct()
        self.fields["role"].choices = [(role, say(f"role.{role}")) for role in workflow.ROLES]


class UploadForm(WordedForm):
    """A file for the evidence, with what an auditor asks of every paper."""

    file = forms.FileField()
    issue_date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    is_copy = forms.BooleanField(required=False)
    is_sealed = forms.BooleanField(required=False)


class NoticeForm(WordedForm):
    """The call's live notice."""

    file = forms.FileField()
    issue_date = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


class MoveForm(WordedForm):
    """What a move may ask for."""

    reason = forms.CharField(required=False, max_length=500)
    file = forms.FileField(required=False)
    amount = forms.DecimalField(required=False, max_digits=14, decimal_places=2, min_value=Decimal("0.01"))
