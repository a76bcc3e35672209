"""Every error as one value, whatever raised it; each surface says it in its own form."""

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, Response, request
from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestURITooLarge,
    SecurityError,
    ServiceUnavailable,
    TooManyRequests,
)

from webapp.domain.entry import EntryKey, EntryKind
from webapp.domain.parameter_types import LARGEST_ID, whole_number
from webapp.domain.query import Fault, InvalidQueryError
from webapp.instance.editions import FirstImportPendingError
from webapp.store import StoreUnavailableError
from webapp.web.request_limits import LONGEST_ADDRESS

log = logging.getLogger(__name__)

RETRY_SECONDS = 60
_NO_MATCH = "No Event matches the given query."
_NO_LAUNCH = "No Launch matches the given query."
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ErrorAnswer:
    """What went wrong, in words a visitor understands, and what one can do: `way_on` pairs labels with paths.

    `ll2_words` is how Launch Library says it, where it has words of its own for it; `allow` is for the header.
    """

    status: int
    title: str
    text: str
    faults: tuple[Fault, ...] = ()
    way_on: tuple[tuple[str, str], ...] = (("All upcoming events", "/"),)
    retry_after: int | None = None
    ll2_words: str = ""
    allow: tuple[str, ...] = ()


Renderer = Callable[[ErrorAnswer], Response]


class NoSuchEventError(Exception):
    """An address names an event that is not there; `asked` is what it says."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


class NoSuchLaunchError(Exception):
    """An address names a launch that is not there; `asked` is what it says."""

    def __init__(self, asked: str) -> None:
        super().__init__(asked)
        self.asked = asked


def event_number(text: str) -> int:
    """Read an event's id out of a path. Raises `NoSuchEventError`."""
    try:
        return whole_number(text, 0, LARGEST_ID)
    except ValueError as error:
        raise NoSuchEventError(text) from error


def event_key(text: str) -> EntryKey:
    """Read an event's key out of a path. Raises `NoSuchEventError`."""
    return EntryKey.of_event(event_number(text))


def launch_key(text: str) -> EntryKey:
    """Read a launch's key, a UUID in letters of either case, out of a path. Raises `NoSuchLaunchError`."""
    if not _UUID.fullmatch(text):
        raise NoSuchLaunchError(text)
    return EntryKey(EntryKind.LAUNCH, text.lower())


def entry_key(text: str) -> EntryKey:
    """Read the key of an entry of either kind out of a path. Raises `NoSuchEventError`."""
    return launch_key(text) if _UUID.fullmatch(text) else event_key(text)


def no_such_entry(key: EntryKey) -> NoSuchEventError | NoSuchLaunchError:
    """Give the error that tells of an entry which is not there."""
    return (NoSuchLaunchError if key.kind is EntryKind.LAUNCH else NoSuchEventError)(key.source_id)


def handle_errors(app: Flask, *, renderer_for: Callable[[str], Renderer]) -> None:
    """Answer every error in the form of the surface that `renderer_for` gives for the path asked."""

    def answer(error: Exception) -> Response:
        words = describe(error)
        try:
            response = renderer_for(request.path)(words)
        except Exception:
            # Whatever broke the answer may break its error page too; these words need nothing.
            log.exception("could not render the error page for %s", request.path)
            response = as_plain_text(words)
        return _with_status(response, words)

    app.register_error_handler(Exception, answer)


def describe(error: Exception) -> ErrorAnswer:
    """Put an exception into words. What is not foreseen is logged, and told without any detail."""
    for kind, words in _WORDS:
        if isinstance(error, kind):
            return words(error)
    log.error("unexpected error at %s", request.path, exc_info=error)
    return _UNFORESEEN


def _with_status(response: Response, answer: ErrorAnswer) -> Response:
    response.status_code = answer.status
    response.headers["Cache-Control"] = "no-store"
    if answer.allow:
        response.headers["Allow"] = ", ".join(answer.allow)
    if answer.retry_after is not None:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def _bad_query(error: InvalidQueryError) -> ErrorAnswer:
    return ErrorAnswer(
        400,
        "We couldn’t read that link",
        "Part of it doesn’t make sense:",
        faults=error.faults,
    )


def _no_such_event(error: NoSuchEventError) -> ErrorAnswer:
    asked = error.asked
    if asked.isascii() and asked.isdigit():
        return ErrorAnswer(
            404,
            "Event not found",
            f"There is no event {asked[:20]}. It may never have existed, or Launch Library may have deleted it.",
            ll2_words=_NO_MATCH,
        )
    fault = Fault("id", asked[:100], "an event number, such as 1211")
    text = "Event links contain the event’s number."
    return ErrorAnswer(404, "Event not found", text, faults=(fault,), ll2_words=_NO_MATCH)


