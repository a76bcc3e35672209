"""The ledger of dates that a store keeps, as rows to compare with those of `tests/date_ledger.py`."""

from collections.abc import Iterator

from tests.date_ledger import Row
from webapp.domain.query import Filter
from webapp.store import Store


def kept_ledger(store: Store) -> Iterator[Row]:
    with store.read() as snapshot:
        for known in snapshot.statistics.iterate_cases(Filter()):
            case, announced = known.case, known.case.announced
            assert announced.date is not None
            assert announced.precision_id is not None
            error = None if case.error is None else int(case.error.total_seconds())
            yield (
                known.key.source_id, case.lead.value, announced.date, announced.precision_id, case.status_id,
                case.outcome.value, error,
            )  # fmt: skip
