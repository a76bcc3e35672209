"""Ignored parameters: those that mean nothing here have no effect, but are named, so that a typo is not silent."""

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import quote

from flask import Response, request

from webapp.domain.query import unknown_names

HEADER = "Perigee-Ignored-Parameters"
_MAX_NAMES = 20
_LONGEST_NAME = 60


def ignored_parameters() -> tuple[str, ...]:
    """Give the unknown parameters of the present request, percent-encoded."""
    return encode_names(unknown_names(request.args.items(multi=True)))


def add_ignored_header(response: Response, names: tuple[str, ...]) -> Response:
    """Name in a header of the response what was ignored, if anything was."""
    if names:
        response.headers[HEADER] = ", ".join(names)
    return response


def encode_names(names: Iterable[str]) -> tuple[str, ...]:
    """Percent-encode names and cut them short: whatever was sent, a header stays one short line."""
    encoded = (quote(name, safe="", errors="replace") for name in dict.fromkeys(names) if name.strip())
    short = [re.sub(r"%.?$", "", name[:_LONGEST_NAME]) for name in islice(encoded, _MAX_NAMES)]
    return tuple(dict.fromkeys(short))
