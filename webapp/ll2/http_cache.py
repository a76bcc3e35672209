"""The HTTP cache of calls to Launch Library: it only revalidates (304), is bounded, and never fails a call."""

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
"""How large the body of a cached response may be: a page of a hundred events takes one or two MiB."""

MOST_BYTES_SERIALIZED = 2 * MOST_BYTES_OF_A_BODY
"""How large a cached response may be as it is stored: what is larger is not read back whole."""

_EXPIRED = datetime.fromtimestamp(0, UTC)
_ETAG = re.compile(r'(W/)?"[!\x23-\x7e]{0,200}"')  # RFC 9110, 8.8.3, in ASCII. `*` would be confirmed by anyone.


class CacheStorage(Protocol):
    """Keeps serialized responses by key, for a week and within bounds. Whatever it raises, the caller goes on."""

    def get(self, key: str) -> bytes | None:
        """Give what is kept, or its beginning if it is larger than it may be."""

    def put(self, key: str, cached: bytes) -> None:
        """Keep a cached response, in place of the one before."""

    def discard(self, key: str) -> None:
        """Delete what cannot be used: the response with this key, and whatever may be damaged together with it."""

    def close(self) -> None:
        """Give up connections."""


class HttpCache(BaseCache):
    """The HTTP cache of a session. It only saves transfers: what is damaged is discarded, and the call goes on.

    Cached responses have always expired: none is used unless the service confirms its ETag (304).
    """

    def __init__(self, storage: CacheStorage) -> None:
        super().__init__("perigee")
        self._storage = storage

    def get_response(self, key: str, default: CachedResponse | None = None) -> CachedResponse | None:
        """Give the cached response with this key."""
        try:
            cached = self._storage.get(key)
            return default if cached is None else _decode_response(cached, key)
        except Exception as error:  # noqa: BLE001 - whatever it is, it costs a transfer and no more
            self._discard(key, error)
            return default

    def save_response(
        self, response: requests.Response, cache_key: str | None = None, expires: datetime | None = None  # noqa: ARG002 - the library's
    ) -> None:  # fmt: skip
        """Keep a response that has an ETag."""
        if cache_key is None or not _is_cacheable(response):
            return
        try:
            self._storage.put(cache_key, _encode_response(response))
        except Exception as error:  # noqa: BLE001 - the same
            self._discard(cache_key, error)

    def forget(self, response: requests.Response) -> None:
        """Delete the cached response that turned out to be of no use: the service would confirm it for ever."""
        if key := getattr(response, "cache_key", None):
            self._discard(key, None)

    def close(self) -> None:
        """Give up connections."""
        super().close()  # type: ignore[no-untyped-call] # the library leaves it untyped
        self._storage.close()

    def _discard(self, key: str, error: Exception | None) -> None:
        if error is not None:
            log.warning("HTTP cache unavailable (%s: %s); continuing without it", type(error).__name__, error)
        try:
            self._storage.discard(key)
        except Exception as again:  # noqa: BLE001 - the same
            log.warning("could not delete the HTTP cache (%s: %s)", type(again).__name__, again)


def _is_cacheable(response: requests.Response) -> bool:
    etag = response.headers.get("ETag", "")
    return _ETAG.fullmatch(etag) is not None and len(response.content) <= MOST_BYTES_OF_A_BODY


def _encode_response(response: requests.Response) -> bytes:
    body = response.content
    cached = {
        "etag": response.headers["ETag"],
        "sha256": hashlib.sha256(body).hexdigest(),
        "body": b64encode(body).decode(),
    }
    return json.dumps(cached).encode()


def _decode_response(cached: bytes, key: str) -> CachedResponse:
    """Decode a cached response. Raises `ValueError` or `RecursionError` if it is not as it was written."""
    match json.loads(cached):
        case {"etag": str(etag), "sha256": str(digest), "body": str(encoded)} if _ETAG.fullmatch(etag):
            body = _decode_body(encoded)
            if hashlib.sha256(body).hexdigest() == digest:
                headers: Any = CaseInsensitiveDict({"ETag": etag})
                response = CachedResponse(content=body, headers=headers, status_code=200, expires=_EXPIRED)
                response.cache_key = key
                return response
    raise ValueError("a copy is not as it was written")


def _decode_body(encoded: str) -> bytes:
    try:
        return b64decode(encoded, validate=True)
    except binascii.Error as error:
        raise ValueError("a copy is not as it was written") from error
