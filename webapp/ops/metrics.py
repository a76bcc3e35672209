"""What is measured, for Prometheus."""

import os
from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from webapp import __version__
from webapp.instance.status import NoticeStatus, Status

COUNTS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which the library is told, before it is imported, where several processes add up counts."""

# When a count began helps nobody here, and would be a second gauge for each.
disable_created_metrics()  # type: ignore[no-untyped-call] # the library leaves it untyped

_BOUNDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counts of this process, or of all of the server where there are several."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "perigee_requests", "Requests served", ("surface", "method", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "perigee_request_seconds", "Time until the response started", ("surface",), buckets=_BOUNDS,
            registry=self._registry,
        )  # fmt: skip
        self._kept = Counter("perigee_cache_lookups", "Response cache lookups", ("outcome",), registry=self._registry)

    def count(self, surface: str, method: str, status: str, seconds: float, outcome: str | None) -> None:
        """Count one request; `outcome` is `hit` or `miss` where an answer was sought among those that are kept."""
        self._requests.labels(surface, method, status).inc()
        self._seconds.labels(surface).observe(seconds)
        if outcome is not None:
            self._kept.labels(outcome).inc()

    def exposition(self, gather: Callable[[], Status]) -> bytes:
        """Give everything in Prometheus's text format; `gather` tells how syncing and the store stand."""
        registry = CollectorRegistry() if os.environ.get(COUNTS_FOLDER) else self._registry
        if registry is not self._registry:
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library leaves it untyped
        store = CollectorRegistry()
        store.register(_StoreCollector(gather))
        return generate_latest(registry) + generate_latest(store)


class _StoreCollector(Collector):
    """Reads the store when asked, so that every process of every machine tells the same."""

    def __init__(self, gather: Callable[[], Status]) -> None:
        self._gather = gather

    def collect(self) -> list[Metric]:
        """Give what the store tells."""
        status = self._gather()
        state, counts = status.state, status.counts
        metrics: list[Metric] = [
            _gauge("perigee_generation", "Data version: rises with every visible change", state.generation),
            _gauge("perigee_events", "Events listed by the source", counts.entries),
            _gauge("perigee_events_withdrawn", "Events withdrawn by the source", counts.withdrawn),
            _gauge("perigee_changes", "Recorded changes", counts.changes),
            _gauge("perigee_records_rejected", "Rejected records", status.rejected_count),
            _gauge("perigee_sync_failures", "Consecutive failed calls to the source", state.failures),
            _gauge("perigee_sync_calls_last_hour", "Calls to the source in the last hour", status.calls_last_hour),
            _gauge("perigee_sync_hourly_budget", "Hourly budget of calls to the source", status.hourly_budget),
            _gauge("perigee_syncing", "Whether a process is syncing", float(status.is_syncing)),
            _gauge(
                "perigee_last_success_timestamp_seconds", "When the source last answered; 0 if it never did",
                _timestamp(state.reached_at),
            ),
            _of_tasks(status),
            InfoMetricFamily("perigee_build", "The version that is running", value={"version": __version__}),
        ]  # fmt: skip
        links = state.origin.links if state.origin else 0
        metrics.append(_gauge("perigee_chain_links", "Perigees between this one and Launch Library", links))
        ages = (
            ("perigee_data_age_seconds", "Seconds since Launch Library last answered", status.age_seconds),
            ("perigee_source_age_seconds", "Seconds since our own source last answered", status.source_age_seconds),
        )
        metrics += [_gauge(name, words, age) for name, words, age in ages if age is not None]
        metrics += _notice_gauges(status.notices)
        return metrics


def _notice_gauges(notices: NoticeStatus) -> list[Metric]:
    gauges = [
        GaugeMetricFamily("perigee_notice_subscribers", "Subscribers to notices", labels=["channel"]),
        GaugeMetricFamily("perigee_notice_subscribers_failing", "Subscribers who take no notices", labels=["channel"]),
        GaugeMetricFamily("perigee_notices_waiting", "Notices to be sent", labels=["channel"]),
        GaugeMetricFamily("perigee_notices_sent_last_day", "Notices sent in the last day", labels=["channel"]),
    ]
    for channel, counts in (("push", notices.push), ("target", notices.targets)):
        for gauge, value in zip(gauges, (counts.subscribers, counts.failing, counts.waiting, counts.sent), strict=True):
            gauge.add_metric([channel], value)
    return [*gauges, _gauge("perigee_notices_paused", "Whether notices are paused", float(notices.is_paused))]


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(name, words, value=value)


def _of_tasks(status: Status) -> Metric:
    """Tell of each task that was ever tried when it last succeeded."""
    words = "When a task of the syncing last succeeded; 0 if it never did"
    family = GaugeMetricFamily("perigee_task_last_success_timestamp_seconds", words, labels=["task"])
    for name, task in sorted(status.tasks.items()):
        family.add_metric([name], _timestamp(task.succeeded_at))
    return family


def _timestamp(moment: datetime | None) -> float:
    """Give an instant as Prometheus wants it; 0 for none, as is usual, so that there is a value from the start."""
    return 0.0 if moment is None else moment.timestamp()
