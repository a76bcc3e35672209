"""The table of settings: their variables, what they mean, their defaults, and how each is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platformdirs import user_data_path

from webapp.settings import value_types


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
        """Give the value as written, or the default. Raises `ValueError` if it is in a file that cannot be read."""
        written, file = environ.get(self.name, "").strip(), self._file(environ)
        if written and file:
            raise ValueError("both the value and a file are given")
        if file:
            try:
                return Path(file).read_text("utf-8").strip() or self.default
            except OSError as error:
                raise ValueError(str(error)) from error
        return written or self.default

    def is_set(self, environ: Mapping[str, str]) -> bool:
        """Whether the environment says anything."""
        return bool(environ.get(self.name, "").strip() or self._file(environ))

    def _file(self, environ: Mapping[str, str]) -> str:
        return environ.get(self.file_name, "").strip() if self.is_secret else ""


OPTIONS = (
    Option("HOST", "host", "127.0.0.1", "an address to listen on", "The address that the web server listens on.", str),
    Option("PORT", "port", "8000", "a port from 1 to 65535", "Its port.", value_types.whole_number(1, 65535)),
    Option(
        "PERIGEE_WORKERS",
        "workers",
        "1",
        "a number from 1 to 64",
        "How many processes answer requests: at most one for each core. Each has a cache of its own.",
        value_types.whole_number(1, 64),
    ),
    Option(
        "PERIGEE_THREADS",
        "threads",
        "4",
        "a number from 1 to 256",
        "How many answers each process makes at the same time. For those that are kept it has threads besides.",
        value_types.whole_number(1, 256),
    ),
    Option(
        "PERIGEE_CACHE_MIB",
        "cache_mib",
        "16",
        "a number from 0 to 4096",
        "How much memory each server process may use to keep answers and what they are made of, in MiB. 0 keeps none.",
        value_types.whole_number(0, 4096),
    ),
    Option(
        "PERIGEE_DATA_DIR",
        "data_dir",
        str(user_data_path("perigee")),
        "a folder",
        "The folder of everything that Perigee keeps: its databases and its HTTP cache.",
        value_types.folder,
    ),
    Option(
        "DATABASE_URL",
        "database_url",
        "",
        "an address that starts with sqlite:/// or postgresql://",
        "Where the store is. By default the file perigee.db in the data folder.",
        value_types.optional(value_types.database),
        is_secret=True,  # A PostgreSQL address may hold a password.
    ),
    Option(
        "REDIS_URL",
        "redis_url",
        "",
        "an address that starts with redis:// or rediss://",
        "A Redis or Valkey that keeps the HTTP cache and the counts of requests for all processes together.",
        value_types.optional(value_types.redis),
        is_secret=True,
    ),
    Option(
        "PERIGEE_PUBLIC_URL",
        "public_url",
        "",
        "an address without a path, such as https://events.example.org",
        "The address that people reach this server under: every link in a feed begins with it.",
        value_types.optional(value_types.origin),
    ),
    Option(
        "PERIGEE_WEBSUB_HUB",
        "websub_hub",
        "",
        "an http or https address, with PERIGEE_PUBLIC_URL set too",
        "A WebSub hub: the feeds name it, and it is told when they change. Without one nothing is claimed.",
        value_types.optional(value_types.page),
    ),
    Option(
        "PERIGEE_TRUSTED_HOSTS",
        "trusted_hosts",
        "localhost,127.0.0.1,[::1]",
        "host names of letters, digits, dots and hyphens, separated by commas",
        "Without a public address, the host names that a request may name. Others are refused.",
        value_types.hosts,
    ),
    Option(
        "PERIGEE_PROXIES",
        "proxies",
        "0",
        "a number from 0 to 10",
        "How many proxies stand in front, each adding the address of whom it serves to X-Forwarded-For.",
        value_types.whole_number(0, 10),
    ),
    Option(
        "PERIGEE_RATE_LIMIT",
        "rate_limit",
        "300",
        "a number from 0 to 100000",
        "How many ordinary answers a minute are made anew for one address; one that takes over 40 ms of CPU counts as "
        "several. 0 sets no limit, and this machine has none.",
        value_types.whole_number(0, 100_000),
    ),
    Option(
        "PERIGEE_OPS_TOKEN",
        "ops_token",
        "",
        "at least 16 characters of plain ASCII",
        "Whoever has it may read /metrics and the details of /readyz. Without one, only this machine, unproxied, may.",
        value_types.optional(value_types.token),
        is_secret=True,
    ),
    Option(
        "PERIGEE_LL2_URL",
        "ll2_url",
        "https://ll.thespacedevs.com/2.3.0/",
        "an http or https address",
        "The Launch Library 2 service to ask.",
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
        "How many calls to make to Launch Library in any hour, by all processes together. It allows 15 without a key.",
        value_types.whole_number(1, 3600),
    ),
    Option(
        "PERIGEE_SAMPLE",
        "sample",
        "auto",
        "auto or off",
        "Whether the shipped sample is shown while the store is still empty. A public address turns it off too.",
        value_types.switch("auto", "off"),
    ),
    Option(
        "PERIGEE_API",
        "api",
        "on",
        "on or off",
        "Whether programs can read the events in Launch Library's dialect, under /2.3.0/.",
        value_types.switch("on", "off"),
    ),
    Option(
        "PERIGEE_API_CORS",
        "api_cors",
        "",
        "origins such as https://club.example.org separated by commas, or *",
        "Web sites whose scripts may read the API from a visitor's browser. By default none may.",
        value_types.origins,
    ),
    Option(
        "PERIGEE_LOG_LEVEL",
        "log_level",
        "info",
        "one of debug, info, warning or error",
        "How much the log tells.",
        value_types.one_of("debug", "info", "warning", "error"),
    ),
    Option(
        "PERIGEE_LOG_FORMAT",
        "log_format",
        "text",
        "text or json",
        "Lines for people, or one JSON object a line for programs.",
        value_types.one_of("text", "json"),
    ),
)
"""Every setting, in the order in which `perigee config` and the documentation list them."""
