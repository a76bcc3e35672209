"""Upstream text, made safe to carry: what every output needs before its own escaping."""

import re
import unicodedata
from html import unescape
from html.entities import html5
from urllib.parse import urlsplit

from webapp.domain.uris import readable_host

_BREAKS = re.compile(r"\r\n?|[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_NOT_CARRIED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_TOKEN = 64
_TERM = re.compile(r"\"([^\"]*)\"|([^\s,\"]+)")
_REFERENCE = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([a-zA-Z][a-zA-Z0-9]*));")
_FSI, _PDI, _PDF = "\u2068", "\u2069", "\u202c"
_CLOSED_BY = dict.fromkeys("\u202a\u202b\u202d\u202e", _PDF) | dict.fromkeys("\u2066\u2067\u2068", _PDI)
# The classes of UAX 9, table 4, that need not run from left to right.
_TURNING = {"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z.-]+)(:[0-9]{1,5})?")


def clean_text(text: str) -> str:
    r"""Give the text with `\n` as its only line break and no control character other than that and TAB.

    Lone surrogates, which no encoding can carry, go too, and so do the two noncharacters that XML forbids. VT, FF and
    their kin count as line breaks, because some readers take them for such and others refuse them.
    """
    return _NOT_CARRIED.sub("", _BREAKS.sub("\n", text))


def one_line(text: str) -> str:
    """Give the cleaned text on one line, every run of white space a single space."""
    return " ".join(clean_text(text).split())


def shortened(text: str, most: int) -> str:
    """Give the text, or as many of its characters, up to the end of a word where there is one, and an ellipsis."""
    if len(text) <= most:
        return text
    space = text.rfind(" ", most // 2, most + 1)
    return f"{text[: most if space < 0 else space].rstrip()}…"


def scraped_line(text: str) -> str:
    """Give a title that was scraped from a page on one line, its HTML character references resolved, once."""
    return one_line(_REFERENCE.sub(lambda found: _resolved(found[0], found[1]), text))


def _resolved(reference: str, name: str | None) -> str:
    return unescape(reference) if name is None or f"{name};" in html5 else reference


def isolated(line: str) -> str:
    """Give a clean line so that it turns no word round that it is joined with (UAX 9, 2.5 and 2.4).

    One that holds letters written from right to left, or controls of direction, is put between FSI and PDI, where
    whatever it leaves open ends. Any other stays as it is. A line that is cut is cut before.
    """
    if line.isascii() or not any(unicodedata.bidirectional(char) in _TURNING for char in line):
        return line
    return f"{_FSI}{_balanced(line)}{_PDI}"


def _balanced(line: str) -> str:
    """Close what a text leaves open, and leave out what closes nothing of its own."""
    kept: list[str] = []
    closers: list[str] = []
    isolates = 0
    for char in line:
        if char in _CLOSED_BY:
            closers.append(_CLOSED_BY[char])
            isolates += closers[-1] == _PDI
        elif char == _PDI:
            if not isolates:
                continue
            isolates -= 1
            while (closer := closers.pop()) != _PDI:
                kept.append(closer)
        elif char == _PDF:
            if not closers or closers[-1] != _PDF:
                continue
            closers.pop()
        kept.append(char)
    return "".join([*kept, *reversed(closers)])


def paragraphs(text: str) -> list[list[str]]:
    """Cut a cleaned text at its blank lines into paragraphs, each a list of its lines."""
    blocks = re.split(r"\n\s*\n", text)
    cut = [[line.strip() for line in block.split("\n") if line.strip()] for block in blocks]
    return [lines for lines in cut if lines]


def is_host(text: str) -> bool:
    """Whether a text has the shape of a host as an address names it, with or without a port (RFC 9110, 7.2)."""
    return _HOST.fullmatch(text) is not None


def host_of(url: str) -> str:
    """Give the host of a web address as people say it: without `www.`, and in the letters of its own script."""
    return readable_host((urlsplit(url).hostname or "").removeprefix("www."))


def tokens(text: str) -> list[str]:
    """Cut a text into the words that `q` finds: accents stripped, case folded, runs of letters and digits.

    The one tokenizer for every engine, since their own disagree. Long runs are cut at 64 characters.
    """
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in unicodedata.normalize("NFKD", decomposed) if not unicodedata.combining(char))
    return [word[:_LONGEST_TOKEN] for word in _WORD.findall(plain)]


def folded(text: str) -> str:
    """Fold case, for a search that ignores it in every script."""
    return one_line(text).casefold()


def search_terms(text: str) -> list[str]:
    """Cut a search as Launch Library does: at white space and commas, quotes group. Each term folded, each but once."""
    terms = (quoted or single for quoted, single in _TERM.findall(folded(text)))
    return list(dict.fromkeys(term.strip() for term in terms if term.strip()))
