"""One request in, one answer out: the throttle, the queued faults and the routes, in the order they have their say."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.fake_ll2.canned import FREE, canned_answer
from tests.fake_ll2.collections import collection_at
from tests.fake_ll2.faults import Fault, FaultQueue, QueuedFault
from tests.fake_ll2.routes import Reply, reply_to
from tests.fake_ll2.shapes import Answer, Delivery, Record, Request, json_answer
from tests.fake_ll2.spoil import spoil_body, spoil_payload
from tests.fake_ll2.throttle import Throttle, throttled

DELIVERIES = {Fault.TIMEOUT: Delivery.HELD, Fault.RESET_MID_BODY: Delivery.HALF}


class Service:
    """The state that outlives a request: who asked how often, and what is to go wrong next. Not thread-safe."""

    def __init__(self, hourly_limit: int | None) -> None:
        self.throttle = Throttle(hourly_limit)
        self.faults = FaultQueue()

    def answer(self, request: Request, records: Iterable[Record], now: datetime, base: str) -> Answer:
        """The answer at `now` (UTC), faults included; `base` is the address of the root, ending in `/2.3.0/`."""
        queued = self.faults.take(request.endpoint)
        answer = self._admitted(request, queued, now) or _finished(
            request, queued, self._reply(request, records, now, base), base
        )
        skew = queued.details["by"] if queued and queued.fault is Fault.SKEWED_DATE else 0
        date = format_datetime(now + timedelta(seconds=skew), usegmt=True)
        return replace(answer, headers=(("Date", date), *answer.headers))

    def _admitted(self, request: Request, queued: QueuedFault | None, now: datetime) -> Answer | None:
        """Count the request; the answer that ends it here, if one does. A queued fault outranks the throttle."""
        counts = collection_at(request.endpoint) is not None
        if counts and queued is None and (wait := self.throttle.wait(request, now)) is not None:
            return throttled(wait)
        if counts and (queued is None or queued.fault not in FREE):
            self.throttle.charge(request, now)
        return canned_answer(queued, now) if queued else None

    def _reply(self, request: Request, records: Iterable[Record], now: datetime, base: str) -> Reply:
        if request.method not in {"GET", "HEAD"}:
            return Reply(405, {"detail": f'Method "{request.method}" not allowed.'})
        if request.endpoint == "/api-throttle/":
            return Reply(200, self.throttle.report(request, now))
        return reply_to(request, records, now, base)


def _finished(request: Request, queued: QueuedFault | None, reply: Reply, base: str) -> Answer:
    payload, status = reply.payload, reply.status
    if queued and status == 200:
        payload = spoil_payload(queued, payload, request, base + request.endpoint.removeprefix("/"))
    if queued and queued.fault is Fault.EMPTY_200:
        status = 200
    answer = json_answer(status, payload)
    answer = replace(answer, body=spoil_body(queued, answer.body))
    delivery = DELIVERIES.get(queued.fault, Delivery.WHOLE) if queued else Delivery.WHOLE
    # Half of a 304's empty body could not be told from all of it.
    answer = answer if delivery is Delivery.HALF else _revalidated(answer, request)
    if queued and queued.fault is Fault.HEADER:
        name, value = queued.details["name"], queued.details["value"]
        answer = replace(answer, headers=(*(one for one in answer.headers if one[0] != name), (name, value)))
    return replace(answer, delivery=delivery)


def _revalidated(answer: Answer, request: Request) -> Answer:
    """With its ETag, and as a 304 if the client has just these bytes."""
    if answer.status != 200:
        return answer
    etag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if etag in known or "*" in known:
        return Answer(304, b"", (("ETag", etag),))
    return replace(answer, headers=(*answer.headers, ("ETag", etag)))
