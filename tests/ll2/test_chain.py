"""What a Perigee tells of its chain is read strictly: what cannot be believed costs its own history alone."""

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.fake_ll2.moments import stamp
from webapp.domain.chain import EntryHistory, HistoricChange, Origin
from webapp.domain.changes import Change, ChangeKind, KnownDate
from webapp.domain.entry import EntryKey
from webapp.ll2.chain import ChainPage, interpret_chain
from webapp.ll2.errors import MalformedError

AT = NOW - timedelta(days=1)
SOURCE = {
    "name": "Launch Library 2", "url": "https://ll2.example/", "links": 1, "reached_at": stamp(AT),
    "failing_since": None, "changed_at": stamp(AT),
}  # fmt: skip


def change(**changes: Any) -> dict[str, Any]:
    details = {"before": {"date": stamp(AT), "precision_id": 1}, "after": {"date": stamp(NOW), "precision_id": 1}}
    made = {
        "number": 7,
        "revision": 1,
        "kind": "slipped",
        "seen_at": stamp(AT),
        "details": {**details, "slip_number": 1},
    }
    return made | changes


def history(**changes: Any) -> dict[str, Any]:
    told = {"kind": "event", "id": 3, "number": 3, "first_seen": stamp(AT), "changed_at": stamp(AT)}
    return told | {"withdrawn_at": None, "record": None, "changes": [change()]} | changes


def read(*entries: Any, asked: str = "", **changes: Any) -> ChainPage:
    document = {"source": SOURCE, "entries": list(entries), "cursor": "5.3", "is_last": True} | changes
    return interpret_chain(200, {}, json.dumps(document).encode(), asked=asked, now=NOW)


def test_it_is_read_whole() -> None:
    slip = Change(ChangeKind.SLIPPED, KnownDate(AT, 1), KnownDate(NOW, 1), slip_number=1)
    assert read(history()) == ChainPage(
        Origin("Launch Library 2", "https://ll2.example/", 1, AT, None, AT),
        (EntryHistory(EntryKey.of_event(3), 3, AT, AT, None, (HistoricChange(7, AT, slip),)),),
        (),
        "5.3",
        is_last=True,
    )


def test_a_withdrawn_entry_comes_with_its_record() -> None:
    page = read(history(withdrawn_at=stamp(AT), record=make_record(3)))
    assert [one.entry.key for one in page.records] == [EntryKey.of_event(3)]
    other = read(history(withdrawn_at=stamp(AT), record=make_record(4)))
    assert (other.histories, other.refused) == ((), ("history of event 3: record: of another entry",))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (None, "a history: not a history"),
        (history(id="3"), "a history: of no entry"),
        (history(kind="rocket"), "a history: of no entry"),
        (history(number=2**40), "history of event 3: no number"),
        (history(first_seen=stamp(NOW + timedelta(hours=1))), "history of event 3: a time in the future"),
        (history(changed_at="yesterday"), "history of event 3: an unreadable time"),
        (history(changed_at=None), "history of event 3: a missing time"),
        (
            history(changes=[change(seen_at=stamp(NOW + timedelta(hours=1)))]),
            "history of event 3: a time in the future",
        ),
        (history(changes=[change(revision=2)]), "history of event 3: change 1 is missing"),
        (history(changes=[change(number=-1)]), "history of event 3: change 1 has no number"),
        (history(changes=[change(kind="eaten")]), "history of event 3: change 1 is of an unknown kind"),
        (history(changes=[change(details={"before": {"date": "?"}})]), "history of event 3: an unreadable date"),
        (history(changes=[{}] * 2001), "history of event 3: more than 2,000 changes"),
        (
            history(changes=[change(), change(revision=2, seen_at=stamp(AT - timedelta(days=1)))]),
            "history of event 3: its changes are not in order",
        ),
    ],
)
def test_what_cannot_be_believed_costs_its_own_history(told: Any, why: str) -> None:
    page = read(told, history(id=4, number=4))
    assert [one.key for one in page.histories] == [EntryKey.of_event(4)]
    assert page.refused == (why,)


def test_texts_and_addresses_are_cleaned_and_bounded() -> None:
    told = {
        "urls": ["javascript:alert(1)", "https://ok.example/", 7],
        "fields": ["name", "<b>"],
        "old_name": "a\nb\0" * 900,
    }
    (one,) = read(history(changes=[change(kind="edited", details=told)])).histories
    made = one.changes[0].change
    assert (made.urls, made.fields) == (("https://ok.example/",), ("name",))
    assert made.old_name is not None
    assert len(made.old_name) <= 501
    assert "\n" not in made.old_name
    source = {
        **SOURCE,
        "name": "<script>\n",
        "url": "javascript:alert(1)",
        "reached_at": stamp(NOW + timedelta(days=9)),
    }
    assert read(source=source).origin == Origin("<script>", "", 1, None, None, AT)


@pytest.mark.parametrize(
    "document",
    [
        {"entries": "many"}, {"entries": [history()] * 501}, {"cursor": None}, {"cursor": "a b"}, {"source": {}},
        {"source": {**SOURCE, "links": 10**9}}, {"cursor": "5.3", "is_last": False},
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(MalformedError):
        read(asked="5.3", **document)


def test_an_entry_that_is_told_twice_has_the_later_history() -> None:
    assert [one.changes for one in read(history(), history(changes=[])).histories] == [()]
