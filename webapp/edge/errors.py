"""Every error as one value, whatever raised it; each surface says it in its own form."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, SecurityError

from webapp.domain.query import Fault, InvalidQueryError
from webapp.edge.edition import FirstImportPendingError
from webapp.store import StoreUnavailableError

log = logging.getLogger(__name__)

RETRY_SECONDS = 60


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What went wrong, in words a visitor understands, and what one can do: `way_on` pairs labels with paths."""

    status: int
    title: str
    text: str
    faults: tuple[Fault, ...] = ()
    way_on: tuple[tuple[str, str], ...] = (("All upcoming events", "/"),)
    retry_after: int | None = None


Renderer = Callable[[ErrorAnswer], Response]


class NoSuchEventError(Exception):
    """An address names an event that is not there; `asked` is what it says."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


def handle_errors(app: Flask, *, renderer_for: Callable[[str], Renderer]) -> None:
    """Answer every error in the form of the surface that `renderer_for` gives for the path asked."""

    def answer(error: Exception) -> Response:
        words = describe(error)
        try:
            response = renderer_for(request.path)(words)
        except Exception:
            # Whatever broke the answer may break its error page too; these words need nothing.
            log.exception("the error page for %s cannot be made", request.path)
            response = as_plain_text(words)
        return _with_status(response, words)

    app.register_error_handler(Exception, answer)


def describe(error: Exception) -> ErrorAnswer:
    """Put an exception into words. What is not foreseen is logged, and told without any detail."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words(error)
    log.error("unforeseen error at %s", request.path, exc_info=error)
    return _UNFORESEEN


def _with_status(response: Response, answer: ErrorAnswer) -> Response:
    response.status_code = answer.status
    response.headers["Cache-Control"] = "no-store"
    if answer.retry_after is not None:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def _bad_query(error: InvalidQueryError) -> ErrorAnswer:
    return ErrorAnswer(
        400,
        "This address asks for something that cannot be",
        "Perigee does not guess what was meant. Here is what it could not understand:",
        faults=error.faults,
    )


def _no_such_event(error: NoSuchEventError) -> ErrorAnswer:
    asked = error.asked
    if asked.isascii() and asked.isdigit():
        return ErrorAnswer(
            404,
            "There is no such event",
            f"No event has the id {asked[:20]}. It may never have existed, or Launch Library has taken it back.",
        )
    fault = Fault("id", asked[:100], "the number of an event, such as 1211")
    return ErrorAnswer(404, "There is no such event", "An event's address holds its number.", faults=(fault,))


def _first_import(error: FirstImportPendingError) -> ErrorAnswer:
    trouble = f" The last attempt failed: {error.state.fault}." if error.state.fault else ""
    return ErrorAnswer(
        503,
        "The first import is under way",
        f"Perigee fetches all events from Launch Library for the first time.{trouble} Please come back in a minute.",
        way_on=(("Try again", "/"),),
        retry_after=RETRY_SECONDS,
    )


def _untrusted_host(_error: SecurityError) -> ErrorAnswer:
    return ErrorAnswer(
        400,
        "This server does not answer to that name",
        "The request names a host that is not trusted. Whoever runs this server can allow it with PERIGEE_PUBLIC_URL "
        "or PERIGEE_TRUSTED_HOSTS.",
        way_on=(),
    )


def _http_error(error: HTTPException) -> ErrorAnswer:
    if error.code == 404:  # noqa: PLR2004 - a status is its own name
        return ErrorAnswer(404, "There is no such page", "Nothing lives at this address.")
    return ErrorAnswer(error.code or 500, error.name, error.description or "")


def _unavailable(error: StoreUnavailableError) -> ErrorAnswer:
    log.error("the database cannot be used: %s", error)
    return ErrorAnswer(
        503,
        "The data cannot be read just now",
        "Nothing is lost. This usually passes within seconds.",
        way_on=(("Try again", "/"),),
        retry_after=5,
    )


_WORDS: tuple[tuple[type[Exception], Callable[..., ErrorAnswer]], ...] = (
    (InvalidQueryError, _bad_query),
    (NoSuchEventError, _no_such_event),
    (FirstImportPendingError, _first_import),
    (StoreUnavailableError, _unavailable),
    (SecurityError, _untrusted_host),
    (HTTPException, _http_error),
)
_UNFORESEEN = ErrorAnswer(
    500,
    "Something went wrong here",
    "It is our fault, not yours, and it has been written to the log.",
)


def as_plain_text(answer: ErrorAnswer) -> Response:
    """Say it in plain text, for programs."""
    lines = [answer.title + ".", answer.text]
    lines += [f"{fault.parameter}: {fault.value!r} was given, expected {fault.expected}." for fault in answer.faults]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
