"""Whole answers that take the place of the service's own: what gateways, throttles and resets look like."""

import html
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.fake_ll2.faults import Fault, QueuedFault
from tests.fake_ll2.floods import flood
from tests.fake_ll2.shapes import REASONS, Answer, Delivery, json_answer

PAGES = {
    Fault.HTML_500: 500,
    Fault.BAD_GATEWAY_502: 502,
    Fault.UNAVAILABLE_503: 503,
    Fault.GATEWAY_TIMEOUT_504: 504,
    Fault.CLOUDFLARE_524: 524,
}
# Turned away before the service counts them, so they cost no budget.
FREE = frozenset(
    {
        Fault.RESET,
        Fault.BAD_GATEWAY_502,
        Fault.UNAVAILABLE_503,
        Fault.THROTTLED,
        Fault.THROTTLED_HTTP_DATE,
        Fault.THROTTLED_BARE,
        Fault.UNAUTHORIZED_401,
    }
)


def canned_answer(queued: QueuedFault, now: datetime) -> Answer | None:
    """The answer of a fault that needs none of the service's; None for the others."""
    match queued.fault:
        case Fault.RESET:
            return Answer(200, b"", delivery=Delivery.RESET)
        case Fault.THROTTLED | Fault.THROTTLED_HTTP_DATE | Fault.THROTTLED_BARE:
            return _throttled(queued, now)
        case Fault.UNAUTHORIZED_401:
            return json_answer(401, {"detail": "Invalid token."}, ("WWW-Authenticate", "Token"))
        case Fault.REDIRECT:
            return Answer(queued.details["status"], b"", (("Location", queued.details["location"]),))
        case fault if fault in PAGES:
            return _html_page(PAGES[fault])
    return flood(queued)


def _throttled(queued: QueuedFault, now: datetime) -> Answer:
    wait = queued.details.get("retry_after")
    text = "Request was throttled." + ("" if wait is None else f" Expected available in {wait} seconds.")
    if wait is None:
        return json_answer(429, {"detail": text})
    if queued.fault is Fault.THROTTLED_HTTP_DATE:
        wait = format_datetime(now + timedelta(seconds=wait), usegmt=True)
    return json_answer(429, {"detail": text}, ("Retry-After", str(wait)))


def _html_page(status: int) -> Answer:
    title = html.escape(f"{status} {REASONS[status]}")
    body = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body><h1>{title}</h1></body></html>\n"
    return Answer(status, body.encode(), content_type="text/html; charset=utf-8")
