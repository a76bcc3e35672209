"""Fetching one original: bounded by one deadline and by bytes, conditional, from public addresses alone."""

import http.client
import re
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, ReadTimeoutError

from webapp.domain.clock import Clock
from webapp.ll2.connections import ALLOWANCE, Allowance, TooManyBytesError
from webapp.ll2.protocol import interpret_retry_after
from webapp.ll2.transport import within
from webapp.pictures.connections import Network
from webapp.pictures.public_addresses import RefusedAddressError, target_of

MOST_BYTES = 12 * 2**20
"""How many bytes an attempt may have, with all redirects and heads."""

DEADLINE_SECONDS = 20.0
"""How long an attempt may take, from looking up the first host to the last byte."""

_MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}
_CHUNK_BYTES = 64 * 2**10
_VALIDATOR = re.compile(r"[\x20-\x7e]{1,200}")


@dataclass(frozen=True, slots=True)
class Validators:
    """What a host gave with an original, to ask later whether that is still the same."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Original:
    """A new original came."""

    content: bytes
    validators: Validators
    bytes_came: int = 0


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The host said that the original is still the same (304)."""

    bytes_came: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """The host said that there is no such picture any more (404, 410)."""

    status: int
    bytes_came: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """Nothing usable came: `fault` says why, in a sentence without its stop. `wait` is how long the host asks for."""

    fault: str
    wait: timedelta | None = None
    bytes_came: int = 0


Outcome = Original | Unchanged | Gone | Failed

Fetch = Callable[[str, Validators], Outcome]
"""Asks for the original at an address, conditionally where there are validators."""


class _FaultError(Exception):
    """Why an answer is not taken."""


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Fetches originals. No request is repeated, no cookie is kept, and no proxy of the environment is used."""

    network: Network
    clock: Clock
    user_agent: str
    seconds: float = DEADLINE_SECONDS
    most_bytes: int = MOST_BYTES

    def __call__(self, url: str, validators: Validators) -> Outcome:
        """Ask for the original at an address."""
        allowance = Allowance(time.monotonic() + self.seconds, self.most_bytes)
        try:
            outcome = within(self.seconds, lambda: self._follow(url, validators, allowance))
        except (
            RefusedAddressError,
            _FaultError,
            TooManyBytesError,
            HTTPError,
            http.client.HTTPException,
            OSError,
        ) as e:
            outcome = Failed(self._words(e))
        return replace(outcome, bytes_came=min(self.most_bytes - allowance.bytes_left, self.most_bytes))

    def _follow(self, url: str, validators: Validators, allowance: Allowance) -> Outcome:
        ALLOWANCE.set(allowance)
        for _ in range(_MOST_REDIRECTS + 1):
            target = target_of(url)
            with closing(self.network.connection_to(target)) as connection:
                connection.request("GET", target.path, headers=self._headers(validators), preload_content=False)
                with closing(connection.getresponse()) as response:
                    location = response.headers.get("Location")
                    if response.status not in _REDIRECTS or location is None:
                        return self._interpret(response, validators)
            url = _joined(target.url, location)
        raise _FaultError(f"The host redirects more than {_MOST_REDIRECTS} times")

    def _headers(self, validators: Validators) -> Mapping[str, str]:
        conditions = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
        return {
            "User-Agent": self.user_agent,
            "Accept": "image/*",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **{name: value for name, value in conditions.items() if value is not None},
        }

    def _interpret(self, response: BaseHTTPResponse, validators: Validators) -> Outcome:
        if response.status == HTTPStatus.NOT_MODIFIED and validators != Validators():
            return Unchanged()
        if response.status in _GONE:
            return Gone(response.status)
        if response.status != HTTPStatus.OK:
            wait = interpret_retry_after(response.headers.get("Retry-After", ""), now=self.clock())
            return Failed(f"The host answered with status {response.status}", wait)
        if response.headers.get("Content-Encoding", "identity").strip().lower() not in {"", "identity"}:
            raise _FaultError("The host's answer is encoded, which was not asked for")
        if (response.length_remaining or 0) > self.most_bytes:
            raise TooManyBytesError
        content = b"".join(response.stream(_CHUNK_BYTES, decode_content=False))
        etag, last_modified = (_validator(response.headers.get(name)) for name in ("ETag", "Last-Modified"))
        return Original(content, Validators(etag, last_modified))

    def _words(self, error: Exception) -> str:
        if isinstance(error, TooManyBytesError):
            return f"The original is larger than {self.most_bytes // 2**20} MiB"
        if isinstance(error, (TimeoutError, ReadTimeoutError)):
            return f"The original did not come within {self.seconds:g} s"
        return _fault_words(error)


def _fault_words(error: Exception) -> str:
    """Say what went wrong in our own words: a host's might be anything."""
    if isinstance(error, _FaultError):
        return str(error)
    if isinstance(error, RefusedAddressError):
        return f"The address {error}"
    if isinstance(error, socket.gaierror):
        return "The host was not found"
    if isinstance(error, ssl.SSLError):
        return "The connection to the host is not secure"
    return "The connection to the host failed" if isinstance(error, OSError) else "The host's answer broke off"


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise RefusedAddressError("is no address") from error


def _validator(value: str | None) -> str | None:
    return value if value is not None and _VALIDATOR.fullmatch(value) else None
