"""What is refused ahead of everything else: requests that HTTP itself forbids, whichever address they ask for."""

import re
from collections.abc import Iterable
from functools import lru_cache

from webapp.web.security_headers import security_headers
from webapp.web.wsgi import Application, Environ, Headers, StartResponse

# An IP literal or a name, and a port (RFC 3986, 3.2.2). The grammar allows commas in a name, and no name has one: two
# fields of the same name arrive as one value with a comma. Underscores are common between a proxy and what it serves.
_HOST_FIELD = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._~-]+)(:[0-9]{0,5})?")
# Granian says HTTP/1, PEP 3333 HTTP/1.0.
_WITHOUT_HOST = frozenset({"HTTP/1", "HTTP/1.0"})

_NO_PATH = "The request has no path on this server."
_NO_HOST = "The request must name one host, in a single Host field."


class RequestValidator:
    """A WSGI application around another, which answers 400 to what breaks RFC 9112, 3.2, in plain text.

    It must stand ahead of whatever answers without looking at the host or with the path made up for: cached responses,
    static files, routing.
    """

    def __init__(self, application: Application, *, is_https: bool) -> None:
        self._application = application
        self._headers: Headers = [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Cache-Control", "no-store"),
            *security_headers("", is_https=is_https).items(),
        ]

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        fault = _fault(environ)
        if fault is None:
            return self._application(environ, start_response)
        body = f"{fault}\n".encode()
        start_response("400 BAD REQUEST", [*self._headers, ("Content-Length", str(len(body)))])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _fault(environ: Environ) -> str | None:
    """Say what is wrong with a request. A server hands an authority or an asterisk over as no path, or as it is."""
    if not environ["PATH_INFO"].startswith("/"):
        return _NO_PATH
    named = environ.get("HTTP_HOST", "")
    if not named and environ["SERVER_PROTOCOL"] in _WITHOUT_HOST:
        return None
    return None if _is_host_field(named) else _NO_HOST


@lru_cache(256)
def _is_host_field(named: str) -> bool:
    return _HOST_FIELD.fullmatch(named) is not None
