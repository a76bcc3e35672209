"""Who is let in to what is made anew: whoever has some allowance left, one request at a time."""

from collections.abc import Iterable
from http import HTTPStatus
from math import ceil

from flask import request
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests

from webapp.edge.cors import EXPOSED
from webapp.edge.limits import ANSWER_SECONDS, Limits
from webapp.edge.turns import TooManyOfOneError, Turns
from webapp.edge.wsgi import Application, Environ, StartResponse
from webapp.response_cache.single_flight import CrowdedError

REFUSAL = "perigee.refusal"
"""Where in the WSGI environment stands the error to answer with, if a request is refused."""

_AGAIN_SECONDS = 1


class Admission:
    """Answers by a WSGI application, or refuses; `refuse` is one that answers with the error found at `REFUSAL`."""

    def __init__(self, refuse: Application, limits: Limits, turns: Turns) -> None:
        self._refuse = refuse
        self._limits = limits
        self._turns = turns

    def answer(self, make: Application, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer by `make` once it is the visitor's turn."""
        visitor = self._limits.visitor(environ.get("REMOTE_ADDR"))
        wait = self._limits.take(visitor)
        if wait:
            return self._refused(visitor, wait, environ, start_response)
        try:
            with self._turns.turn(visitor[-1] if visitor else ""):
                # What was made meanwhile for the same visitor may have taken all there was.
                debt = self._limits.debt(visitor)
                if debt > 0:
                    return self._refused(visitor, debt, environ, start_response)
                with self._limits.charging(visitor, paid=ANSWER_SECONDS):
                    return make(environ, start_response)
        except TooManyOfOneError:
            return self._refused(visitor, _AGAIN_SECONDS, environ, start_response)
        except CrowdedError:
            return self._refuse({**environ, REFUSAL: ServiceUnavailable(retry_after=_AGAIN_SECONDS)}, start_response)

    def made(self, application: Application) -> Application:
        """Make a WSGI application of another, of whose answers only so many are made at the same time."""

        def making(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            with self._turns.making():
                return application(environ, start_response)

        return making

    def _refused(
        self, visitor: tuple[str, ...], wait: float, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        seconds = ceil(wait)
        if self._limits.is_hopeless(wait):
            return _refused_in_a_line(seconds, start_response)
        with self._limits.charging(visitor, paid=0):
            return self._refuse({**environ, REFUSAL: TooManyRequests(retry_after=seconds)}, start_response)


def raise_refusal() -> None:
    """Raise the error that the present request is refused with, if it is."""
    refusal = request.environ.get(REFUSAL)
    if isinstance(refusal, HTTPException):
        raise refusal


def _refused_in_a_line(seconds: int, start_response: StartResponse) -> Iterable[bytes]:
    """Refuse for next to nothing: to say it in the form of a page, however often, would be a way to wear us down."""
    status = HTTPStatus.TOO_MANY_REQUESTS
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Cache-Control", "no-store"),
        ("Retry-After", str(seconds)),
        ("X-Content-Type-Options", "nosniff"),
        # There is nothing in it that a script of another site may not know.
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", EXPOSED),
    ]
    start_response(f"{status.value} {status.phrase.upper()}", headers)
    return [f"Too many requests from your address. Please wait {seconds} seconds.\n".encode()]
