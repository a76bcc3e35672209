"""Every setting, from the environment. All faults are found at once, at start."""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from platformdirs import user_data_path
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from webapp.domain.text import web_url

_SHORTEST_TOKEN = 16


@dataclass(frozen=True, slots=True)
class SettingFault:
    """What is wrong with one setting."""

    name: str
    expected: str


class InvalidSettingsError(ValueError):
    """Settings that cannot be used; `faults` names every one of them."""

    def __init__(self, faults: Sequence[SettingFault]) -> None:
        super().__init__("\n".join(f"{fault.name}: expected {fault.expected}" for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment decides. `OPTIONS` says what each field means."""

    host: str
    port: int
    workers: int
    threads: int
    cache_mib: int
    data_dir: Path
    database_url: str
    redis_url: str | None
    public_url: str | None
    websub_hub: str | None
    trusted_hosts: tuple[str, ...]
    proxies: int
    rate_limit: int
    ops_token: str | None
    ll2_url: str
    ll2_token: str | None
    ll2_hourly_budget: int
    sample: bool
    api: bool
    api_cors: tuple[str, ...]
    log_level: str
    log_format: str

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; an empty value counts as unset. Raises `InvalidSettingsError` with every fault."""
        found: dict[str, Any] = {}
        faults: list[SettingFault] = []
        for option in OPTIONS:
            try:
                found[option.field] = option.read(option.text(environ))
            except ValueError:
                in_file = f", or its file in {option.file_name}, not both" if option.is_secret else ""
                faults.append(SettingFault(option.name, option.expected + in_file))
        if found.get("websub_hub") and "public_url" in found and found["public_url"] is None:
            # A hub fetches the feeds itself: it must be told an address that it can reach.
            hub = next(option for option in OPTIONS if option.field == "websub_hub")
            faults.append(SettingFault(hub.name, hub.expected))
        if faults:
            raise InvalidSettingsError(faults)
        found["database_url"] = found["database_url"] or f"sqlite:///{found['data_dir'] / 'perigee.db'}"
        return cls(**found)

    @property
    def bind(self) -> str:
        """The address and the port to listen on, as one: an IPv6 address stands in brackets."""
        host = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        return f"{host}:{self.port}"

    @property
    def sample_database_url(self) -> str:
        """Where the sample lives: in a database file of its own."""
        return f"sqlite:///{self.data_dir / 'sample.db'}"

    @property
    def http_cache(self) -> Path:
        """The file of the HTTP cache, without its ending."""
        return self.data_dir / "http-cache"

    @property
    def demo_file(self) -> Path:
        """Where the invented year of the demo lives: in a database file of its own, made anew at each start."""
        return self.data_dir / "demo.db"

    @property
    def demo_database_url(self) -> str:
        """The demo's database as an address."""
        return f"sqlite:///{self.demo_file}"

    @property
    def may_show_sample(self) -> bool:
        """Whether the sample may stand in while the store is empty: never before subscribers of a public address."""
        return self.sample and self.public_url is None


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


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ValueError(text)
        return int(text)

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.casefold() not in words:
            raise ValueError(text)
        return text.casefold()

    return read


def _sample(text: str) -> bool:
    return _one_of("auto", "off")(text) == "auto"


def _switch(text: str) -> bool:
    return _one_of("on", "off")(text) == "on"


def _origins(text: str) -> tuple[str, ...]:
    """Read the origins that `Access-Control-Allow-Origin` may name, spelled as browsers send them, or `*`."""
    found = [piece.strip() for piece in text.split(",") if piece.strip()]
    return tuple("*" if one == "*" else (_origin(one) or "").casefold() for one in found)


def _origin(text: str) -> str | None:
    if not text:
        return None
    parts = _web_address(text)
    if parts.path.strip("/"):
        raise ValueError(text)
    return f"{parts.scheme}://{parts.netloc}"


def _service(text: str) -> str:
    _web_address(text)
    return text.rstrip("/") + "/"


def _hub(text: str) -> str | None:
    if not text:
        return None
    if (url := web_url(text)) is None:
        raise ValueError(text)
    return url


def _web_address(text: str) -> SplitResult:
    parts = urlsplit(text)
    if web_url(text) is None or parts.query or parts.fragment or parts.username is not None:
        raise ValueError(text)
    return parts


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(host.strip() for host in text.split(",") if host.strip())


def _database(text: str) -> str:
    if not text:
        return text
    try:
        url = make_url(re.sub("^postgres:", "postgresql:", text))
    except ArgumentError as error:
        raise ValueError(text) from error
    # A database in memory would be another one in each thread.
    if url.drivername not in {"sqlite", "postgresql"} or (url.drivername == "sqlite" and not _is_file(url)):
        raise ValueError(text)
    return url.render_as_string(hide_password=False)


def _is_file(url: URL) -> bool:
    return bool(url.database) and url.database != ":memory:"


def _redis(text: str) -> str | None:
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ValueError(text)
    return text


def _token(text: str) -> str | None:
    found = _header_safe(text)
    if found is not None and len(found) < _SHORTEST_TOKEN:
        raise ValueError(text)
    return found


def _header_safe(text: str) -> str | None:
    if not text.isascii() or not text.isprintable():
        raise ValueError(text)
    return text or None


def _folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


OPTIONS = (
    Option("HOST", "host", "127.0.0.1", "an address to listen on", "The address that the web server listens on.", str),
    Option("PORT", "port", "8000", "a port from 1 to 65535", "Its port.", _whole_number(1, 65535)),
    Option(
        "PERIGEE_WORKERS",
        "workers",
        "1",
        "a number from 1 to 64",
        "How many processes answer requests: at most one for each core. Each has a cache of its own.",
        _whole_number(1, 64),
    ),
    Option(
        "PERIGEE_THREADS",
        "threads",
        "4",
        "a number from 1 to 256",
        "How many requests each process answers at the same time.",
        _whole_number(1, 256),
    ),
    Option(
        "PERIGEE_CACHE_MIB",
        "cache_mib",
        "32",
        "a number from 0 to 4096",
        "How much memory each server process may use to keep finished answers, in MiB. With 0 each is made anew.",
        _whole_number(0, 4096),
    ),
    Option(
        "PERIGEE_DATA_DIR",
        "data_dir",
        str(user_data_path("perigee")),
        "a folder",
        "The folder of everything that Perigee keeps: its databases and its HTTP cache.",
        _folder,
    ),
    Option(
        "DATABASE_URL",
        "database_url",
        "",
        "an address that starts with sqlite:/// or postgresql://",
        "Where the store is. By default the file perigee.db in the data folder.",
        _database,
        is_secret=True,  # A PostgreSQL address may hold a password.
    ),
    Option(
        "REDIS_URL",
        "redis_url",
        "",
        "an address that starts with redis:// or rediss://",
        "A Redis or Valkey that keeps the HTTP cache and the counts of requests for all processes together.",
        _redis,
        is_secret=True,
    ),
    Option(
        "PERIGEE_PUBLIC_URL",
        "public_url",
        "",
        "an address without a path, such as https://events.example.org",
        "The address that people reach this server under: every link in a feed begins with it.",
        _origin,
    ),
    Option(
        "PERIGEE_WEBSUB_HUB",
        "websub_hub",
        "",
        "an http or https address, with PERIGEE_PUBLIC_URL set too",
        "A WebSub hub: the feeds name it, and it is told when they change. Without one nothing is claimed.",
        _hub,
    ),
    Option(
        "PERIGEE_TRUSTED_HOSTS",
        "trusted_hosts",
        "localhost,127.0.0.1,[::1]",
        "host names separated by commas",
        "Without a public address, the host names that a request may name. Others are refused.",
        _hosts,
    ),
    Option(
        "PERIGEE_PROXIES",
        "proxies",
        "0",
        "a number from 0 to 10",
        "How many proxies stand in front, each adding the address of whom it serves to X-Forwarded-For.",
        _whole_number(0, 10),
    ),
    Option(
        "PERIGEE_RATE_LIMIT",
        "rate_limit",
        "300",
        "a number from 0 to 100000",
        "How many answers a minute are made anew for one address. 0 sets no limit, and this machine has none.",
        _whole_number(0, 100_000),
    ),
    Option(
        "PERIGEE_OPS_TOKEN",
        "ops_token",
        "",
        "at least 16 characters of plain ASCII",
        "Whoever has it may read /metrics and the details of /readyz. Without one, only this machine, unproxied, may.",
        _token,
        is_secret=True,
    ),
    Option(
        "PERIGEE_LL2_URL",
        "ll2_url",
        "https://ll.thespacedevs.com/2.3.0/",
        "an http or https address",
        "The Launch Library 2 service to ask.",
        _service,
    ),
    Option(
        "PERIGEE_LL2_TOKEN",
        "ll2_token",
        "",
        "a token in plain ASCII",
        "Your key for Launch Library, if you have one. It allows more calls an hour.",
        _header_safe,
        is_secret=True,
    ),
    Option(
        "PERIGEE_LL2_HOURLY_BUDGET",
        "ll2_hourly_budget",
        "12",
        "a number of calls from 1 to 3600",
        "How many calls to make to Launch Library in any hour, by all processes together. It allows 15 without a key.",
        _whole_number(1, 3600),
    ),
    Option(
        "PERIGEE_SAMPLE",
        "sample",
        "auto",
        "auto or off",
        "Whether the shipped sample is shown while the store is still empty. A public address turns it off too.",
        _sample,
    ),
    Option(
        "PERIGEE_API",
        "api",
        "on",
        "on or off",
        "Whether programs can read the events in Launch Library's dialect, under /2.3.0/.",
        _switch,
    ),
    Option(
        "PERIGEE_API_CORS",
        "api_cors",
        "",
        "origins such as https://club.example.org separated by commas, or *",
        "Web sites whose scripts may read the API from a visitor's browser. By default none may.",
        _origins,
    ),
    Option(
        "PERIGEE_LOG_LEVEL",
        "log_level",
        "info",
        "one of debug, info, warning or error",
        "How much the log tells.",
        _one_of("debug", "info", "warning", "error"),
    ),
    Option(
        "PERIGEE_LOG_FORMAT",
        "log_format",
        "text",
        "text or json",
        "Lines for people, or one JSON object a line for programs.",
        _one_of("text", "json"),
    ),
)
"""Every setting, in the order in which `perigee config` and the documentation list them."""

if {option.field for option in OPTIONS} != {field.name for field in fields(Settings)}:  # pragma: no cover
    raise AssertionError("every setting needs its option")
