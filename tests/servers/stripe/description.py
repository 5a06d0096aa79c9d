"""Check requests against Stripe's published description of its API (OpenAPI), when a copy lies beside the project.

The newest copy at hand is of API 2023-08-16, so what Stripe has added since is allowed by name: see `NEWER`.
Standard library only. Bodies are decoded by `forms`; the schemas use type, enum, anyOf, properties, items, maxLength.
"""

import functools
import json
import pathlib
import re
from collections.abc import Iterable, Iterator
from typing import Any

from .forms import decode_form

FILE = pathlib.Path(__file__).resolve().parents[4] / "shared" / "data" / "stripe" / "spec3.json"
# What is younger than the copy, as (path, problem): each is in the types of stripe-python 16.
NEWER: frozenset[tuple[str, str]] = frozenset(
    {
        ("/v1/checkout/sessions", ".adaptive_pricing: unknown"),
        ("/v1/checkout/sessions", ".created: unknown"),
        ("/v1/checkout/sessions", ".payment_method_options.card.capture_method: unknown"),
        ("/v1/checkout/sessions", ".payment_method_options.klarna.capture_method: unknown"),
        ("/v1/checkout/sessions", ".payment_method_options.link.capture_method: unknown"),
        ("/v1/customer_sessions", "Stripe's description has no POST /v1/customer_sessions"),
        ("/v1/radar/early_fraud_warnings", ".created: unknown"),
        ("/v1/tax/calculations", ".ship_from_details: unknown"),
    }
)


class Description:
    """Every operation of the description, and whether a request fits one."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec
        self._routes = sorted(
            (
                (re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(path))), path)
                for path in spec["paths"]
            ),
            key=lambda route: route[1].count("{"),
        )

    def check(self, *, method: str, path: str, text: str) -> list[str]:
        """Return what is wrong with a request, its body or query still encoded; nothing when it fits."""
        operation = next(
            (
                self._spec["paths"][known][method.lower()]
                for pattern, known in self._routes
                if pattern.fullmatch(path) and method.lower() in self._spec["paths"][known]
            ),
            None,
        )
        if operation is None:
            return self._older_than(path, [f"Stripe's description has no {method} {path}"])
        if method == "POST":
            content = operation.get("requestBody", {}).get("content", {})
            schema = content.get("application/x-www-form-urlencoded", {}).get("schema", {})
        else:
            given = [p for p in operation.get("parameters", []) if p["in"] == "query"]
            schema = {
                "type": "object",
                "properties": {p["name"]: p["schema"] for p in given},
                "required": [p["name"] for p in given if p.get("required")],
            }
        return self._older_than(path, self._problems(decode_form(text), schema, where=""))

    def _older_than(self, path: str, problems: Iterable[str]) -> list[str]:
        return [problem for problem in problems if (path, problem) not in NEWER][:6]

    def _problems(self, value: Any, schema: dict[str, Any], *, where: str) -> Iterator[str]:
        schema = self._resolve(schema)
        choices = schema.get("anyOf")
        if choices:
            found = [list(self._problems(value, choice, where=where)) for choice in choices]
            if all(found):
                yield from min(found, key=len)
            return
        wanted = schema.get("type")
        if wanted == "object":
            yield from self._object(value, schema, where=where)
        elif wanted == "array":
            if not isinstance(value, list):
                if value != "":
                    yield f"{where}: not a list"
                return
            for number, item in enumerate(value):
                yield from self._problems(item, schema.get("items", {}), where=f"{where}[{number}]")
        elif wanted:
            yield from self._scalar(value, schema, where=where)

    def _object(self, value: Any, schema: dict[str, Any], *, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: not a set of values"
            return
        known, rest = schema.get("properties", {}), schema.get("additionalProperties")
        for name in schema.get("required", []):
            if name not in value:
                yield f"{where}.{name}: missing"
        for name, item in value.items():
            if name in known:
                yield from self._problems(item, known[name], where=f"{where}.{name}")
            elif isinstance(rest, dict):
                yield from self._problems(item, rest, where=f"{where}.{name}")
            elif known:
                yield f"{where}.{name}: unknown"

    def _scalar(self, value: Any, schema: dict[str, Any], *, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{where}: not a single value"
        elif schema["type"] == "integer" and not re.fullmatch(r"-?\d+", value):
            yield f"{where}: not a whole number"
        elif schema["type"] == "number" and not re.fullmatch(r"-?\d+(\.\d+)?", value):
            yield f"{where}: not a number"
        elif schema["type"] == "boolean" and value not in ("true", "false"):
            yield f"{where}: neither true nor false"
        elif "enum" in schema and value not in schema["enum"]:
            yield f"{where}: {value!r} is none of {', '.join(schema['enum'])}"
        elif len(value) > schema.get("maxLength", len(value)):
            yield f"{where}: longer than {schema['maxLength']}"

    def _resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in schema:
            found: Any = self._spec
            for part in schema["$ref"].lstrip("#/").split("/"):
                found = found[part]
            schema = found
        return schema


@functools.cache
def load_description() -> Description | None:
    """Return the description, read once; None where no copy lies beside the project."""
    return Description(json.loads(FILE.read_text())) if FILE.exists() else None
