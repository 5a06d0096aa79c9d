"""Read Stripe's form bodies: bracketed keys into nested values, and strings into the type a parameter has."""

import re
import urllib.parse
from typing import Any

from .errors import ApiError

_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
MAXIMUM_DEPTH = 12


def decode_form(text: str) -> dict[str, Any]:
    """Return `a[b][0]=c` as {"a": {"b": ["c"]}}; values stay strings.

    Raises ApiError for a key that cannot be read or is given twice.
    """
    root: dict[str, Any] = {}
    for key, value in urllib.parse.parse_qsl(text, keep_blank_values=True, max_num_fields=2000):
        match = _KEY.fullmatch(key)
        parts = re.findall(r"\[([^\[\]]*)\]", match.group(2)) if match else []
        if match is None or len(parts) > MAXIMUM_DEPTH:
            raise ApiError(f"Invalid request: the parameter name {key!r} cannot be read.", param=key)
        node = root
        path = [match.group(1), *parts]
        for part in path[:-1]:
            node = node.setdefault(part or str(len(node)), {})
            if not isinstance(node, dict):
                raise ApiError(f"Invalid request: {key} is both a value and a set of values.", param=key)
        last = path[-1] or str(len(node))
        if last in node:
            raise ApiError(f"Invalid request: {key} is given twice.", param=key)
        node[last] = value
    return {key: _as_lists(value) for key, value in root.items()}


def _as_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    read = {key: _as_lists(item) for key, item in value.items()}
    if read and set(read) == {str(number) for number in range(len(read))}:
        return [read[str(number)] for number in range(len(read))]
    return read


class Params:
    """The parameters of one request, read by name and type; errors carry Stripe's codes."""

    def __init__(self, values: dict[str, Any], *, allowed: frozenset[str]) -> None:
        self.values = values
        for name in values:
            if name not in allowed:
                raise ApiError(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def require(self, name: str) -> None:
        """Raise parameter_missing unless the parameter is there and not empty."""
        if self.values.get(name) in (None, ""):
            raise ApiError(f"Missing required param: {name}.", code="parameter_missing", param=name)

    def text(self, name: str) -> str | None:
        """Return a string, None when absent or sent empty (which is how Stripe unsets a field)."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise ApiError(f"Invalid string: {value!r}", code="parameter_invalid_string", param=name)
        if len(value) > 5000:
            raise ApiError(f"Invalid string: {name} is too long.", param=name)
        return value

    def integer(self, name: str) -> int | None:
        """Return a whole number, None when absent."""
        value = self.values.get(name)
        return None if value is None else read_integer(value, param=name)

    def flag(self, name: str) -> bool:
        """Return a boolean, False when absent."""
        return read_flag(self.values.get(name, "false"), param=name)

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """Return one of the choices, None when absent."""
        value = self.text(name)
        if value is not None and value not in choices:
            listed = ", ".join(choices[:-1]) + f", or {choices[-1]}" if len(choices) > 1 else choices[0]
            raise ApiError(f"Invalid {name}: must be one of {listed}", param=name)
        return value

    def mapping(self, name: str) -> dict[str, Any] | None:
        """Return a nested object, None when absent or unset with an empty string."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, dict):
            raise ApiError(f"Invalid object: {name}", code="parameter_invalid_object", param=name)
        return value

    def strings(self, name: str) -> list[str]:
        """Return a list of strings, empty when absent."""
        value = self.values.get(name)
        if value is None or value == "":
            return []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise ApiError(f"Invalid array: {name}", param=name)
        return value

    def metadata(self, current: dict[str, str]) -> dict[str, str]:
        """Return metadata after a change: keys merge, an empty value removes its key, '' removes all.

        Limits are Stripe's: 50 keys, names of 40 and values of 500 characters.
        """
        if "metadata" not in self.values:
            return dict(current)
        if self.values["metadata"] == "":
            return {}
        merged = dict(current)
        for key, value in (self.mapping("metadata") or {}).items():
            if not isinstance(value, str) or len(key) > 40 or len(value) > 500:
                raise ApiError(
                    "Metadata values can have up to 500 characters, keys up to 40; neither is nested.",
                    param=f"metadata[{key}]",
                )
            if value == "":
                merged.pop(key, None)
            else:
                merged[key] = value
        if len(merged) > 50:
            raise ApiError("Metadata can have up to 50 keys.", param="metadata")
        return merged


def read_integer(value: Any, *, param: str) -> int:
    """Return the whole number a parameter says."""
    if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value):
        raise ApiError(f"Invalid integer: {value}", code="parameter_invalid_integer", param=param)
    return int(value)


def read_flag(value: Any, *, param: str) -> bool:
    """Return the boolean a parameter says."""
    if value not in ("true", "false"):
        raise ApiError(f"Invalid boolean: {value}", param=param)
    return bool(value == "true")
