"""Requests checked against Stripe's published description, where a copy of it lies beside the project."""

import pytest

from tests.servers.stripe.description import FILE, Description, load_description

TINY = {
    "paths": {
        "/v1/refunds": {
            "post": {
                "requestBody": {
                    "content": {
                        "application/x-www-form-urlencoded": {
                            "schema": {
                                "type": "object",
                                "required": ["amount"],
                                "properties": {
                                    "amount": {"type": "integer"},
                                    "reason": {"type": "string", "enum": ["duplicate"], "maxLength": 20},
                                    "metadata": {
                                        "anyOf": [
                                            {"type": "object", "additionalProperties": {"type": "string"}},
                                            {"type": "string", "enum": [""]},
                                        ]
                                    },
                                    "expand": {"type": "array", "items": {"type": "string"}},
                                },
                            }
                        }
                    }
                }
            }
        }
    }
}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("amount=5&metadata[order]=SK-1&expand[0]=charge", None),
        ("amount=5&metadata=", None),
        ("amount=five", ".amount: not a whole number"),
        ("reason=duplicate", ".amount: missing"),
        ("amount=5&reason=because", ".reason: 'because' is none of duplicate"),
        ("amount=5&colour=red", ".colour: unknown"),
        ("amount=5&expand=charge", ".expand: not a list"),
        ("amount=5&metadata[order][number]=1", ".metadata.order: not a single value"),
    ],
)
def test_wrong_requests_are_named(text, problem):
    found = Description(TINY).check(method="POST", path="/v1/refunds", text=text)
    assert found == ([problem] if problem else [])


def test_call_that_stripe_does_not_have_is_named():
    assert Description(TINY).check(method="GET", path="/v1/refund", text="") == [
        "Stripe's description has no GET /v1/refund"
    ]


def test_copy_beside_the_project_is_read():
    """Where the copy is, as on the machines that build releases, it is used; nobody else needs it."""
    description = load_description()
    assert (description is not None) == FILE.exists()
    if description:
        assert description.check(method="POST", path="/v1/refunds", text="amount=5&colour=red") == [
            ".colour: unknown"
        ]
