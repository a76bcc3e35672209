"""What is logged, and how: lines for people, or one JSON object a line for programs. No visitor is ever named."""

import json
import logging
import sys
from datetime import UTC, datetime

from webapp.settings import Settings
from webapp.web.request_id import request_id

_PLAIN = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_QUIET = ("alembic", "granian", "_granian", "urllib3")
# What comes from outside, such as a path, must not begin a line of its own.
_ESCAPED = {code: f"\\x{code:02x}" for code in (*range(32), *range(127, 160))} | {0x2028: " ", 0x2029: " "}
# Some readers of lines end one at these too, which JSON lets stand.
_ESCAPED_IN_JSON = {code: f"\\u{code:04x}" for code in (*range(127, 160), 0x2028, 0x2029)}


class JsonFormatter(logging.Formatter):
    """One object a line: `time` (UTC), `level`, `logger`, `message`, and whatever the line was given as `extra`."""

    _PLAIN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        """Write a record as one line of JSON."""
        fields = {
            "time": _utc(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **({"request_id": current} if (current := request_id.get()) else {}),
            **{name: value for name, value in vars(record).items() if name not in self._PLAIN_FIELDS},
        }
        if record.exc_info:
            fields["exception"] = self.formatException(record.exc_info)
        return json.dumps(fields, ensure_ascii=False, default=str).translate(_ESCAPED_IN_JSON)


class PlainFormatter(logging.Formatter):
    """A line for people; of what the line was given besides, the request's id stands at its end."""

    def __init__(self) -> None:
        super().__init__(_PLAIN)

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802 - its shape
        """Write when it was, in UTC, to the millisecond."""
        return _utc(record)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the library's own name
        """Write all of it but the traceback."""
        line = super().formatMessage(record).translate(_ESCAPED)
        request = request_id.get()
        return f"{line} [{request}]" if request else line


def _utc(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def set_up_logging(settings: Settings) -> None:
    """Log to the standard error as the settings say. To be called once in each process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else PlainFormatter())
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
