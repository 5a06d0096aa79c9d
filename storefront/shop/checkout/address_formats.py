"""What an address is called in the countries we know well; all others get the general words."""

from dataclasses import asdict, dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_POSTCODE, _CITY, _LINE1 = _("Postcode"), _("City"), _("Street and number")


@dataclass(frozen=True)
class AddressFormat:
    """The labels of a country's address. An empty `state` means that its addresses have none."""

    postcode: str | Promise = _POSTCODE
    city: str | Promise = _CITY
    line1: str | Promise = _LINE1
    state: str | Promise = ""
    is_state_required: bool = False

    def as_json(self) -> dict[str, str | bool]:
        """Return the labels in the shopper's language, for the page's script."""
        return {key: value if isinstance(value, bool) else str(value) for key, value in asdict(self).items()}


GENERAL = AddressFormat()
ADDRESS_FORMATS = {
    "US": AddressFormat(
        postcode=_("ZIP code"), line1=_("Street address"), state=_("State"), is_state_required=True
    ),
    "GB": AddressFormat(city=_("Town or city"), line1=_("Address line 1")),
    "IT": AddressFormat(state=_("Province")),
    "ES": AddressFormat(state=_("Province")),
    "JP": AddressFormat(
        city=_("City or ward"), line1=_("Area and building"), state=_("Prefecture"), is_state_required=True
    ),
}


_STATES = (
    "AL Alabama;AK Alaska;AZ Arizona;AR Arkansas;CA California;CO Colorado;CT Connecticut;DE Delaware;"
    "DC District of Columbia;FL Florida;GA Georgia;HI Hawaii;ID Idaho;IL Illinois;IN Indiana;IA Iowa;KS Kansas;"
    "KY Kentucky;LA Louisiana;ME Maine;MD Maryland;MA Massachusetts;MI Michigan;MN Minnesota;MS Mississippi;"
    "MO Missouri;MT Montana;NE Nebraska;NV Nevada;NH New Hampshire;NJ New Jersey;NM New Mexico;NY New York;"
    "NC North Carolina;ND North Dakota;OH Ohio;OK Oklahoma;OR Oregon;PA Pennsylvania;RI Rhode Island;"
    "SC South Carolina;SD South Dakota;TN Tennessee;TX Texas;UT Utah;VT Vermont;VA Virginia;WA Washington;"
    "WV West Virginia;WI Wisconsin;WY Wyoming;AS American Samoa;GU Guam;MP Northern Mariana Islands;PR Puerto Rico;"
    "VI U.S. Virgin Islands;AA Armed Forces Americas;AE Armed Forces Europe;AP Armed Forces Pacific"
)
_STATE_CODES = {
    spelling.casefold(): state[:2] for state in _STATES.split(";") for spelling in (state[:2], state[3:])
}


def state_code(*, country: str, typed: str) -> str:
    """Return a state as tax is assessed for it: two letters in the US, empty for one unknown; else what was typed."""
    if country != "US":
        return typed
    return _STATE_CODES.get(" ".join(typed.replace(".", "").split()).casefold(), "")


def address_format(country_code: str) -> AddressFormat:
    """Return the labels for a country (ISO 3166-1 alpha-2)."""
    return ADDRESS_FORMATS.get(country_code, GENERAL)
