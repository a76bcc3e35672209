"""Refusal: an error is the fault of a record, which is then refused alone, or of the database, which cannot be used."""

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, StatementError

from webapp.domain.text import one_line

RECORD_ERRORS = (StatementError, ValueError, OverflowError, RecursionError)
"""What writing a record may raise, of its own fault or not: from the driver, or on the way to it."""

_LONGEST_REASON = 200
_LIMITS_EXCEEDED = "54"  # PostgreSQL's class of errors for what is too large, such as an address for its index.


def refusal_of(error: Exception) -> str | None:
    """Say why a record cannot be stored; `None` where it is the database that cannot be used, or is not as it should.

    The reason is the driver's own, cut to one line of bounded length.
    """
    if isinstance(error, DBAPIError) and not isinstance(error, DataError | IntegrityError) and not _is_limit(error):
        return None
    cause = error.orig if isinstance(error, StatementError) else error
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return f"record: could not be stored ({one_line(lines[0])[:_LONGEST_REASON]})"


def _is_limit(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return isinstance(error, OperationalError) and str(state).startswith(_LIMITS_EXCEEDED)
