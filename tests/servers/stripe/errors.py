"""The errors the stand-in answers, in Stripe's envelope."""

from typing import Any


class ApiError(Exception):
    """An answer other than 2xx.

    `kept` says whether an idempotency key remembers it: Stripe saves an answer once the endpoint began to
    work, and saves nothing when the parameters failed validation (docs.stripe.com/api/idempotent_requests).
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        kept: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kept = kept
        self.body: dict[str, Any] = {"type": type, "message": message}
        if code:
            self.body["code"] = code
        if code and not code.startswith("standin_"):
            self.body["doc_url"] = f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"
        if param:
            self.body["param"] = param
        self.body.update({name: value for name, value in more.items() if value is not None})

    def envelope(self) -> dict[str, Any]:
        """Return the JSON body Stripe would send."""
        return {"error": self.body}


def missing_resource(kind: str, identifier: str, *, param: str = "id", status: int = 404) -> ApiError:
    """Return the error for an id which does not exist; 404 in the path, 400 when it came as a parameter."""
    words = "PaymentMethod" if kind == "payment_method" else kind
    return ApiError(
        f"No such {words}: '{identifier}'", status=status, code="resource_missing", param=param, kept=True
    )


def unexpected_state(message: str, *, intent: dict[str, Any]) -> ApiError:
    """Return the error for an act which the state of a payment intent does not allow."""
    return ApiError(message, code="payment_intent_unexpected_state", payment_intent=intent, kept=True)


def not_served(what: str) -> ApiError:
    """Return the error for anything Stripe may do and the stand-in does not."""
    return ApiError(f"the stand-in does not serve {what}", status=404, code="standin_not_served")
