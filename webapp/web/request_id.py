"""The id of the request that is being answered, for the log and for answers that fail."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
"""16 hexadecimal digits, or the `X-Request-ID` of a proxy; `None` where no request is at work."""
