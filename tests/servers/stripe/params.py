"""Check requests against the parameter types of the installed stripe package; for tests only.

Stripe generates stripe-python from its own description of the API, so its types are those of one version.
They say nothing of lengths and ranges. Needs stripe and pydantic, which the rest of the stand-in does not.
"""

import ast
import functools
import importlib
import pathlib
import re
import sys
import types
import typing
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pydantic
import stripe
import typing_extensions

from .forms import decode_form

_ROOT = pathlib.Path(stripe.__file__).parent


@dataclass(frozen=True)
class Operation:
    """One call of the client: its address and the class of its parameters."""

    method: str
    path: str
    module: str | None
    params: str | None

    @property
    def pattern(self) -> re.Pattern[str]:
        """The address as a pattern."""
        return re.compile(re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(self.path)))


class Checker:
    """Every operation of the client, and whether a request fits one."""

    def __init__(self) -> None:
        found = sorted(_read_operations(), key=lambda operation: operation.path.count("{"))
        self._operations = [(operation.pattern, operation) for operation in found]
        self._adapters: dict[str, pydantic.TypeAdapter[Any]] = {}
        self._closed: set[type] = set()

    def check(self, *, method: str, path: str, text: str) -> list[str]:
        """Return what is wrong with a request, its body or query still encoded; nothing when it fits."""
        for pattern, operation in self._operations:
            if operation.method == method and pattern.fullmatch(path):
                break
        else:
            return [f"stripe {stripe.VERSION} has no such call"]
        values = decode_form(text)
        if operation.params is None or operation.module is None:
            return ["this call takes no parameters"] if values else []
        try:
            self._adapter(operation.module, operation.params).validate_python(values)
        except pydantic.ValidationError as error:
            return [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()[:6]]
        return []

    def _adapter(self, module: str, name: str) -> pydantic.TypeAdapter[Any]:
        if name not in self._adapters:
            params = getattr(importlib.import_module(module), name)
            self._close(params)
            self._adapters[name] = pydantic.TypeAdapter(params)
        return self._adapters[name]

    def _close(self, params: Any) -> None:
        """Let a typed dictionary, and those inside it, take no other keys than its own."""
        if params in self._closed:
            return
        self._closed.add(params)
        params.__pydantic_config__ = pydantic.ConfigDict(extra="forbid")
        names = {**vars(typing), **vars(sys.modules[params.__module__]), "StripeContext": Any}
        hints = typing_extensions.get_type_hints(params, globalns=names, localns=names, include_extras=True)
        params.__annotations__ = {name: _narrow(hint) for name, hint in hints.items()}
        for hint in hints.values():
            self._close_inside(hint)

    def _close_inside(self, hint: Any) -> None:
        if typing_extensions.is_typeddict(hint):
            self._close(hint)
        for argument in typing.get_args(hint):
            if not isinstance(argument, str):
                self._close_inside(argument)


@functools.cache
def load_checker() -> Checker:
    """Return the checker, read once: it takes most of a second."""
    return Checker()


def _read_operations() -> Iterator[Operation]:
    for file in sorted(_ROOT.rglob("*_service.py")):
        tree = ast.parse(file.read_text())
        imported = {
            alias.asname or alias.name: node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module and ".params" in node.module
            for alias in node.names
        }
        for service in (node for node in tree.body if isinstance(node, ast.ClassDef)):
            for function in (node for node in service.body if isinstance(node, ast.FunctionDef)):
                operation = _read_operation(function, imported)
                if operation:
                    yield operation


def _read_operation(function: ast.FunctionDef, imported: dict[str, str]) -> Operation | None:
    calls = (node for node in ast.walk(function) if isinstance(node, ast.Call))
    call = next((call for call in calls if getattr(call.func, "attr", "") == "_request"), None)
    if call is None or len(call.args) < 2 or not isinstance(call.args[0], ast.Constant):
        return None
    path = call.args[1]
    if isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute):  # "/v1/…/{id}".format(…)
        path = path.func.value
    if not isinstance(path, ast.Constant):
        return None
    name = None
    for argument in function.args.args:
        if argument.arg == "params" and argument.annotation is not None:
            match = re.search(r"(\w+Params)\b", ast.unparse(argument.annotation))
            name = match.group(1) if match else None
    return Operation(str(call.args[0].value).upper(), str(path.value), imported.get(name or ""), name)


def _narrow(hint: Any) -> Any:
    """Return a type hint without the `| str` which lets any string pass beside the listed ones."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (
        typing_extensions.NotRequired,
        typing.NotRequired,
        typing_extensions.Required,
        typing.Required,
    ):
        return origin[_narrow(arguments[0])]
    if origin is typing.Union or origin is types.UnionType:
        literals = [a for a in arguments if typing.get_origin(a) is typing.Literal]
        if str in arguments and any(typing.get_args(literal) != ("",) for literal in literals):
            return typing.Union[tuple(a for a in arguments if a is not str)]  # noqa: UP007
        return typing.Union[tuple(_narrow(a) for a in arguments)]  # noqa: UP007
    if getattr(origin, "__name__", "") == "UntypedStripeObject":  # metadata: a free map of strings
        return types.GenericAlias(dict, (str, arguments[0]))
    return types.GenericAlias(list, (_narrow(arguments[0]),)) if origin is list else hint
