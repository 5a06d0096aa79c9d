"""The account that transfers go to, and the transfers that are awaited."""

from dataclasses import dataclass

from storefront.payments.models import BankTransferSetup, Payment


@dataclass(frozen=True)
class TransferDetails:
    """What a customer's bank asks for. Texts are empty where the merchant gave none."""

    account_holder: str
    iban: str
    bic: str
    bank_name: str
    other_lines: list[str]
    reference: str


def offers_transfer(currency: str) -> bool:
    """Say whether an order in this currency can be paid by bank transfer."""
    return BankTransferSetup.load().takes(currency)


def transfer_details(payment: Payment) -> TransferDetails | None:
    """Return where to send the money of an awaited transfer; None for every other payment."""
    if not (payment.is_transfer and payment.is_awaiting):
        return None
    setup = BankTransferSetup.load()
    return TransferDetails(
        account_holder=setup.account_holder,
        iban=setup.iban,
        bic=setup.bic,
        bank_name=setup.bank_name,
        other_lines=setup.other_details.splitlines(),
        reference=payment.order.number,
    )
