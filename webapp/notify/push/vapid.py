"""VAPID: how a push service knows which server sends (RFC 8292). Only the encrypting process imports this."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from webapp.domain.push_endpoints import decoded, encoded
from webapp.notify.push.encryption import public_bytes

LASTS: Final = timedelta(hours=12)
"""How long a signature counts: at most a day, and push services' clocks differ from ours."""

_NUMBER_BYTES: Final = 32


def make_private_key() -> str:
    """Make a new private key, as its number in base64url."""
    private = ec.generate_private_key(ec.SECP256R1())
    return encoded(private.private_numbers().private_value.to_bytes(_NUMBER_BYTES))


def public_key_of(private_key: str) -> str:
    """Give the public key of a private one, as browsers take it: an uncompressed point in base64url."""
    return encoded(public_bytes(_read(private_key)))


def authorization(endpoint: str, *, private_key: str, subject: str, now: int) -> str:
    """Write the `Authorization` of a message to an endpoint. `subject` says whom the push service may write to.

    `now` is in seconds since 1970.
    """
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + int(LASTS.total_seconds()), "sub": subject}
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    key = _read(private_key)
    numbers = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    signature = encoded(b"".join(number.to_bytes(_NUMBER_BYTES) for number in numbers))
    return f"vapid t={signed}.{signature}, k={encoded(public_bytes(key))}"


def _json(value: Mapping[str, object]) -> str:
    return encoded(json.dumps(value, separators=(",", ":")).encode())


def _read(private_key: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(private_key) or b""), ec.SECP256R1())
