"""Following every address that answers give out, whatever they are written in."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree import ElementTree as ET

from icalendar import Calendar

from tests.html import read

_LINKS = ("href", "src", "action", "poster", "data-hx-get", "data-subscribe-path", "data-address")
_XHTML = re.compile(r"""(?:href|src)=["']([^"']+)""")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address answered: its content type without parameters, and where it leads to."""

    status: int
    content_type: str
    body: bytes
    location: str = ""

    @property
    def text(self) -> str:
        """The body as text, empty for what is none."""
        is_text = self.content_type == "image/svg+xml" or not self.content_type.startswith(("image/", "font/"))
        return self.body.decode() if is_text else ""


def crawl(start: Iterable[str], ask: Callable[[str], Answer], *, most: int, inside: str) -> dict[str, Answer]:
    """Ask for these absolute addresses and what they lead to on the same host; `inside` is all that may be led to.

    Of what is found, asks for at most so many of each first part of a path and suffix. Raises `AssertionError` for an
    address outside.
    """
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(inside))
    first = tuple(start)
    waiting, seen, counts = [*first], dict[str, Answer](), dict[str, int]()
    while waiting:
        address = waiting.pop(0)
        path = urlsplit(address).path.removeprefix(urlsplit(inside).path)
        part = path.partition("/")[0] + PurePosixPath(path).suffix
        if address in seen or (address not in first and counts.get(part, 0) >= most):
            continue
        counts[part] = counts.get(part, 0) + 1
        answer = seen[address] = ask(address)
        for found in addresses(address, answer):
            if found == origin or found.startswith((f"{origin}/", f"{origin}?")):
                assert f"{found}/".startswith(inside), f"{address} leads outside: {found}"
                waiting.append(found)
    return seen


def addresses(base: str, answer: Answer) -> Iterator[str]:
    """Give the addresses that an answer names, absolute and without fragments; `webcal:` is spelled as the base is."""
    scheme = urlsplit(base).scheme
    for one in _named(answer):
        yield urldefrag(urljoin(base, re.sub("^webcals?:", f"{scheme}:", one)))[0]


def _named(answer: Answer) -> Iterator[str]:
    kind, text = answer.content_type, answer.text
    if answer.location:
        yield answer.location
    if kind == "application/manifest+json":
        manifest = json.loads(text)
        yield from (manifest["start_url"], manifest["scope"], *(icon["src"] for icon in manifest["icons"]))
    elif kind in _READERS:
        yield from _READERS[kind](text)
    elif kind.endswith("json"):
        yield from _in_json(json.loads(text))
    elif kind.endswith("xml") or kind == "text/x-opml":
        for element in ET.fromstring(text).iter():  # noqa: S314 - our own
            yield from _in_texts((element.text or "", *element.attrib.values()))


def _in_html(text: str) -> Iterator[str]:
    for part in read(text).select("*"):
        yield from (part[name] for name in _LINKS if name in part)
        if "srcset" in part:
            yield from (one.split()[0] for one in part["srcset"].split(", "))
        if "content" in part:
            yield from _in_texts([part["content"]])
    for script in read(text).select("script[type='application/ld+json']"):
        yield from _in_json(json.loads(script.source))


def _in_json(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _in_json(value)
    elif isinstance(data, list):
        for value in data:
            yield from _in_json(value)
    elif isinstance(data, str):
        yield from _in_texts([data])


def _in_texts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if re.match("(https?|webcals?)://", text) or re.match("/[a-z0-9]", text):
            yield text
        elif "<" in text:
            yield from _XHTML.findall(text)


def _in_calendar(text: str) -> Iterator[str]:
    for part in Calendar.from_ical(text).walk():
        yield from (str(part[name]) for name in ("URL", "SOURCE", "IMAGE") if name in part)


_READERS: dict[str, Callable[[str], Iterable[str]]] = {
    "text/html": _in_html,
    "text/css": re.compile(r"""url\(["']?([^"')]+)""").findall,
    "text/javascript": re.compile(r"""["'`](/[\w.][^"'`$]*)""").findall,
    "text/calendar": _in_calendar,
}