def _no_such_launch(error: NoSuchLaunchError) -> ErrorAnswer:
    if _UUID.fullmatch(error.asked):
        text = f"There is no launch {error.asked}. It may never have existed, or Launch Library may have deleted it."
        return ErrorAnswer(404, "Launch not found", text, ll2_words=_NO_LAUNCH)
    fault = Fault("id", error.asked[:100], "a launch’s UUID, such as 724dd8ce-78ec-4dad-b17c-ff66c257fab7")
    text = "Launch links contain the launch’s UUID."
    return ErrorAnswer(404, "Launch not found", text, faults=(fault,), ll2_words=_NO_LAUNCH)


def _first_import(error: FirstImportPendingError) -> ErrorAnswer:
    trouble = f" The last attempt failed: {error.state.fault}." if error.state.fault else ""
    return ErrorAnswer(
        503,
        "Loading events for the first time",
        f"Perigee is fetching all events from Launch Library.{trouble} Please try again in a minute.",
        way_on=(("Try again", "/"),),
        retry_after=RETRY_SECONDS,
    )


def _untrusted_host(_error: SecurityError) -> ErrorAnswer:
    return ErrorAnswer(
        400,
        "Unknown host name",
        "This server is not set up for that host name. Its operator can allow it with PERIGEE_PUBLIC_URL "
        "or PERIGEE_TRUSTED_HOSTS.",
        way_on=(),
    )


def _http_error(error: HTTPException) -> ErrorAnswer:
    if isinstance(error, NotFound):
        return ErrorAnswer(404, "Page not found", "There is no page at this address.", ll2_words="Not found.")
    if isinstance(error, MethodNotAllowed):
        return _wrong_method(error)
    if isinstance(error, RequestURITooLarge):
        text = f"Links can have up to {LONGEST_ADDRESS:,} characters."
        return ErrorAnswer(414, "Link too long", text, ll2_words=f"Link too long. {text}")
    if isinstance(error, TooManyRequests):
        return _too_many(error)
    if isinstance(error, ServiceUnavailable):
        return _busy(error)
    return ErrorAnswer(error.code or 500, error.name, error.description or "")


def _too_many(error: TooManyRequests) -> ErrorAnswer:
    seconds = _seconds(error)
    waiting = "1 second" if seconds == 1 else f"{seconds} seconds"
    return ErrorAnswer(
        429,
        "Too many requests",
        f"You have reached the limit for your IP address. Please wait {waiting}.",
        way_on=(),
        retry_after=seconds,
        ll2_words=f"Request was throttled. Expected available in {waiting}.",
    )


def _busy(error: ServiceUnavailable) -> ErrorAnswer:
    return ErrorAnswer(
        503,
        "Server busy",
        "The server is busy. Please try again in a moment.",
        way_on=(("Try again", "/"),),
        retry_after=_seconds(error),
    )


def _seconds(error: TooManyRequests | ServiceUnavailable) -> int:
    return error.retry_after if isinstance(error.retry_after, int) else RETRY_SECONDS


def _wrong_method(error: MethodNotAllowed) -> ErrorAnswer:
    allowed = tuple(sorted(error.valid_methods or ()))
    text = f"This address only accepts {' and '.join(allowed)}."
    return ErrorAnswer(405, error.name, text, ll2_words=f'Method "{request.method}" not allowed.', allow=allowed)


def _unavailable(error: StoreUnavailableError) -> ErrorAnswer:
    log.error("database unavailable: %s", error)
    return ErrorAnswer(
        503,
        "Data temporarily unavailable",
        "Nothing is lost. Please try again in a few seconds.",
        way_on=(("Try again", "/"),),
        retry_after=5,
    )


_WORDS: tuple[tuple[type[Exception], Callable[..., ErrorAnswer]], ...] = (
    (InvalidQueryError, _bad_query),
    (NoSuchLaunchError, _no_such_launch),
    (NoSuchEventError, _no_such_event),
    (FirstImportPendingError, _first_import),
    (StoreUnavailableError, _unavailable),
    (SecurityError, _untrusted_host),
    (HTTPException, _http_error),
)
_UNFORESEEN = ErrorAnswer(
    500,
    "Something went wrong",
    "It’s our fault, not yours. The error has been logged.",
    ll2_words="A server error occurred.",
)


def as_plain_text(answer: ErrorAnswer) -> Response:
    """Say it in plain text, for programs."""
    lines = [answer.title + ".", answer.text]
    lines += [f"{fault.parameter}: got {fault.value!r}, expected {fault.expected}." for fault in answer.faults]
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
