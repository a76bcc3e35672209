"""Admission control: a request that the cache does not answer is let in, made to wait, or refused."""

from collections.abc import Iterable
from http import HTTPStatus
from math import ceil

from flask import request
from werkzeug.exceptions import HTTPException, ServiceUnavailable, TooManyRequests

from webapp.admission.concurrency import ConcurrencyLimits, TooManyOfOneError
from webapp.admission.rate_limits import ANSWER_SECONDS, RateLimits
from webapp.response_cache.single_flight import CrowdedError
from webapp.web.cors import EXPOSED
from webapp.web.wsgi import Application, Environ, StartResponse

REFUSAL = "perigee.refusal"
"""Where in the WSGI environment stands the error to answer with, if a request is refused."""

_RETRY_SECONDS = 1


class AdmissionControl:
    """Lets requests in within rate limits and concurrency limits.

    `refuse` is the WSGI application that answers with the error found at `REFUSAL`.
    """

    def __init__(self, refuse: Application, rates: RateLimits, concurrency: ConcurrencyLimits) -> None:
        self._refuse = refuse
        self._rates = rates
        self._concurrency = concurrency

    def admit(self, application: Application, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer by `application` as soon as the visitor may have another response made, or refuse."""
        visitor = self._rates.visitor(environ.get("REMOTE_ADDR"))
        wait = self._rates.take(visitor)
        if wait:
            return self._refused(visitor, wait, environ, start_response)
        try:
            with self._concurrency.slot_of(visitor[-1] if visitor else ""):
                # What was made meanwhile for the same visitor may have taken all of the allowance.
                debt = self._rates.debt(visitor)
                if debt > 0:
                    return self._refused(visitor, debt, environ, start_response)
                with self._rates.charging(visitor, paid=ANSWER_SECONDS):
                    answer = application(environ, start_response)
                return answer if isinstance(answer, list) else ChargedAnswer(answer, self._rates, visitor)
        except TooManyOfOneError:
            return self._refused(visitor, _RETRY_SECONDS, environ, start_response)
        except CrowdedError:
            refusal = ServiceUnavailable(retry_after=_RETRY_SECONDS)
            return self._refuse({**environ, REFUSAL: refusal}, start_response)

    def with_slots(self, application: Application) -> Application:
        """Wrap a WSGI application so that it is at work on only so many requests at the same time."""

        def limited(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            with self._concurrency.slot():
                return application(environ, start_response)

        return limited

    def _refused(
        self, visitor: tuple[str, ...], wait: float, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        seconds = ceil(wait)
        if self._rates.is_hopeless(wait):
            return _refuse_in_a_line(seconds, start_response)
        with self._rates.charging(visitor, paid=0):
            return self._refuse({**environ, REFUSAL: TooManyRequests(retry_after=seconds)}, start_response)


class ChargedAnswer:
    """A body that may be made as it is sent: each part is charged for as the answer itself is."""

    def __init__(self, body: Iterable[bytes], rates: RateLimits, visitor: tuple[str, ...]) -> None:
        self._body = body
        self._parts = iter(body)
        self._rates = rates
        self._visitor = visitor

    def __iter__(self) -> "ChargedAnswer":
        return self

    def __next__(self) -> bytes:
        """Make the next part."""
        with self._rates.charging(self._visitor, paid=0):
            return next(self._parts)

    def close(self) -> None:
        """Close the body."""
        close = getattr(self._body, "close", None)
        if close is not None:
            close()


def raise_refusal() -> None:
    """Raise the error that the present request is refused with, if it is."""
    refusal = request.environ.get(REFUSAL)
    if isinstance(refusal, HTTPException):
        raise refusal


def _refuse_in_a_line(seconds: int, start_response: StartResponse) -> Iterable[bytes]:
    """Refuse for next to nothing: a page for each refusal, however often, would be a way to wear the server down."""
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
    return [f"Too many requests. Please wait {seconds} seconds.\n".encode()]
