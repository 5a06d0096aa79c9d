from tests.payments.conftest import shopper, standin  # noqa: F401
