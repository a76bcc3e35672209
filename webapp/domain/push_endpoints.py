"""Push endpoints: the address and the keys that a browser is reached by (RFC 8030, RFC 8291), and which are believed.

A visitor's browser names them, and so may anyone else: what is no plain address of a known push service is refused.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

PUSH_SERVICES: Final = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)
"""The push services of browsers: exact names of hosts, or `*.` and what a name must end with."""

LONGEST_ENDPOINT: Final = 1000

_ENDPOINT: Final = re.compile(
    r"https://(?P<host>[a-z0-9-]+(\.[a-z0-9-]+)+)(:443)?/[A-Za-z0-9._~!$&'()*+,;=:@/%?-]*", re.ASCII
)
_PATTERN: Final = re.compile(r"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII)
_BASE64URL: Final = re.compile(r"[A-Za-z0-9_-]+")

# P-256 (SP 800-186, 3.2.1.3): the points that fulfil y² = x³ - 3x + b modulo p.
_P: Final = 2**256 - 2**224 + 2**192 + 2**96 - 1
_B: Final = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
_UNCOMPRESSED: Final = 4
_COORDINATE_BYTES: Final = 32
_AUTH_BYTES: Final = 16


@dataclass(frozen=True, slots=True)
class PushKeys:
    """A browser's keys: `p256dh` is its public key, a point on P-256, `auth` a secret of 16 bytes, in base64url."""

    p256dh: str
    auth: str


def is_endpoint(address: str, services: Collection[str] = PUSH_SERVICES) -> bool:
    """Whether this is the address of one of these push services, spelled plainly: https, its own port, no user."""
    parsed = _ENDPOINT.fullmatch(address) if len(address) <= LONGEST_ENDPOINT else None
    return parsed is not None and any(_fits(parsed["host"], service) for service in services)


def is_host_pattern(text: str) -> bool:
    """Whether this names hosts as `PUSH_SERVICES` does."""
    return _PATTERN.fullmatch(text) is not None


def are_keys(keys: PushKeys) -> bool:
    """Whether messages can be encrypted for these keys."""
    point, auth = decoded(keys.p256dh), decoded(keys.auth)
    return point is not None and _is_on_curve(point) and auth is not None and len(auth) == _AUTH_BYTES


def decoded(text: str) -> bytes | None:
    """Read base64url without padding, or give `None` for what is none, or not as `encoded` would write it."""
    if not _BASE64URL.fullmatch(text) or len(text) % 4 == 1:
        return None
    content = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return content if encoded(content) == text else None


def encoded(content: bytes) -> str:
    """Write base64url without padding (RFC 7515, 2)."""
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _fits(host: str, service: str) -> bool:
    return host.endswith(service[1:]) if service.startswith("*.") else host == service


def _is_on_curve(point: bytes) -> bool:
    if len(point) != 1 + 2 * _COORDINATE_BYTES or point[0] != _UNCOMPRESSED:
        return False
    x, y = (int.from_bytes(part) for part in (point[1 : 1 + _COORDINATE_BYTES], point[1 + _COORDINATE_BYTES :]))
    return max(x, y) < _P and (y * y - (x * x * x - 3 * x + _B)) % _P == 0
