"""Amazon's marketplaces: identifier, currency, language and notation of numbers."""

from dataclasses import dataclass

from catalog_import.errors import UnknownMarketplace


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One Amazon country; `fulfilment_region` is the suffix of its AMAZON_… channel code, empty where unsure."""

    code: str
    id: str
    currency: str
    language: str
    decimal_mark: str
    fulfilment_region: str

    @property
    def country(self) -> str:
        """Return the country's ISO code: Amazon says UK, ISO says GB."""
        return "GB" if self.code == "uk" else self.code.upper()


# Marketplace IDs: Selling Partner API documentation, "Marketplace IDs".
_TABLE = """
us ATVPDKIKX0DER  USD en . NA
ca A2EUQ1WTGCTBG2 CAD en . NA
mx A1AM78C64UM0Y8 MXN es . NA
br A2Q3Y263D00KWC BRL pt , NA
uk A1F83G8C2ARO7P GBP en . EU
de A1PA6795UKMFR9 EUR de , EU
fr A13V1IB3VIYZZH EUR fr , EU
it APJ6JRA9NG5V4  EUR it , EU
es A1RKKUPIHCS9HS EUR es , EU
nl A1805IZSGTT6HS EUR nl , EU
se A2NODRKZP88ZB9 SEK sv , EU
pl A1C3SOZRARQ6R3 PLN pl , EU
be AMEN7PMS3EDWL  EUR fr , EU
ie A28R8C7NBKEWEA EUR en . EU
tr A33AVAJ2PDY3EV TRY tr , -
ae A2VIGQ35RCS4UG AED en . -
sa A17E79C6D8DWNP SAR ar . -
eg ARBP9OOSHTCHU  EGP ar . -
za AE08WJ6YKNBMC  ZAR en . -
in A21TJRUUN4KGV  INR en . -
jp A1VC38T7YXB528 JPY ja . JP
sg A19VAU5U5O7RUS SGD en . -
au A39IBJ37TRP1C6 AUD en . -
"""
MARKETPLACES = {
    code: Marketplace(code, id_, currency, language, mark, region.strip("-"))
    for code, id_, currency, language, mark, region in (line.split() for line in _TABLE.strip().splitlines())
}
MARKETPLACE_BY_ID = {marketplace.id: marketplace for marketplace in MARKETPLACES.values()}


def find_marketplace(code: str) -> Marketplace:
    """Return the marketplace of an Amazon country code such as `us`; raise UnknownMarketplace."""
    try:
        return MARKETPLACES[code.strip().casefold()]
    except KeyError:
        raise UnknownMarketplace(
            f"'{code}' is not an Amazon marketplace. Choose one of: {', '.join(MARKETPLACES)}."
        ) from None
