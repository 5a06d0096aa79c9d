"""What is asked for, what was granted and what arrived: how the claim is reckoned, and the form that sets it."""

from decimal import Decimal
from typing import Any

from django import forms

from storefront.subsidies.award import Award
from storefront.subsidies.back_office.forms import WordedForm
from storefront.subsidies.back_office.pages import ProjectPage, valid
from storefront.subsidies.selectors.snapshots import latest_figures
from storefront.subsidies.services.claims import award_of, set_claim
from storefront.subsidies.speech import say
from storefront.subsidies.templatetags.subsidies_words import yuan

SCORED = "score_band"


class ScoreForm(WordedForm):
    """What a call that pays by points asks beside the ledger."""

    score = forms.DecimalField(required=False, min_value=Decimal(0), max_digits=6, decimal_places=2)
    paid_before = forms.DecimalField(
        required=False, min_value=Decimal(0), max_digits=14, decimal_places=2, initial=Decimal(0)
    )


class ClaimForm(WordedForm):
    """The sum that is claimed."""

    helps = ("claim",)

    claim = forms.DecimalField(min_value=Decimal(0), max_digits=14, decimal_places=2)


class ClaimPage(ProjectPage):
    """Claimed, approved, received, and what the call would pay for the ledger."""

    url_name = "subsidies_claim"
    template_name = "subsidies/admin/claim.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        score_form = ScoreForm(self.request.GET or None, auto_id=False)
        award = self._award(score_form.cleaned_data if score_form.is_valid() else {})
        receipts = list(self.project.receipts.select_related("bank_slip", "recorded_by"))
        received = sum((one.amount for one in receipts), Decimal(0))
        return super().get_context_data(
            award=award,
            steps=[(say(f"award.{name}"), value) for name, value in award.steps] if award else [],
            score_form=score_form if self._is_scored else None,
            form=ClaimForm(
                auto_id=False, initial={"claim": self.project.claimed or (award and award.amount)}
            ),
            receipts=receipts,
            received=received,
            outstanding=self.project.approved - received if self.project.approved is not None else None,
            **kwargs,
        )

    def act(self) -> str:
        amount = valid(ClaimForm(self.request.POST))["claim"]
        score = valid(ScoreForm(self.request.POST)) if self._is_scored else {}
        award = self._award(score)
        most = award.amount if award else None
        set_claim(project=self.project, amount=amount, most=most, by=self.request.user, now=self.now)
        return say("done.claim_set", amount=yuan(amount))

    @property
    def _is_scored(self) -> bool:
        return self.project.call.award.get("method") == SCORED

    def _award(self, entered: dict[str, Any]) -> Award | None:
        figures = latest_figures(self.project)
        kpis = {code: one.value for code, one in figures.items() if isinstance(one.value, Decimal)}
        return award_of(
            self.project,
            kpis=kpis,
            score=entered.get("score"),
            paid_before=entered.get("paid_before") or Decimal(0),
        )
