"""The table of settings: their variables, what they mean, their defaults, and how each is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from webapp.settings import value_types


class SecretFileError(ValueError):
    """A file that should hold a secret and does not; the message says what was expected instead."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting: its variable, the field it fills, its default as one would write it, and what it means."""

    name: str
    field: str
    default: str
    expected: str
    meaning: str
    read: Callable[[str], Any]
    is_secret: bool = False

    @property
    def file_name(self) -> str:
        """The variable that may name a file with the value instead, if it is a secret."""
        return f"{self.name}_FILE"

    def text(self, environ: Mapping[str, str]) -> str:
        """Give the value as written, or the default. Raises `SecretFileError` for a file that lacks it."""
        written, file = environ.get(self.name, "").strip(), self._file(environ)
        if written and file:
            raise ValueError("set either the value or its file, not both")
        if file:
            return _secret_in(Path(file))
        return written or self.default

    def is_set(self, environ: Mapping[str, str]) -> bool:
        """Whether the environment says anything."""
        return bool(environ.get(self.name, "").strip() or self._file(environ))

    def _file(self, environ: Mapping[str, str]) -> str:
        return environ.get(self.file_name, "").strip() if self.is_secret else ""


def _secret_in(file: Path) -> str:
    try:
        text = file.read_text("utf-8").strip()
    except OSError as error:
        raise SecretFileError(f"a file that this user can read ({file}: {error.strerror})") from error
    except UnicodeDecodeError as error:
        raise SecretFileError(f"a file with text in UTF-8 ({file} has none)") from error
    if not text:
        raise SecretFileError(f"a file with the value in it ({file} is empty)")
    return text


def _usual_folder() -> str:
    """Give the usual folder for a program's data; nothing for a user who has no home: then it must be named."""
    try:
        return str(user_data_path("perigee"))
    except RuntimeError:
        return ""


