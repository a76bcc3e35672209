"""The number of the request that is being answered, for whoever wants to name it."""

from contextvars import ContextVar

request_number: ContextVar[str | None] = ContextVar("request_number", default=None)
"""16 hexadecimal digits, or what a proxy calls it; `None` where no request is at work."""
