"""Copies of answers, for asking whether they still hold: JSON, bounded, and never worth a failure."""

import binascii
import hashlib
import json
import logging
import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from typing import Any, Protocol

import requests
from requests.structures import CaseInsensitiveDict
from requests_cache.backends.base import BaseCache
from requests_cache.models.response import CachedResponse

log = logging.getLogger(__name__)

MOST_BYTES_OF_A_BODY = 8 * 2**20
"""How large the body of a kept answer may be: a page of a hundred events takes one or two MiB."""

MOST_BYTES_OF_A_COPY = 2 * MOST_BYTES_OF_A_BODY
"""How much is read back at most."""

_EXPIRED = datetime.fromtimestamp(0, UTC)
_ETAG = re.compile(r'(W/)?"[!\x23-\x7e]{0,200}"')  # RFC 9110, 8.8.3, in ASCII. `*` would be confirmed by anyone.


class CopyStore(Protocol):
    """Keeps texts by their key, for a week at most and not too many. Whatever it raises, the caller goes on."""

    def get(self, key: str) -> bytes | None:
        """Give what is kept, or its beginning if it is larger than a copy may be."""

    def put(self, key: str, copy: bytes) -> None:
        """Keep a copy, in the place of the one before."""

    def put_away(self, key: str) -> None:
        """Forget what cannot be used: the copy with this key, and whatever may be damaged together with it."""

    def close(self) -> None:
        """Give up connections."""


class HttpCache(BaseCache):
    """The HTTP cache of a session. It only saves transfers: what is damaged is put away, and the call goes on.

    Copies have always expired: none is used unless the service confirms its ETag (304).
    """

    def __init__(self, copies: CopyStore) -> None:
        super().__init__("perigee")
        self._copies = copies

    def get_response(self, key: str, default: CachedResponse | None = None) -> CachedResponse | None:
        """Give the copy with this key."""
        try:
            copy = self._copies.get(key)
            return default if copy is None else _read(copy, key)
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs a transfer and no more
            self._put_away(key, error)
            return default

    def save_response(
        self, response: requests.Response, cache_key: str | None = None, expires: datetime | None = None  # noqa: ARG002 - the library's
    ) -> None:  # fmt: skip
        """Keep a copy, if the answer has an ETag."""
        if cache_key is None or not _is_kept(response):
            return
        try:
            self._copies.put(cache_key, _spell(response))
        except Exception as error:  # noqa: BLE001 - the same
            self._put_away(cache_key, error)

    def forget(self, response: requests.Response) -> None:
        """Forget the copy of an answer that turned out to be of no use: the service would confirm it for ever."""
        if key := getattr(response, "cache_key", None):
            self._put_away(key, None)

    def close(self) -> None:
        """Give up connections."""
        super().close()  # type: ignore[no-untyped-call] # the library leaves it untyped
        self._copies.close()

    def _put_away(self, key: str, error: Exception | None) -> None:
        if error is not None:
            log.warning("the HTTP cache cannot be used (%s: %s); going on without it", type(error).__name__, error)
        try:
            self._copies.put_away(key)
        except Exception as again:  # noqa: BLE001 - the same
            log.warning("the HTTP cache cannot be put away (%s: %s)", type(again).__name__, again)


def _is_kept(response: requests.Response) -> bool:
    etag = response.headers.get("ETag", "")
    return _ETAG.fullmatch(etag) is not None and len(response.content) <= MOST_BYTES_OF_A_BODY


def _spell(response: requests.Response) -> bytes:
    body = response.content
    copy = {
        "etag": response.headers["ETag"],
        "sha256": hashlib.sha256(body).hexdigest(),
        "body": b64encode(body).decode(),
    }
    return json.dumps(copy).encode()


def _read(copy: bytes, key: str) -> CachedResponse:
    """Read a copy back. Raises `ValueError` or `RecursionError` if it is not as it was written."""
    match json.loads(copy):
        case {"etag": str(etag), "sha256": str(digest), "body": str(coded)} if _ETAG.fullmatch(etag):
            body = _decode(coded)
            if hashlib.sha256(body).hexdigest() == digest:
                headers: Any = CaseInsensitiveDict({"ETag": etag})
                found = CachedResponse(content=body, headers=headers, status_code=200, expires=_EXPIRED)
                found.cache_key = key
                return found
    raise ValueError("a copy is not as it was written")


def _decode(coded: str) -> bytes:
    try:
        return b64decode(coded, validate=True)
    except binascii.Error as error:
        raise ValueError("a copy is not as it was written") from error
