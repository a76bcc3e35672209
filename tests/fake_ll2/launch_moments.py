"""The first hundred upcoming launches from January to April 2026, as they changed, raised to what 2.3.0 would say.

The recorder looked about twice an hour, and kept what had changed. Which launches stood in the list beside those that
had, it did not keep.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tests.fake_ll2.data import data_folder
from tests.fake_ll2.moments import parse_moment
from tests.fake_ll2.raising import raise_2_2_launch
from tests.fake_ll2.shapes import Record

LISTED = 100
LISTED_FOR = timedelta(hours=24)
BEGINNING = datetime(2026, 1, 16, 12, 39, 17, 132_000, UTC)
"""When just these hundred launches were upcoming: a snapshot of them all was taken then."""


@dataclass(frozen=True, slots=True)
class LaunchMoment:
    """What the lists held from an instant on: the upcoming launches, a hundred at most, and those of the past.

    `listed` are their records, and `unlisted` those of launches that fell behind the hundredth row. `facts` are those
    of all of them as the recorder wrote them, by their ids.
    """

    at: datetime
    facts: dict[str, Record]
    listed: list[Record]
    unlisted: list[Record]


def launch_moments(until: datetime) -> Iterator[LaunchMoment]:
    """Give the moments at which anything changed, from the beginning on, in order."""
    facts: dict[str, Record] = {}
    records: dict[str, Record] = {}
    changed_at: dict[str, datetime] = {}
    for at, changes in _changes():
        if at > until:
            return
        for change in changes:
            id_ = change["id"]
            news = change["new"] if "new" in change else {name: new for name, (_, new) in change["chg"].items()}
            facts[id_] = facts.get(id_, {}) | news
            records[id_] = raise_2_2_launch(id_, facts[id_])
            changed_at[id_] = at
        if at >= BEGINNING:
            yield _moment(at, facts, records, changed_at)


def _changes() -> Iterator[tuple[datetime, list[Record]]]:
    file = data_folder() / "launches" / "zenith-2.2.0" / "changes-2026-01-to-04.jsonl"
    by_instant: dict[str, list[Record]] = {}
    for line in file.read_text("utf-8").splitlines():
        change = json.loads(line)
        by_instant.setdefault(change["at"], []).append(change)
    return ((parse_moment(at), changes) for at, changes in by_instant.items())


def _moment(
    at: datetime, facts: dict[str, Record], records: dict[str, Record], changed_at: dict[str, datetime]
) -> LaunchMoment:
    past = {id_ for id_, known in facts.items() if parse_moment(known["net"]) < at - LISTED_FOR}
    # What has changed just now was seen in the list. Dozens share a date: those of them that changed last come first.
    order = sorted(
        facts.keys() - past,
        key=lambda id_: (changed_at[id_] != at, facts[id_]["net"], at - changed_at[id_], id_),
    )
    held = past.union(order[:LISTED])
    return LaunchMoment(
        at,
        dict(facts),
        [record for id_, record in records.items() if id_ in held],
        [record for id_, record in records.items() if id_ not in held],
    )
