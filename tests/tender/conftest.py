from tests.back_office.conftest import count_queries, customer, manager, owner, packer  # noqa: F401
from tests.payments.conftest import moment, shopper, standin  # noqa: F401
