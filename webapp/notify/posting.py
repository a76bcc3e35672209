"""Posting to an address of the owner's: one request, within seconds, and what came of it."""

from collections.abc import Mapping
from http import HTTPStatus

import requests

from webapp.domain.clock import Clock
from webapp.ll2.protocol import interpret_retry_after
from webapp.ll2.transport import RefusedAnswerError, bound
from webapp.notify.channels import Gone, Outcome, Retry, Sent

DEADLINE_SECONDS = 10.0
"""How long a request may take, from looking up the host to the last byte of the answer."""


def post(
    url: str, body: bytes, headers: Mapping[str, str], clock: Clock, *, seconds: float = DEADLINE_SECONDS
) -> Outcome:
    """Send a body in one request, which follows no redirect."""
    with requests.Session() as session:
        bound(session, seconds=seconds)
        try:
            answer = session.post(url, data=body, headers=dict(headers), allow_redirects=False)
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
