"""Why an account cannot be erased now."""

from storefront.core.errors import StorefrontError


class ErasureError(StorefrontError):
    """The account stays as it is; the text says what to do."""
