"""What this Perigee tells one that has it for its source: where the data come from, and the histories of entries."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response, request

from webapp.api.answers import Answer, respond
from webapp.api.asked import read_request
from webapp.api.envelope import show_record
from webapp.domain.chain import SOURCE_NAME, EntryHistory, HistoricChange, Origin
from webapp.domain.entry import EntryKey
from webapp.domain.modes import Mode
from webapp.instance.site import current_edition, site
from webapp.response_cache.freshness import Freshness
from webapp.store import HistoryPlace, Snapshot, StoreState, details_of
from webapp.web.addresses import API_PATH

CHAIN_PATH = f"{API_PATH}chain/"
PAGE_SIZE = 500

MOST_RECORDS = 50
"""An answer that tells of so many entries at most has their records too, so that what is new needs no other call."""

_CURSOR = re.compile(r"([0-9]{1,12})\.([0-9]{1,12})")
_MEANING = (
    "For a Perigee that has this one for its source: where the data come from, and when each entry was seen to change. "
    "The parameter after takes the cursor of the answer before."
)


def show_chain() -> Response:
    """Give the beginning of the chain, and a page of histories in the order in which entries were last written."""
    asked, edition = read_request(only={"format"}), current_edition()
    asked = replace(asked, ignored=tuple(name for name in asked.ignored if name != "after"))
    now = edition.clock()
    with edition.store.read() as snapshot:
        state = snapshot.state.believed(now)
        after = _place(request.args.get("after", ""), state)
        listed = snapshot.list_histories(after, limit=PAGE_SIZE + 1)
        histories = _serialize_histories(snapshot, [history for _, history in listed[:PAGE_SIZE]])
    last = listed[:PAGE_SIZE][-1][0] if listed else after
    data = {
        "source": _serialize_origin(_origin(state)),
        "entries": histories,
        "cursor": f"{max(last.generation, 0)}.{max(last.entry_id, 0)}",
        "is_last": len(listed) <= PAGE_SIZE,
    }
    return respond(Answer(data, "Chain", _MEANING, edition, freshness=Freshness.PAGE), asked)


def _place(cursor: str, state: StoreState) -> HistoryPlace:
    """Read a cursor. One of another store, which was further than ours, leads to the beginning."""
    match = _CURSOR.fullmatch(cursor)
    place = HistoryPlace(*map(int, match.groups())) if match else HistoryPlace()
    return place if place.generation <= state.generation else HistoryPlace()


def _origin(state: StoreState) -> Origin:
    """Give the beginning of the chain as the next link is told of it."""
    told = state.origin
    first = told or Origin(SOURCE_NAME, site().source_url, 0)
    return Origin(
        first.name, first.url, first.links + 1, state.data_reached_at, state.data_failing_since, state.data_committed_at
    )


def _serialize_origin(origin: Origin) -> dict[str, Any]:
    return {
        "name": origin.name,
        "url": origin.url,
        "links": origin.links,
        "reached_at": _iso(origin.reached_at),
        "failing_since": _iso(origin.failing_since),
        "changed_at": _iso(origin.changed_at),
    }


def _serialize_histories(snapshot: Snapshot, histories: Sequence[EntryHistory]) -> list[dict[str, Any]]:
    records = _records(snapshot, histories)
    return [
        {
            "kind": one.key.kind.value,
            "id": one.key.json_id,
            "number": one.number,
            "first_seen": _iso(one.first_seen),
            "changed_at": _iso(one.changed_at),
            "withdrawn_at": _iso(one.withdrawn_at),
            "record": records.get(one.key),
            "changes": [_serialize_change(change, revision) for revision, change in enumerate(one.changes, start=1)],
        }
        for one in histories
    ]


def _records(snapshot: Snapshot, histories: Sequence[EntryHistory]) -> dict[EntryKey, dict[str, Any]]:
    """Give the records of a few entries; of many, those that no list of the API has any more."""
    are_few = len(histories) <= MOST_RECORDS
    wanted = [one.key for one in histories if are_few or one.withdrawn_at is not None]
    ids = {key: stored.id for key in wanted if (stored := snapshot.get_entry(key)) is not None}
    records, address = snapshot.get_records(list(ids.values())), site().address()
    return {key: show_record(records[entry_id], key.kind, Mode.DETAILED, address) for key, entry_id in ids.items()}


def _serialize_change(change: HistoricChange, revision: int) -> dict[str, Any]:
    return {
        "number": change.number,
        "revision": revision,
        "kind": change.change.kind.value,
        "seen_at": _iso(change.seen_at),
        "details": json.loads(details_of(change.change)),
    }


def _iso(moment: datetime | None) -> str | None:
    """Spell an instant to the microsecond: the next link shows the very same."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
