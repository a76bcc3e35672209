from datetime import UTC, datetime

from hypothesis import given, settings

from tests.factories import make_entry, make_published, make_stored, make_webcast, stored_entries
from tests.keys import event_key
from webapp.domain.entry import Agency, Program, StoredEntry
from webapp.feeds.facts import facts_of, provenance_of, webcasts_of


def test_a_bare_event_says_when_and_what_it_is() -> None:
    assert facts_of(make_published(make_stored())) == [
        ("When", "14 March 2026, 07:12 UTC. Known to the minute."),
        ("Type", "Docking"),
    ]


def test_a_full_event_says_where_and_who_too() -> None:
    event = make_entry(
        precision_id=7,
        location="Low Earth Orbit",
        agencies=(Agency(44, "NASA", "NASA"), Agency(63, "Roscosmos", "RFSA")),
        programs=(Program(17, "International Space Station"), Program(3, ""), Program(2, "Commercial Crew")),
    )
    assert facts_of(make_published(make_stored(event))) == [
        ("When", "March 2026. No day announced yet."),
        ("Type", "Docking"),
        ("Where", "Low Earth Orbit"),
        ("Agencies", "NASA, Roscosmos"),
        ("Programs", "International Space Station, Commercial Crew"),
    ]


def test_what_has_no_name_is_not_spoken_of() -> None:
    nameless = make_entry(agencies=(Agency(44, "", "NASA"),), programs=(Program(3, ""),))
    assert facts_of(make_published(make_stored(nameless))) == facts_of(make_published(make_stored()))


def test_an_event_without_a_date_says_so() -> None:
    event = make_entry(date=None)
    assert facts_of(make_published(make_stored(event)))[0] == ("When", "Date to be announced. No date announced yet.")


def test_the_webcast_to_watch_first_comes_first() -> None:
    unofficial = make_webcast(url="https://x.com/i/1", kind_id=3, kind_name="Unofficial Webcast", priority=0)
    untitled = make_webcast(title="YouTube", publisher="", priority=1)
    stored = make_stored(make_entry(webcasts=(unofficial, untitled)))
    assert webcasts_of(stored) == [("youtube.com", untitled.url), ("Meridian 1 docks", "https://x.com/i/1")]


def test_an_event_says_where_it_comes_from_and_when_it_changed() -> None:
    stored = make_stored(make_entry(key=event_key(1211)), changed_at=datetime(2026, 2, 20, 18, 45, 59, tzinfo=UTC))
    assert provenance_of(stored) == (
        "Source: Launch Library 2 by The Space Devs, event 1211. Last changed 20 February 2026, 18:45 UTC."
    )


@settings(max_examples=30)
@given(stored_entries())
def test_every_fact_is_one_line(stored: StoredEntry) -> None:
    values = [value for _, value in facts_of(make_published(stored))] + [title for title, _ in webcasts_of(stored)]
    assert [len(value.splitlines()) for value in values] == [1] * len(values)