OPTIONS = (
    Option("HOST", "host", "127.0.0.1", "an address to listen on", "The address the web server listens on.", str),
    Option(
        "PORT", "port", "8000", "a port from 1 to 65535", "The port it listens on.", value_types.whole_number(1, 65535)
    ),
    Option(
        "PERIGEE_WORKERS",
        "workers",
        "1",
        "a number from 1 to 64",
        "Number of server processes, at most one per core. Each has its own cache.",
        value_types.whole_number(1, 64),
    ),
    Option(
        "PERIGEE_THREADS",
        "threads",
        "4",
        "a number from 1 to 256",
        "How many responses each process makes at a time. Cached ones have threads of their own.",
        value_types.whole_number(1, 256),
    ),
    Option(
        "PERIGEE_CACHE_MIB",
        "cache_mib",
        "16",
        "a number from 0 to 4096",
        "Memory for caching responses and parts of them, per server process, in MiB. 0 turns caching off.",
        value_types.whole_number(0, 4096),
    ),
    Option(
        "PERIGEE_DATA_DIR",
        "data_dir",
        _usual_folder(),
        "a folder (there is no usual one for a user without a home)",
        "The folder for Perigee's databases and HTTP cache.",
        value_types.folder,
    ),
    Option(
        "DATABASE_URL",
        "database_url",
        "",
        "an address that starts with sqlite:/// or postgresql://",
        "The database. By default the file perigee.db in the data folder.",
        value_types.optional(value_types.database),
        is_secret=True,  # A PostgreSQL address may hold a password.
    ),
    Option(
        "REDIS_URL",
        "redis_url",
        "",
        "an address that starts with redis:// or rediss://",
        "A Redis or Valkey server where all processes share the HTTP cache and rate limits.",
        value_types.optional(value_types.redis),
        is_secret=True,
    ),
    Option(
        "PERIGEE_PUBLIC_URL",
        "public_url",
        "",
        "an address such as https://example.org/space/, with at most letters, digits, - . _ or ~ in its path",
        "This server's public address, used for all links in feeds. It may have a path.",
        value_types.optional(value_types.site_address),
    ),
    Option(
        "PERIGEE_WEBSUB_HUB",
        "websub_hub",
        "",
        "an http or https address, with PERIGEE_PUBLIC_URL set too",
        "A WebSub hub, named in the feeds and notified when they change.",
        value_types.optional(value_types.page),
    ),
    Option(
        "PERIGEE_NOTIFY",
        "notify",
        "",
        "a file of rules, with PERIGEE_PUBLIC_URL set too",
        "A file of rules that says which chats, mailboxes and webhooks are told of what. Chats and mail need the extra "
        "perigee[notify].",
        value_types.optional(value_types.file),
    ),
    Option(
        "PERIGEE_TRUSTED_HOSTS",
        "trusted_hosts",
        "localhost,127.0.0.1,[::1]",
        "host names of letters, digits, dots and hyphens, separated by commas",
        "Host names to accept when no public address is set.",
        value_types.hosts,
    ),
    Option(
        "PERIGEE_PROXIES",
        "proxies",
        "0",
        "a number from 0 to 10",
        "Number of proxies in front of the server, each adding its client's address to X-Forwarded-For.",
        value_types.whole_number(0, 10),
    ),
    Option(
        "PERIGEE_RATE_LIMIT",
        "rate_limit",
        "300",
        "a number from 0 to 100000",
        "Typical requests per minute and IP address. Cached responses don't count; those over 40 ms of CPU count as "
        "several. 0 means no limit; this machine is never limited.",
        value_types.whole_number(0, 100_000),
    ),
    Option(
        "PERIGEE_OPS_TOKEN",
        "ops_token",
        "",
        "at least 16 characters of plain ASCII",
        "Gives access to /metrics and the details of /readyz. Without it, only this machine has access (no proxy).",
        value_types.optional(value_types.token),
        is_secret=True,
    ),
    Option(
        "PERIGEE_LL2_URL",
        "ll2_url",
        "https://ll.thespacedevs.com/2.3.0/",
        "an http or https address",
        "The Launch Library 2 service to use.",
        value_types.service,
    ),
    Option(
        "PERIGEE_LL2_TOKEN",
        "ll2_token",
        "",
        "a token in plain ASCII",
        "Your key for Launch Library, if you have one. It allows more calls an hour.",
        value_types.optional(value_types.header_safe),
        is_secret=True,
    ),
    Option(
        "PERIGEE_LL2_HOURLY_BUDGET",
        "ll2_hourly_budget",
        "12",
        "a number of calls from 1 to 3600",
        "Maximum calls per hour to Launch Library, for all processes together. It allows 15 without a key.",
        value_types.whole_number(1, 3600),
    ),
    Option(
        "PERIGEE_KINDS",
        "kinds",
        "",
        "event, launch, or both separated by a comma",
        "What to sync and show. By default both; a database that held only events before launches came keeps to them.",
        value_types.optional(value_types.kinds),
    ),
    Option(
        "PERIGEE_PICTURES",
        "pictures",
        "licensed",
        "licensed, all or off",
        "Which pictures to fetch and show: those whose licence allows it, all (you answer for that), or none. "
        "Needs the extra perigee[pictures].",
        value_types.pictures,
    ),
    Option(
        "PERIGEE_PICTURES_MIB",
        "pictures_mib",
        "200",
        "a number from 1 to 100000",
        "Space in the database for pictures and cards, in MiB. Those of the oldest entries go first.",
        value_types.whole_number(1, 100_000),
    ),
    Option(
        "PERIGEE_PUSH_HOSTS",
        "push_hosts",
        "",
        "host names separated by commas, each with *. before it to mean all below it",
        "Further push services to send notices to, beside those of Chrome, Edge, Firefox and Safari.",
        value_types.push_hosts,
    ),
    Option(
        "PERIGEE_SAMPLE",
        "sample",
        "auto",
        "auto or off",
        "Whether to show the bundled sample until there is data. Always off with a public address.",
        value_types.switch("auto", "off"),
    ),
    Option(
        "PERIGEE_API",
        "api",
        "on",
        "on or off",
        "Whether to serve the Launch Library compatible API under /2.3.0/.",
        value_types.switch("on", "off"),
    ),
    Option(
        "PERIGEE_API_CORS",
        "api_cors",
        "",
        "origins such as https://club.example.org separated by commas, or *",
        "Web sites whose scripts may use the API from a visitor's browser. None by default.",
        value_types.origins,
    ),
    Option(
        "PERIGEE_LOG_LEVEL",
        "log_level",
        "info",
        "one of debug, info, warning or error",
        "How much to log.",
        value_types.one_of("debug", "info", "warning", "error"),
    ),
    Option(
        "PERIGEE_LOG_FORMAT",
        "log_format",
        "text",
        "text or json",
        "Plain text lines, or one JSON object per line.",
        value_types.one_of("text", "json"),
    ),
)
"""Every setting, in the order in which `perigee config` and the documentation list them."""
