"""Limits on the size of a request: its address, and each of its headers."""

from collections.abc import Iterable

from flask import request
from werkzeug.exceptions import RequestURITooLarge

from webapp.web.wsgi import Application, Environ, StartResponse

LONGEST_ADDRESS = 8190
"""How many bytes a path and its query may have together, still percent-encoded: enough for a thousand ids."""

LONGEST_HEADER = 1024
"""How many characters of one header are read."""

_FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
# Nothing cuts these up: a host is compared or refused, and a token is compared.
_UNLIMITED = {"HTTP_HOST", "HTTP_AUTHORIZATION", _FORWARDED_FOR}


def refuse_long_address() -> None:
    """Refuse the present request if its address is too long. Raises Werkzeug's `RequestURITooLarge` (414)."""
    if len(request.environ["PATH_INFO"]) + len(request.query_string) >= LONGEST_ADDRESS:
        raise RequestURITooLarge


class LongHeaderFilter:
    """A WSGI application around another, which never sees a request's long headers.

    To read a list of thousands of ETags or media types takes hundreds of times what a cached response does. Without a
    condition the whole response is given, and without preferences the usual one (RFC 9110, 12.1 and 13.1). Of
    `X-Forwarded-For`, to which proxies add, the end is left.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        for name in [name for name, value in environ.items() if _is_long_header(name, value)]:
            del environ[name]
        forwarded = environ.get(_FORWARDED_FOR, "")
        if len(forwarded) > LONGEST_HEADER:
            environ[_FORWARDED_FOR] = forwarded[-LONGEST_HEADER:].partition(",")[2]
        return self._application(environ, start_response)


def _is_long_header(name: str, value: object) -> bool:
    return name.startswith("HTTP_") and name not in _UNLIMITED and len(str(value)) > LONGEST_HEADER
