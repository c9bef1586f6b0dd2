"""The model as plain JSON values and back: the one place that knows how a dataset is stored."""

import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar

T = TypeVar("T")


def encode(value: Any) -> Any:  # noqa: ANN401 - any value of the model
    """Return dates as ISO strings, tuples as arrays, dataclasses as objects.

    Fields that hold their default, or None where they have no default, are left out.

    >>> from marchland.model import Era
    >>> encode(Era(date(1912, 1, 1), {"en": "Republic of China"}))
    {'start': '1912-01-01', 'names': {'en': 'Republic of China'}}
    """
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value) and not isinstance(value, type):
        found = ((item, getattr(value, item.name)) for item in fields(value))
        return {item.name: encode(part) for item, part in found if part != _default(item)}
    if isinstance(value, Mapping):
        return {key: encode(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [encode(item) for item in value]
    return value


def decode(kind: type[T], record: Mapping[str, Any]) -> T:
    """Return the dataclass that :func:`encode` wrote.

    Raises
    ------
    TypeError
        The record has a field the dataclass has not, lacks one that must not be None, or holds text where
        a number belongs, or the like.
    ValueError
        A date or a word of a fixed list cannot be read, or a number is not finite.
    """
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type] # classes do have a hash
    unknown = sorted(set(record) - set(hints))
    if unknown:
        msg = f"{kind.__name__} has no field {unknown[0]!r}"
        raise TypeError(msg)
    values = {name: _value(hints[name], item) for name, item in record.items()}
    for item in fields(kind):  # type: ignore[arg-type]
        if item.name not in values and _required(item) and type(None) in typing.get_args(hints[item.name]):
            values[item.name] = None
    return kind(**values)


def decode_row(kind: type[T], row: Sequence[Any]) -> T:
    """Return the dataclass whose fields a row lists in order; the last may be left out for their defaults.

    Raises as :func:`decode`.
    """
    hints: dict[str, Any] = _hints(kind)  # type: ignore[arg-type] # classes do have a hash
    if len(row) > len(hints):
        msg = f"{kind.__name__} has {len(hints)} fields, not {len(row)}"
        raise ValueError(msg)
    return kind(*(_value(hint, item) for hint, item in zip(hints.values(), row, strict=False)))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _required(item: Any) -> bool:  # noqa: ANN401 - dataclasses.Field of any type
    return item.default is MISSING and item.default_factory is MISSING


def _default(item: Any) -> Any:  # noqa: ANN401
    """Return what a field holds that was left out."""
    if item.default is not MISSING:
        return item.default
    return None if item.default_factory is MISSING else item.default_factory()


def _value(hint: Any, item: Any) -> Any:  # noqa: ANN401
    plain = _PLAIN.get(hint)
    if plain is not None:
        return _checked(hint, plain, item)
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return None if item is None else _value(next(arg for arg in args if arg is not type(None)), item)
    if origin in (tuple, dict, Mapping):
        return _collected(origin, args, item)
    if hint is date:
        return date.fromisoformat(item)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(item)
    if isinstance(hint, type) and is_dataclass(hint):
        return decode(hint, item)
    return item


_PLAIN: dict[Any, tuple[type, ...]] = {str: (str,), int: (int,), float: (float, int), bool: (bool,)}


def _checked(hint: type, plain: tuple[type, ...], item: Any) -> Any:  # noqa: ANN401
    if type(item) not in plain:
        msg = f"{item!r:.60} is no {hint.__name__}"
        raise TypeError(msg)
    if hint is float and not abs(item) <= _MOST:  # NaN is not either
        msg = f"{item!r:.60} is no number to reckon with"
        raise ValueError(msg)
    return item


_MOST = 1e15
"""Nothing that is measured in km or degrees comes near."""


def _collected(origin: Any, args: tuple[Any, ...], item: Any) -> Any:  # noqa: ANN401
    if origin is not tuple:
        return {_value(str, key): _value(args[1], part) for key, part in item.items()}
    if isinstance(item, str):
        msg = f"{item!r:.60} is no list"
        raise TypeError(msg)
    if args[-1] is not Ellipsis:
        return tuple(_value(arg, part) for arg, part in zip(args, item, strict=True))
    return tuple(_value(args[0], part) for part in item)
