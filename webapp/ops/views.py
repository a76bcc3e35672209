"""The addresses of health, readiness and metrics."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hmac import compare_digest

from flask import Blueprint, Response, abort, request
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from webapp.instance.editions import FirstImportPendingError
from webapp.instance.site import current_edition
from webapp.instance.status import current_status
from webapp.ops.metrics import Metrics
from webapp.store import StoreUnavailableError
from webapp.web.errors import RETRY_SECONDS
from webapp.web.hosts import is_this_machine

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


@dataclass(frozen=True, slots=True)
class Insiders:
    """Who may see how it stands within: whoever has the token, and, where nothing stands in front, this machine.

    Behind a proxy every request comes from this machine, or may; `is_public` says that one is there.
    """

    token: str | None
    is_public: bool

    def has_present(self) -> bool:
        """Whether the present request comes from one."""
        if self.token is not None:
            given = request.headers.get("Authorization", "").removeprefix("Bearer ")
            return compare_digest(given.encode(), self.token.encode())
        if self.is_public or any(name in request.headers for name in _FORWARDED):
            return False
        return is_this_machine(request.remote_addr)


def make_operations(metrics: Metrics, insiders: Insiders) -> Blueprint:
    """Make the blueprint of what those who run Perigee look at."""
    blueprint = Blueprint("ops", __name__)
    blueprint.add_url_rule("/healthz", "health", lambda: _say("text/plain", "ok\n"))
    blueprint.add_url_rule("/readyz", "readiness", lambda: _readiness(detailed=insiders.has_present()))
    blueprint.add_url_rule("/metrics", "metrics", _only(insiders, lambda: _exposition(metrics)))
    return blueprint


def _only(insiders: Insiders, view: Callable[[], Response]) -> Callable[[], Response]:
    def guarded() -> Response:
        if not insiders.has_present():
            abort(404)  # To others it is not there.
        return view()

    return guarded


def _exposition(metrics: Metrics) -> Response:
    return _say(CONTENT_TYPE_PLAIN_0_0_4, metrics.exposition(current_status))


def _readiness(*, detailed: bool) -> Response:
    """Say whether this process has something to show: the store can be read, and holds events or a stand-in."""
    status, fault = None, None
    try:
        edition = current_edition()
        if detailed:
            status = current_status()
        else:
            # Anyone may ask, as often as they like: all the counts of a status would cost much more.
            with edition.store.read() as snapshot:
                _ = snapshot.state
    except FirstImportPendingError as error:
        fault = f"{error}"
    except StoreUnavailableError as error:
        fault = f"the database is unavailable: {error}"
    report: dict[str, object] = {"ready": fault is None}
    if detailed:
        report |= {"fault": fault}
        if status is not None:
            state = status.state
            report |= {
                "edition": edition.stand_in.name if edition.stand_in else "real",
                "generation": state.generation,
                "age_seconds": status.age_seconds,
                "is_syncing": status.is_syncing,
                "failures": state.failures,
                "trouble": status.trouble,
            }
    response = _say("application/json", json.dumps(report) + "\n")
    if fault is not None:
        response.status_code = 503
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _say(content_type: str, body: str | bytes) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Cache-Control"] = "no-store"
    return response
