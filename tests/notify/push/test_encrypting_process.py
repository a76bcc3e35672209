import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from webapp.domain.push_endpoints import PushKeys, encoded
from webapp.notify.push.encrypting_process import EncryptingProcess, EncryptionError, UnusableKeysError
from webapp.notify.push.encryption import public_bytes

AUTH = bytes(range(16))
ENDPOINT = "https://fcm.googleapis.com/fcm/send/abc"


def seal(process: EncryptingProcess, keys: PushKeys, private_key: str) -> bytes:
    return process.seal(
        "Grüße", endpoint=ENDPOINT, keys=keys, private_key=private_key, subject="https://example.org", now=1
    ).body


def test_one_child_answers_request_after_request_and_another_once_it_has_ended() -> None:
    browser = ec.generate_private_key(ec.SECP256R1())
    keys = PushKeys(encoded(public_bytes(browser)), encoded(AUTH))
    process = EncryptingProcess()
    try:
        ours = process.make_keys()
        for _ in range(2):
            sealed = seal(process, keys, ours.private)
            assert http_ece.decrypt(sealed, private_key=browser, auth_secret=AUTH) == "Grüße".encode()
        process.stop()
        assert seal(process, keys, ours.private)
        with pytest.raises(UnusableKeysError):
            seal(process, PushKeys(encoded(b"\4" + bytes(64)), encoded(AUTH)), ours.private)
    finally:
        process.stop()


def test_a_child_that_does_not_answer_in_time_is_an_error_and_is_ended() -> None:
    process = EncryptingProcess(timeout_s=0.0)
    with pytest.raises(EncryptionError):
        process.make_keys()
