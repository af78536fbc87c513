"""Records to JSON and back: the one door for untrusted JSON. Knows types, never meanings.

Reading refuses unknown keys and wrong types; an error names the place in the document but never
repeats what stood there, because that may be patient text.
"""

import hashlib
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import ConfigDict, TypeAdapter, ValidationError

from scribe.errors import TranscriptUnusable

T = TypeVar("T")

_STRICT = ConfigDict(extra="forbid", hide_input_in_errors=True)


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    _forbid_unknown(kind)
    return TypeAdapter(kind)


def _forbid_unknown(kind: Any) -> None:
    """Make a record and every record inside it refuse unknown keys when read."""
    for inner in getattr(kind, "__args__", ()):
        _forbid_unknown(inner)
    if is_dataclass(kind) and isinstance(kind, type) and "__pydantic_config__" not in vars(kind):
        kind.__pydantic_config__ = _STRICT  # type: ignore[attr-defined]
        for each in fields(kind):
            _forbid_unknown(each.type)


def plain(value: Any) -> Any:
    """A record as dicts, lists, strings and numbers, ready for JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def to_json(value: Any, *, indent: int | None = None) -> str:
    """A record as JSON text, keys in the order of the record."""
    return json.dumps(plain(value), ensure_ascii=False, indent=indent, allow_nan=False)


def canonical(value: Any) -> bytes:
    """The one byte form that hashes and signatures are made over: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        plain(value), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def sha256(value: Any) -> str:
    """Hex SHA-256 over the canonical form of a record."""
    return hashlib.sha256(canonical(value)).hexdigest()


def from_json(kind: type[T], text: str | bytes, *, what: str) -> T:
    """Read a record of type `kind`; `what` names the document in the error.

    Raises TranscriptUnusable with the places that do not fit (never their content).
    """
    try:
        return cast(T, _adapter(cast(Any, kind)).validate_json(text))
    except ValidationError as error:
        raise TranscriptUnusable(_describe(error, what)) from None


def from_plain(kind: type[T], value: Any, *, what: str) -> T:
    """Like `from_json`, from dicts and lists already parsed (TOML, JSON Lines)."""
    try:
        return cast(T, _adapter(cast(Any, kind)).validate_python(value))
    except ValidationError as error:
        raise TranscriptUnusable(_describe(error, what)) from None


def _describe(error: ValidationError, what: str) -> str:
    places = [
        f"{'.'.join(str(step) for step in each['loc']) or 'the document'}: {each['msg']}"
        for each in error.errors(include_input=False, include_url=False, include_context=False)[:5]
    ]
    more = "" if error.error_count() <= 5 else f" (and {error.error_count() - 5} more)"
    return f"{what} does not have the expected form. {'; '.join(places)}{more}."
