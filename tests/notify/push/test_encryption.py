import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from webapp.domain.push_endpoints import decoded
from webapp.notify.push.encryption import encrypt, public_bytes
from webapp.notify.push.payload import MOST_BYTES, write_payload
from webapp.notify.push.vapid import authorization, make_private_key, public_key_of

NOW = int(datetime(2031, 5, 16, tzinfo=UTC).timestamp())


def bytes_of(text: str) -> bytes:
    return decoded(text) or b""


def private_key_of(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(bytes_of(text)), ec.SECP256R1())


def test_the_example_of_the_rfc_is_encrypted_to_the_bytes_it_gives() -> None:
    """RFC 8291, Appendix A."""
    encrypted = encrypt(
        b"When I grow up, I want to be a watermelon",
        bytes_of("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        bytes_of("BTBZMqHH6r4Tts7J_aSIgg"),
        salt=bytes_of("DGv6ra1nlYgDCS1FRnbzlw"),
        private_key=private_key_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert encrypted == bytes_of(
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@pytest.mark.parametrize("body", ["Moved: 2 Aug 07:12 → 3 Aug 06:45 UTC", "", "🛰" * 3000, "x" * 5000, '"\\' * 2500])
def test_another_implementation_decrypts_what_was_encrypted_of_any_length(body: str) -> None:
    private, auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
    payload = write_payload(title="Spacewalk 47", body=body, url="https://example.org/events/1", tag="event 1")
    encrypted = encrypt(payload.encode(), public_bytes(private), auth)
    assert len(encrypted) <= MOST_BYTES
    decrypted = http_ece.decrypt(encrypted, private_key=private, auth_secret=auth, version="aes128gcm")
    read = json.loads(decrypted)
    assert read["web_push"] == 8030
    shown = read["notification"]
    assert (shown["title"], shown["navigate"], shown["tag"]) == (
        "Spacewalk 47", "https://example.org/events/1", "event 1",
    )  # fmt: skip
    assert shown["body"] == body or (body.startswith(shown["body"][:-1]) and shown["body"].endswith("…"))
    assert shown["body"] == body or len(encrypted) > MOST_BYTES - 400


def test_a_message_has_a_salt_and_a_key_of_its_own() -> None:
    private, auth = ec.generate_private_key(ec.SECP256R1()), bytes(16)
    first, second = (encrypt(b"{}", public_bytes(private), auth) for _ in range(2))
    assert first[:16] != second[:16]
    assert first[21:86] != second[21:86]


def test_a_signature_says_to_whom_until_when_and_from_whom() -> None:
    private_key = make_private_key()
    written = authorization(
        "https://fcm.googleapis.com/fcm/send/abc", private_key=private_key, subject="https://example.org", now=NOW
    )
    scheme, token, key = written.replace(",", "").split()
    assert (scheme, key) == ("vapid", f"k={public_key_of(private_key)}")
    head, claims, signature = token.removeprefix("t=").split(".")
    assert json.loads(urlsafe_b64decode(head + "==")) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(bytes_of(claims)) == {
        "aud": "https://fcm.googleapis.com",
        "exp": NOW + 12 * 3600,
        "sub": "https://example.org",
    }
    numbers = bytes_of(signature)
    assert len(numbers) == 64
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(public_key_of(private_key)))
    der = encode_dss_signature(int.from_bytes(numbers[:32]), int.from_bytes(numbers[32:]))
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))  # Raises for any other.
