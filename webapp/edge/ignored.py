"""Parameters that mean nothing here: passed over, as Launch Library does, but named, so that a typo is not silent."""

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import quote

from flask import Response, request

from webapp.domain.query import unknown_names

HEADER = "Perigee-Ignored-Parameters"
_MOST_NAMES = 20
_LONGEST_NAME = 60


def ignored_here() -> tuple[str, ...]:
    """Give the unknown parameters of the present request, spelled safely."""
    return spelled_safely(unknown_names(request.args.items(multi=True)))


def with_ignored(response: Response, names: tuple[str, ...]) -> Response:
    """Name in a header of the answer what was ignored, if anything was."""
    if names:
        response.headers[HEADER] = ", ".join(names)
    return response


def spelled_safely(names: Iterable[str]) -> tuple[str, ...]:
    """Percent-encode names and cut them short: whatever was sent, a header stays one short line."""
    safe = (quote(name, safe="", errors="replace") for name in dict.fromkeys(names) if name.strip())
    short = [re.sub(r"%.?$", "", name[:_LONGEST_NAME]) for name in islice(safe, _MOST_NAMES)]
    return tuple(dict.fromkeys(short))
