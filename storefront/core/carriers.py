"""Carriers whose page about a parcel is known: their names, and the addresses that take the parcel's number."""

from urllib.parse import quote, urlsplit

# Only addresses of the carrier's own that take the number alone, by https. None such is known of SF Express.
TRACKING_ADDRESSES = {
    "DHL": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "DHL Paket": "https://www.dhl.de/de/privatkunden/dhl-sendungsverfolgung.html?piececode={}",
    "UPS": "https://www.ups.com/track?tracknum={}",
    "FedEx": "https://www.fedex.com/fedextrack/?trknbr={}",
    "USPS": "https://tools.usps.com/go/TrackConfirmAction?tLabels={}",
    "Royal Mail": "https://www.royalmail.com/track-your-item#/tracking-results/{}",
    "DPD": "https://tracking.dpd.de/status/en_US/parcel/{}",
    "DPD UK": "https://track.dpd.co.uk/parcels/{}",
    "GLS": "https://gls-group.com/GROUP/en/parcel-tracking?match={}",
    "Hermes": "https://www.myhermes.de/empfangen/sendungsverfolgung/sendungsinformation/#{}",
    "Evri": "https://www.evri.com/track/parcel/{}",
    "La Poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "Colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "Correos": "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={}",
    "Poste Italiane": "https://www.poste.it/cerca/index.html#/risultati-spedizioni/{}",
    "YunExpress": "https://www.yuntrack.com/parcelTracking?id={}",
    "4PX": "https://track.4px.com/#/result/0/{}",
}
CARRIERS = (*TRACKING_ADDRESSES, "SF Express")

_NAMES = {name.casefold(): name for name in CARRIERS}


def carrier_name(typed: str) -> str:
    """Return a carrier's name as it writes it itself, where it is one of the list; else as it was typed."""
    plain = " ".join(typed.split())
    return _NAMES.get(plain.casefold(), plain)


def tracking_address(*, carrier: str, number: str) -> str:
    """Return where the carrier shows a parcel; nothing without a number or for a carrier whose page is not known."""
    template = TRACKING_ADDRESSES.get(carrier)
    return template.format(quote("".join(number.split()), safe="")) if template and number else ""


def host_of(address: str) -> str:
    """Return whose site an address leads to, such as www.dhl.com."""
    return urlsplit(address).hostname or ""
