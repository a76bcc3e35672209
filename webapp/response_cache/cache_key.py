"""The key of a cached response: everything of a request that may choose what is answered."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from webapp.web.addresses import API_PATH
from webapp.web.content_encoding import choose_encoding
from webapp.web.wsgi import Environ

_LONGEST_HEADERS = 1000
# Answered without the cache, which would only look for them in vain. That these are not cached is said by their views.
_NEVER_CACHED = (
    "/static/", "/cards/", "/push/", "/service-worker.js", "/statistics.", "/status", "/healthz", "/readyz", "/metrics",
)  # fmt: skip


class CacheKey(NamedTuple):
    """What chose a response. `encoding` is the content encoding that the client is given, or nothing.

    `accept` and `origin` are those headers as they were sent, and `None` where no view looks at them.
    """

    scheme: str
    host: str
    script_name: str
    path: str
    query_string: str
    encoding: str
    accept: str | None
    origin: str | None

    def covers(self, vary: set[str]) -> bool:
        """Whether all these request headers, in small letters, are in the key: if not, it must not be given again."""
        return vary <= (_VARY_OF_PAGES if self.accept is None else _VARY_OF_API)

    @property
    def size(self) -> int:
        """How many characters it has."""
        return sum(len(part) for part in self if part is not None)


_VARY_OF_PAGES = frozenset({"accept-encoding"})
_VARY_OF_API = _VARY_OF_PAGES | {"accept", "origin"}


def make_cache_key(environ: Environ, host_in_answers: Callable[[str], str | None]) -> CacheKey | None:
    """Make the key of a request, or `None` if its response is never cached.

    `host_in_answers` gives what of a `Host` header shows in a response, or `None` for a host that is not trusted.
    """
    path = environ["PATH_INFO"]
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or path.startswith(_NEVER_CACHED):
        return None
    named, accepted = environ.get("HTTP_HOST", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
    accept, origin = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ORIGIN", "")
    if len(named) + len(accepted) + len(accept) + len(origin) > _LONGEST_HEADERS:
        return None  # No honest client sends so much, and keys would take more of the budget than responses.
    host = host_in_answers(named)
    if host is None:
        return None
    is_api = path.startswith(API_PATH)
    return CacheKey(
        environ["wsgi.url_scheme"],
        host,
        environ.get("SCRIPT_NAME", ""),
        path,
        environ["QUERY_STRING"],
        _encoding(accepted),
        accept if is_api else None,
        origin if is_api else None,
    )


@lru_cache(1024)
def _encoding(accepted: str) -> str:
    return choose_encoding(parse_accept_header(accepted, Accept)) or ""
