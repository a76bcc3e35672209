"""The fake Launch Library 2.3.0: a real HTTP server on loopback that a test starts, fills, and breaks on purpose."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from tests.fake_ll2.collections import LAUNCHES, LISTS, collection_at
from tests.fake_ll2.faults import Fault
from tests.fake_ll2.service import Service
from tests.fake_ll2.shapes import ROOT, Answer, Clock, Delivery, Record, Request, SeenRequest
from tests.fake_ll2.wire import LoopbackServer


def system_clock() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


class FakeLaunchLibrary:
    """Serves `records` (detailed 2.3.0 events) and `launches` under `url` for as long as its `with` block lasts.

    `hourly_limit` is the number of requests allowed in any 3600 seconds of `clock`, for each token and for those
    without one; None is no limit. `unlisted` are records that no list holds unless it is asked for them by their ids.
    All of these may be replaced at any time. The records themselves are never written to.
    """

    def __init__(
        self,
        records: Iterable[Record] = (),
        hourly_limit: int | None = None,
        clock: Clock | None = None,
        *,
        launches: Iterable[Record] = (),
    ) -> None:
        self.records = list(records)
        self.launches = list(launches)
        self.unlisted: list[Record] = []
        self.requests: list[SeenRequest] = []
        self.clock: Clock = clock or system_clock
        self._service = Service(hourly_limit)
        self._lock = threading.Lock()
        self._server: LoopbackServer | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        crashes = self.stop()
        if crashes and error is None:
            raise crashes[0]

    @property
    def url(self) -> str:
        """The base address, as in `http://127.0.0.1:PORT/2.3.0/`; the port stays over a stop and a start."""
        return f"http://127.0.0.1:{self._port}{ROOT}/"

    @property
    def hourly_limit(self) -> int | None:
        return self._service.throttle.limit

    @hourly_limit.setter
    def hourly_limit(self, limit: int | None) -> None:
        self._service.throttle.limit = limit

    @property
    def pending(self) -> list[Fault]:
        """The faults that no request has met yet, in order."""
        with self._lock:
            return self._service.faults.pending

    def start(self) -> None:
        """Listen, on the same port as before if there was one."""
        if self._server is None:
            self._server = LoopbackServer(self._port, self._answer)
            self._port = self._server.server_port

    def stop(self) -> list[BaseException]:
        """Refuse connections from now on; end those that are open. Returns what the server itself tripped over."""
        server, self._server = self._server, None
        if server is None:
            return []
        server.stop()
        return server.crashes

    @contextmanager
    def restored(self) -> Iterator[None]:
        """Let the block do as it likes with the library, and bring it back to what it was, on the same port."""
        held = list(self.records), list(self.launches), list(self.unlisted), list(self.requests), self.clock
        service, self._service = self._service, deepcopy(self._service)
        try:
            yield
            if crashes := self.stop():
                raise crashes[0]
        finally:
            self.stop()
            self.records, self.launches, self.unlisted, self.requests, self.clock = held
            self._service = service
            self.start()

    def put(self, record: Record) -> None:
        """Add an event, or replace the one with its id."""
        with self._lock:
            _put(record, self.records)

    def put_launch(self, record: Record) -> None:
        """Add a launch, or replace the one with its id."""
        with self._lock:
            _put(record, self.launches)

    def remove(self, id_: int) -> None:
        """Withdraw an event: it leaves every list and its address answers 404. KeyError if there is none."""
        with self._lock:
            _remove(id_, self.records)

    def remove_launch(self, id_: str) -> None:
        """Withdraw a launch in the same way."""
        with self._lock:
            _remove(id_, self.launches)

    def fail(self, fault: Fault, times: int = 1, on: str = "/events/", after: int = 0, **details: Any) -> None:
        """Queue a fault for `times` requests whose path below /2.3.0 starts with `on`, once `after` such have passed.

        A request meets one fault, the first in the queue that matches it. For the details see faults.DETAILS.
        """
        with self._lock:
            self._service.faults.add(fault, times=times, on=on, after=after, details=details)

    def be_good(self) -> None:
        """Forget all faults that no request has met, and answer those that a TIMEOUT holds."""
        with self._lock:
            self._service.faults.clear()
        self.release()

    def release(self) -> None:
        """Let the requests that a TIMEOUT holds be answered after all."""
        if self._server is not None:
            self._server.gate.release()

    def _answer(self, request: Request) -> Answer:
        """What to send for a request, which is noted as seen. Called on the server's threads."""
        with self._lock:
            records = self.launches if collection_at(request.endpoint) is LAUNCHES else self.records
            is_list = request.endpoint in LISTS and not request.last("id")
            records = records if is_list else [*records, *self.unlisted]
            answer = self._service.answer(request, records, self.clock().astimezone(UTC), self.url)
            unanswered = answer.delivery in {Delivery.HELD, Delivery.RESET}
            status = None if unanswered else answer.status
            self.requests.append(
                SeenRequest(request.method, request.path, list(request.query), request.headers, status)
            )
            return answer


def _put(record: Record, records: list[Record]) -> None:
    ids = [known.get("id") for known in records]
    if record["id"] in ids:
        records[ids.index(record["id"])] = record
    else:
        records.append(record)


def _remove(id_: object, records: list[Record]) -> None:
    kept = [record for record in records if record.get("id") != id_]
    if len(kept) == len(records):
        raise KeyError(id_)
    records[:] = kept
