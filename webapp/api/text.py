"""JSON as text for a program, and as HTML for a person: coloured, with links that work."""

import json
import re
from collections.abc import Iterator
from html import escape

from markupsafe import Markup

from webapp.domain.uris import web_url

_TOKEN = re.compile(r'("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(true|false|null)')


def serialize(value: object, *, indent: int | None = None) -> str:
    """Serialize a value as JSON, in plain UTF-8 where that is possible: a lone surrogate has an escape only."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(value, ensure_ascii=False, separators=separators, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=separators, indent=indent)
    return text


def highlight(value: object) -> Markup:
    """Give a value as HTML: every text escaped, strings that are http(s) addresses as links."""
    # Put together as plain text, each piece escaped below: safe strings would take ten times as long.
    return Markup("".join(_pieces(serialize(value, indent=2))))  # noqa: S704 - as said


def _pieces(text: str) -> Iterator[str]:
    end = 0
    for match in _TOKEN.finditer(text):
        yield escape(text[end : match.start()])
        yield _piece(match)
        end = match.end()
    yield escape(text[end:])


def _piece(match: re.Match[str]) -> str:
    string, colon, number, word = match.groups()
    if number or word:
        return f'<span class="json-{"number" if number else "word"}">{escape(number or word)}</span>'
    shown = escape(string)
    if colon:
        return f'<span class="json-key">{shown}</span>{colon}'
    address = web_url(json.loads(string)) if string[:5].casefold() == '"http' else None
    if address is None:
        return f'<span class="json-string">{shown}</span>'
    return f'<a class="json-link" href="{escape(address)}" rel="noopener nofollow">{shown}</a>'
