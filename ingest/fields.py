"""The fields of a webhook's body, whatever encoding it came in. Pure.

url-encoded, multipart and JSON bodies all become one flat list of (name, text) in the order they
came, repeated names and all. Bracketed names are brought to one spelling: `receiver['number']`,
`receiver["number"]`, `receiver['number]` and a JSON object `receiver` all give `receiver[number]`.

The body is parsed here and not by the web framework, because form parsers are made for browsers:
they lose order, merge repeated names and guess at bytes that are not percent-encoded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_to_bytes

from multipart import MultipartSegment, PushMultipartParser, parse_options_header

Field = tuple[str, str | None]

NESTING_MAX = 4
NAME_LENGTH_MAX = 64
NAMES_KEPT_MAX = 1_024
MEDIA_TYPES_KEPT_MAX = 64

_BRACKETED = re.compile(r"""([^\[\]]+)\[\s*['"]?([^'"\[\]]*)['"]?\s*\]?""")


class UnreadableBodyError(ValueError):
    """The body is not in the encoding it claims; the message says what was expected instead."""


def fields(raw: bytes, content_type: str) -> list[Field]:
    """Return the fields of a body in the order they came; a JSON null is `None`.

    A missing or odd content type is no obstacle: a body that begins with `{` is read as JSON and
    any other as url-encoded. Raises `UnreadableBodyError`.
    """
    media_type, boundary = _media_type(content_type)
    if media_type == "multipart/form-data":
        found: Iterable[Field] = _multipart(raw, boundary)
    elif media_type.endswith(("/json", "+json")) or raw.lstrip().startswith(b"{"):
        found = _json(raw)
    else:
        return _form(raw)
    return [(canonical(name), value) for name, value in found]


@lru_cache(MEDIA_TYPES_KEPT_MAX)
def _media_type(content_type: str) -> tuple[str, str]:
    media_type, options = parse_options_header(content_type)
    return media_type, options.get("boundary", "")


def _form(raw: bytes) -> list[Field]:
    plain = _plain(raw)
    is_quoted = "%" in plain or not plain.isascii()
    return [
        (
            _name(name) if len(name) <= NAME_LENGTH_MAX else canonical(_unquoted(name)),
            _unquoted(value) if is_quoted else value,
        )
        for pair in plain.split("&")
        if pair
        for name, _, value in [pair.partition("=")]
    ]


@lru_cache(NAMES_KEPT_MAX)
def _name(quoted: str) -> str:
    """Return the one spelling of a name in a form. SMSO sends the same few again and again."""
    return canonical(_unquoted(quoted))


def urlencoded(raw: bytes) -> list[tuple[str, str]]:
    """Return the pairs of a url-encoded body or query, as they came."""
    pairs = [pair.partition("=") for pair in _plain(raw).split("&") if pair]
    return [(_unquoted(name), _unquoted(value)) for name, _, value in pairs]


def canonical(name: str) -> str:
    """Return the one spelling of a field's name: no quotes, brackets closed.

    No field of ours has a name longer than `NAME_LENGTH_MAX`, so longer ones are left as they are.
    """
    name = name.strip()
    if "[" not in name or len(name) > NAME_LENGTH_MAX:
        return name
    match = _BRACKETED.fullmatch(name)
    return f"{match[1]}[{match[2].strip()}]" if match else name


def text(raw: bytes) -> str:
    """Decode bytes as UTF-8, or as Latin-1 where they are not UTF-8; never fails."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _plain(raw: bytes) -> str:
    """Return a form with a character for each byte, in which little is quoted any more.

    What nearly every body has is unquoted at once; none of it can be a part of another escape.
    """
    plain = raw.replace(b"+", b" ").replace(b"%2B", b"+")
    plain = plain.replace(b"%3A", b":").replace(b"%5B", b"[").replace(b"%5D", b"]")
    return plain.decode("latin-1")


def _unquoted(quoted: str) -> str:
    if quoted.isascii() and "%" not in quoted:
        return quoted
    return text(unquote_to_bytes(quoted.encode("latin-1")))


def _multipart(raw: bytes, boundary: str) -> Iterator[Field]:
    try:
        with PushMultipartParser(boundary) as parser:
            name, value = "", b""
            for part in parser.parse(raw):
                if isinstance(part, MultipartSegment):
                    name, value = part.name, b""
                elif part is not None:
                    value += part
                else:
                    yield name, text(value)
    except (ValueError, LookupError) as error:
        raise UnreadableBodyError("a complete multipart form with its boundary") from error


class _Pairs(list[tuple[str, Any]]):
    """A JSON object with its names in order, repeated ones and all."""


def _json(raw: bytes) -> Iterator[Field]:
    try:
        parsed = json.loads(
            text(raw).lstrip("\ufeff"),
            object_pairs_hook=_Pairs,
            parse_int=str,  # as it came: an mnc of 1 and one of "01" are different things
            parse_float=str,
        )
    except (ValueError, RecursionError) as error:
        raise UnreadableBodyError("a JSON object") from error
    if not isinstance(parsed, _Pairs):
        raise UnreadableBodyError("a JSON object")
    for name, value in parsed:
        yield from _flattened(_whole(name), value, NESTING_MAX)


def _flattened(name: str, value: Any, nesting: int) -> Iterator[Field]:
    """Flatten a JSON value: an object gives bracketed names, a list a repeated name."""
    if isinstance(value, _Pairs | list):
        if nesting == 0:
            raise UnreadableBodyError(f"a JSON object at most {NESTING_MAX} levels deep")
        named = isinstance(value, _Pairs)
        for item in value:
            inner = (f"{name}[{_whole(item[0])}]", item[1]) if named else (name, item)
            yield from _flattened(*inner, nesting - 1)
    elif isinstance(value, bool):
        yield name, str(value).lower()
    else:
        yield name, value if value is None else _whole(str(value))


def _whole(value: str) -> str:
    """Replace halves of surrogate pairs, which JSON can spell but no encoding can store."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
