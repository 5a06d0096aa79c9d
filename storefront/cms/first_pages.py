"""The texts a new shop starts with: enough to see every page, little enough to be replaced."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


@dataclass(frozen=True)
class PageText:
    """One content page: paragraphs and headings as HTML, and whether counsel must read it first."""

    slug: str
    title: str
    intro: str
    html: str
    awaits_review: bool = False
    legal_kind: str = ""
    in_eu_only: bool = False


def first_page_texts(*, shop_name: str) -> list[PageText]:
    """Return the content pages of a new shop, in menu order, in the active language."""
    return [
        _about(shop_name),
        _delivery(),
        _privacy(),
        _terms(),
        _imprint(),
        _withdrawal(),
        _accessibility(shop_name),
    ]


def _about(shop_name: str) -> PageText:
    return PageText(
        slug=pgettext("address of a page", "about-us"),
        title=_("About us"),
        intro=_("Who makes these products, and who answers when you write."),
        html=_paragraphs(
            _(
                "%(shop_name)s sells what it makes. Tell your visitors who you are, where you work and since when."
            )
            % {"shop_name": shop_name},
            _(
                "Write as you would speak to a customer. A photograph of the workshop says more than an adjective."
            ),
        ),
    )


def _delivery() -> PageText:
    return PageText(
        slug=pgettext("address of a page", "delivery-and-returns"),
        title=_("Delivery and returns"),
        intro=_("What delivery costs, how long it takes, and how to send something back."),
        html=_sections(
            (_("Delivery"), _("State the countries you deliver to, the cost and the days for each of them.")),
            (
                _("Returns"),
                _("State how long a customer may return goods, who pays the postage and the address."),
            ),
            (
                _("Faulty goods"),
                _("State whom to write to and what you need to know. Legal rights stay as they are."),
            ),
        ),
    )


def _privacy() -> PageText:
    return PageText(
        slug=pgettext("address of a page", "privacy"),
        title=_("Privacy"),
        intro=_("Which personal data this shop keeps, why, and for how long."),
        html=_sections(
            (_("Who is responsible"), _("Name, postal address and email address of the company.")),
            (
                _("Orders"),
                _("Name, addresses, email address and the goods ordered: needed to fulfil the contract."),
            ),
            (_("Payment"), _("Card data goes to Stripe directly and is never stored by this shop.")),
            (_("Cookies"), _("This shop sets cookies for the basket, the session and the language only.")),
            (
                _("How long"),
                _("State the periods the law asks you to keep invoices for, and when you delete the rest."),
            ),
            (_("Your rights"), _("Access, correction, deletion, objection, and complaint to an authority.")),
        ),
        awaits_review=True,
        legal_kind="privacy",
    )


def _terms() -> PageText:
    return PageText(
        slug=pgettext("address of a page", "terms"),
        title=_("Terms"),
        intro=_("The conditions under which this shop sells."),
        html=_sections(
            (_("Who sells"), _("Name, legal form, address and register number of the seller.")),
            (
                _("How a contract is made"),
                _("State when an order becomes a contract and how it is confirmed."),
            ),
            (_("Prices and payment"), _("State whether prices include tax and when the amount is taken.")),
            (
                _("Right of withdrawal"),
                _("State the period, how to withdraw, and the model withdrawal form."),
            ),
            (_("Guarantee and liability"), _("State the legal rights and what you promise beyond them.")),
            (
                _("Law and disputes"),
                _("State the applicable law and whether you take part in dispute resolution."),
            ),
        ),
        awaits_review=True,
        legal_kind="terms",
    )


def _imprint() -> PageText:
    return PageText(
        slug=pgettext("address of a page", "imprint"),
        title=_("Imprint"),
        intro=_("Who runs this shop."),
        html=_sections(
            (_("Company"), _("Name, legal form, postal address, persons authorised to represent it.")),
            (_("Contact"), _("Email address and telephone number.")),
            (
                pgettext("list of companies", "Register"),
                _("Register court and number, VAT identification number."),
            ),
            (_("Product safety"), _("Manufacturer, and the responsible person in the European Union.")),
        ),
        awaits_review=True,
        legal_kind="imprint",
    )


def _withdrawal() -> PageText:
    return PageText(
        slug=pgettext("address of a page", "right-of-withdrawal"),
        title=_("Right of withdrawal"),
        intro=_("For consumers in the European Union: 14 days, without giving a reason."),
        html=_sections(
            (
                _("The right"),
                _(
                    "State that the contract can be withdrawn from within 14 days of the day the last of the goods"
                    " arrived, without a reason (model instructions: Directive 2011/83/EU, Annex I A)."
                ),
            ),
            (
                _("How to withdraw"),
                _(
                    "Use the function “Withdraw from contract here” at the foot of every page, or tell us in any other"
                    " clear way. Name the postal address and the email address."
                ),
            ),
            (
                _("What follows"),
                _("State who pays for sending the goods back, to which address, and when you refund."),
            ),
            (
                _("What cannot be returned"),
                _(
                    "Name the exceptions that apply to your goods, such as sealed goods for reasons of health"
                    " (Art. 16)."
                ),
            ),
            (
                _("Model withdrawal form"),
                _(
                    "To: name, address, email. I hereby withdraw from the contract for these goods: … Ordered on:"
                    " … Received on: … Name: … Address: … Date: …"
                ),
            ),
        ),
        awaits_review=True,
        legal_kind="withdrawal",
        in_eu_only=True,
    )


def _accessibility(shop_name: str) -> PageText:
    return PageText(
        slug=pgettext("address of a page", "accessibility"),
        title=_("Accessibility"),
        intro=_("How far this shop can be used by everybody, and whom to tell where it cannot."),
        html=_sections(
            (
                _("The standard"),
                _(
                    "%(shop_name)s means to meet the Web Content Accessibility Guidelines 2.2, level AA. State since"
                    " when and how you checked it."
                )
                % {"shop_name": shop_name},
            ),
            (_("What does not work yet"), _("Name each part, why it is so, and by when it will work.")),
            (
                _("Tell us"),
                _(
                    "Email address and telephone number for whoever meets an obstacle. We answer in two weeks."
                ),
            ),
            (_("Authority"), _("Name the market surveillance authority of the country you sell in.")),
        ),
        awaits_review=True,
        legal_kind="accessibility",
        in_eu_only=True,
    )


def _paragraphs(*paragraphs: str) -> str:
    return "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _sections(*sections: tuple[str, str]) -> str:
    return "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in sections)
