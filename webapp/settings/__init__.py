"""Every setting, from the environment. All faults are found at once, at start."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from sqlalchemy.engine import URL

from webapp.domain.entry import EntryKind
from webapp.domain.pictures import PicturePolicy
from webapp.settings.options import OPTIONS, Option, SecretFileError

__all__ = ["OPTIONS", "InvalidSettingsError", "Option", "SettingFault", "Settings", "unknown_names"]


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
    notify: Path | None
    trusted_hosts: tuple[str, ...]
    proxies: int
    rate_limit: int
    ops_token: str | None
    ll2_url: str
    ll2_token: str | None
    ll2_hourly_budget: int
    kinds: tuple[EntryKind, ...] | None
    pictures: PicturePolicy
    pictures_mib: int
    push_hosts: tuple[str, ...]
    sample: bool
    api: bool
    api_cors: tuple[str, ...]
    log_level: str
    log_format: str

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ) -> "Settings":
        """Read the settings; an empty value counts as unset. Raises `InvalidSettingsError` with every fault."""
        values: dict[str, Any] = {}
        faults: list[SettingFault] = []
        for option in OPTIONS:
            try:
                values[option.field] = option.read(option.text(environ))
            except SecretFileError as error:
                faults.append(SettingFault(option.file_name, str(error)))
            except ValueError:
                in_file = f", or its file in {option.file_name} (not both)" if option.is_secret else ""
                faults.append(SettingFault(option.name, option.expected + in_file))
        if "public_url" in values and values["public_url"] is None:
            # A hub fetches the feeds itself, and notices lead to pages: both need an address that can be reached.
            needy = (option for option in OPTIONS if option.field in {"websub_hub", "notify"})
            faults += [SettingFault(one.name, one.expected) for one in needy if values.get(one.field)]
        if faults:
            raise InvalidSettingsError(faults)
        values["database_url"] = values["database_url"] or _sqlite_url(values["data_dir"] / "perigee.db")
        return cls(**values)

    @property
    def bind(self) -> str:
        """The address and the port to listen on, as one: an IPv6 address stands in brackets."""
        host = f"[{self.host}]" if ":" in self.host and not self.host.startswith("[") else self.host
        return f"{host}:{self.port}"

    @property
    def is_https(self) -> bool:
        """Whether the public address is one of HTTPS, so that browsers may be told to come by no other way."""
        return (self.public_url or "").startswith("https:")

    @property
    def sample_database_url(self) -> str:
        """Where the sample lives: in a database file of its own."""
        return _sqlite_url(self.data_dir / "sample.db")

    @property
    def http_cache(self) -> Path:
        """The file of the HTTP cache."""
        return self.data_dir / "http-cache.sqlite"

    @property
    def static_folder(self) -> Path:
        """Where the static files are, encoded for transfer."""
        return self.data_dir / "static"

    @property
    def demo_file(self) -> Path:
        """Where the invented year of the demo lives: in a database file of its own, made anew at each start."""
        return self.data_dir / "demo.db"

    @property
    def demo_database_url(self) -> str:
        """The demo's database as an address."""
        return _sqlite_url(self.demo_file)

    @property
    def may_show_sample(self) -> bool:
        """Whether the sample may stand in while the store is empty: never before subscribers of a public address."""
        return self.sample and self.public_url is None


def unknown_names(environ: Mapping[str, str] = os.environ) -> dict[str, str | None]:
    """List the names that begin with `PERIGEE_` and are no setting, each with the setting that was probably meant."""
    known = {name for option in OPTIONS for name in (option.name, *([option.file_name] if option.is_secret else []))}
    unknown = sorted(name for name in environ if name.startswith("PERIGEE_") and name not in known)
    return {name: next(iter(get_close_matches(name, known, n=1)), None) for name in unknown}


def _sqlite_url(file: Path) -> str:
    """Give the address of a SQLite file, whatever its name holds: a `?` would begin a query, a `%` an escape."""
    return URL.create("sqlite", database=str(file)).render_as_string()


if {option.field for option in OPTIONS} != {field.name for field in fields(Settings)}:  # pragma: no cover
    raise AssertionError("every setting needs its option")
