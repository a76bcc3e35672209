"""iCalendar's content lines: what RFC 5545 says about writing one, and the order we write them in."""

from collections.abc import Iterable, Sequence

LONGEST_LINE = 75
"""Octets in a line, its CRLF not counted (RFC 5545, 3.1)."""

_FIRST = ("BEGIN", "UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP")


def escape_text(text: str) -> str:
    r"""Escape a TEXT value (RFC 5545, 3.3.11); the text must be clean, with `\n` for its line breaks."""
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\n", "\\n")


def ordered(lines: Sequence[str]) -> list[str]:
    """Put one component's lines into our fixed order: whoever made them, they come out the same."""
    body = sorted(lines[1:-1], key=_place)
    return [lines[0], *body, lines[-1]]


def write_lines(lines: Iterable[str]) -> bytes:
    """Fold and join: CRLF ends each line."""
    return b"".join(folded(line) + b"\r\n" for line in lines)


def folded(line: str) -> bytes:
    """Fold a line at 75 octets, between characters (RFC 5545, 3.1)."""
    pieces: list[bytes] = []
    piece = b""
    for char in line:
        octets = char.encode()
        # Each line after the first spends one octet on the space that marks it.
        if len(piece) + len(octets) > LONGEST_LINE - (1 if pieces else 0):
            pieces.append(piece)
            piece = b""
        piece += octets
    return b"\r\n ".join([*pieces, piece])


def _place(line: str) -> tuple[int, str]:
    name = line.partition(":")[0].partition(";")[0]
    return (_FIRST.index(name) if name in _FIRST else len(_FIRST), line)
