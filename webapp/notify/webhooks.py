"""Webhooks: a message as the item of a JSON Feed, signed, in one request to an address of the owner's."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import requests

from webapp.domain.clock import Clock
from webapp.ll2.protocol import interpret_retry_after
from webapp.ll2.transport import RefusedAnswerError, bound
from webapp.notify.channels import Gone, Outcome, Retry, Sent

TIME_HEADER, SIGNATURE_HEADER = "Perigee-Time", "Perigee-Signature"
"""When a request was signed, in seconds since 1970, and its signature: `sha256=` and 64 hexadecimal digits."""

DEADLINE_SECONDS = 10.0
"""How long a request may take, from looking up the host to the last byte of the answer."""


def sign(secret: str, time: str, body: bytes) -> str:
    """Give the signature of a body at a time: HMAC-SHA-256 over the time, a dot and the body."""
    return "sha256=" + hmac.new(secret.encode(), time.encode() + b"." + body, hashlib.sha256).hexdigest()


def post_item(
    target: str, item: Mapping[str, Any], secret: str | None, clock: Clock, *, user_agent: str,
    seconds: float = DEADLINE_SECONDS,
) -> Outcome:  # fmt: skip
    """Send an item to a webhook."""
    body, time = json.dumps(item, ensure_ascii=False).encode(), str(int(clock().timestamp()))
    headers = {"Content-Type": "application/json", "User-Agent": user_agent, TIME_HEADER: time}
    if secret is not None:
        headers[SIGNATURE_HEADER] = sign(secret, time, body)
    with requests.Session() as session:
        bound(session, seconds=seconds)
        try:
            answer = session.post(target, data=body, headers=headers, allow_redirects=False)
        except RefusedAnswerError as error:
            return Retry(f"its answer {error.why}")
        except requests.Timeout:
            return Retry(f"no answer came within {seconds:g} s")
        except requests.RequestException as error:
            return Retry(f"it could not be reached ({type(error).__name__})")
    return _outcome_of(answer, clock)


def _outcome_of(answer: requests.Response, clock: Clock) -> Outcome:
    fault = f"it answered with status {answer.status_code}"
    if HTTPStatus.OK <= answer.status_code < HTTPStatus.MULTIPLE_CHOICES:
        return Sent()
    if answer.status_code == HTTPStatus.GONE:
        return Gone(fault)
    return Retry(fault, interpret_retry_after(answer.headers.get("Retry-After", ""), now=clock()))
