"""The model as plain JSON values and back: the one place that knows how a dataset is stored."""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def encode(value: Any) -> Any:  # noqa: ANN401 - any value of the model
    """Return dates as ISO strings, dataclasses as objects without empty fields, tuples as arrays.

    >>> from marchland.model import Era
    >>> encode(Era(date(1912, 1, 1), {"en": "Republic of China"}))
    {'start': '1912-01-01', 'names': {'en': 'Republic of China'}}
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        found = {item.name: getattr(value, item.name) for item in fields(value)}
        return {name: encode(item) for name, item in found.items() if item not in (None, "", ())}
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], record: Mapping[str, Any]) -> T:
    """Return the dataclass that :func:`encode` wrote.

    Fields left out take their default, or None or "" where there is none.

    Raises
    ------
    TypeError, ValueError, KeyError
        The record is not one of this kind.
    """
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type] # classes do have a hash
    unknown = set(record) - set(hints)
    if unknown:
        msg = f"{kind.__name__} has no field {sorted(unknown)[0]!r}"
        raise TypeError(msg)
    required = {item.name for item in fields(kind) if _required(item)}  # type: ignore[arg-type]
    values = {name: _value(hints[name], item) for name, item in record.items()}
    values |= {name: _empty(hints[name], kind, name) for name in required - set(values)}
    return kind(**values)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _required(item: Any) -> bool:  # noqa: ANN401 - dataclasses.Field of any type
    from dataclasses import MISSING

    return item.default is MISSING and item.default_factory is MISSING


def _value(hint: Any, item: Any) -> Any:  # noqa: ANN401
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if item is None else _value(next(arg for arg in args if arg is not type(None)), item)
    if origin is tuple:
        inner = args[0]
        return tuple(_value(inner, part) for part in item)
    if hint is date:
        return date.fromisoformat(item)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(item)
    if isinstance(hint, type) and is_dataclass(hint):
        return decode(hint, item)
    return item


def _empty(hint: Any, kind: type, name: str) -> Any:  # noqa: ANN401
    """Return what a required field holds that was left out since it was empty."""
    if type(None) in typing.get_args(hint):
        return None
    if hint is str:
        return ""
    if typing.get_origin(hint) is tuple:
        return ()
    msg = f"{kind.__name__} needs a {name!r}"
    raise KeyError(msg)
