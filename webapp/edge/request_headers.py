"""What a request's headers may cost: those that are longer than anyone honest needs are not read at all."""

from collections.abc import Iterable

from webapp.edge.wsgi import Application, Environ, StartResponse

LONGEST_HEADER = 1024
"""How many characters of one header are read."""

_FORWARDED_FOR = "HTTP_X_FORWARDED_FOR"
# Nothing cuts these up: a host is compared or refused, and a token is compared.
_WHOLE = {"HTTP_HOST", "HTTP_AUTHORIZATION", _FORWARDED_FOR}


class WithoutLongHeaders:
    """A WSGI application ahead of another that is not told of a request's long headers, whichever they are.

    To read a list of thousands of tags or types takes hundreds of times what a kept answer does. Without a condition
    the whole answer is given, and without preferences the usual one (RFC 9110, 12.1 and 13.1). Of `X-Forwarded-For`,
    to which proxies add, the end is left.
    """

    def __init__(self, application: Application) -> None:
        self._application = application

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        for name in [name for name, value in environ.items() if _is_long(name, value)]:
            del environ[name]
        forwarded = environ.get(_FORWARDED_FOR, "")
        if len(forwarded) > LONGEST_HEADER:
            environ[_FORWARDED_FOR] = forwarded[-LONGEST_HEADER:].partition(",")[2]
        return self._application(environ, start_response)


def _is_long(name: str, value: object) -> bool:
    return name.startswith("HTTP_") and name not in _WHOLE and len(str(value)) > LONGEST_HEADER
