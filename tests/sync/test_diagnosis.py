"""What the doctor says of a store, and of a source."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock import NOW
from tests.factories import make_entry
from tests.keys import event_keys
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.domain.notices import Choices
from webapp.domain.pictures import PictureFile, PicturePolicy
from webapp.ll2.errors import UnavailableError
from webapp.ll2.protocol import ThrottleReport
from webapp.store import (
    CLOCK_ALERT,
    LIST_ALERT,
    Channel,
    HubState,
    Lease,
    NewNotice,
    PictureState,
    Store,
    Subscription,
    Writer,
)
from webapp.sync.diagnosis import (
    Finding,
    Level,
    examine_clock,
    examine_damage,
    examine_names,
    examine_notices,
    examine_pictures,
    examine_schema,
    examine_source,
    examine_space,
    examine_store,
)

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
START = "Start `perigee serve`, or `perigee sync --watch` alongside `perigee serve --no-sync`."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'store.db'}")
    store.migrate()
    yield store
    store.close()


def examine(store: Store, *, budget: int = 12) -> list[Finding]:
    with store.read() as snapshot:
        return list(examine_store(snapshot, budget=budget, now=NOW))


def make_well(writer: Writer) -> None:
    """Let a store stand as it should: imported, just synced, with someone syncing."""
    writer.upsert_entries([ReceivedEntry(make_entry(key=key), "{}") for key in event_keys((1, 2))], now=NOW)
    writer.update_progress(EntryKind.EVENT, imported_at=NOW - HOUR)
    writer.update_state(reached_at=NOW - 5 * MINUTE, hourly_limit=15)
    writer.sync.put_lease(Lease("orbit, process 7, 1a2b", 3, NOW + timedelta(seconds=30)))
    for task, minutes in (("upcoming", 61), ("upcoming", 30), ("throttle", 20), ("changed", 5)):
        number = writer.sync.open_call(task, "it was time", now=NOW - minutes * MINUTE)
        writer.sync.close_call(number, now=NOW - minutes * MINUTE, outcome="2 events")


@pytest.fixture
def well(store: Store) -> Store:
    with store.write() as writer:
        make_well(writer)
    return store


def test_a_store_that_is_well_is_fine_in_every_respect(well: Store) -> None:
    assert examine(well) == [
        Finding(
            Level.FINE, "2 events and 0 changes in the database. Last full import: 1 March 2026, 08:30 UTC."
        ),
        Finding(Level.FINE, "Synced by orbit, process 7, 1a2b."),
        Finding(Level.FINE, "Launch Library last answered on 1 March 2026, 09:25 UTC."),
        Finding(Level.FINE, "2 of 12 calls used in the last hour."),
    ]  # fmt: skip


def test_an_empty_store_says_what_is_still_to_come(store: Store) -> None:
    assert examine(store) == [
        Finding(
            Level.ODD,
            "The first import isn't finished yet: 0 events so far.",
            "It continues automatically while syncing, within the call budget.",
        ),
        Finding(Level.WRONG, "Nothing is syncing.", START),
        Finding(Level.ODD, "Launch Library hasn't answered yet."),
        Finding(Level.FINE, "0 of 12 calls used in the last hour."),
    ]


def changed(store: Store, **state: Any) -> list[Finding]:
    """Give what is found after a change of the state, without what was found before it."""
    before = examine(store)
    with store.write() as writer:
        writer.update_state(**state)
    return [finding for finding in examine(store) if finding not in before]


def test_old_data_are_wrong_after_two_hours(well: Store) -> None:
    assert [one.level for one in changed(well, reached_at=NOW - 2 * HOUR)] == [Level.FINE]
    assert changed(well, reached_at=NOW - 2 * HOUR - MINUTE) == [
        Finding(
            Level.WRONG,
            "Launch Library last answered on 1 March 2026, 07:29 UTC.",
            "Visitors see the data from then.",
        )
    ]


def test_a_rest_that_the_source_wants_is_told_until_it_is_over(well: Store) -> None:
    assert changed(well, paused_until=NOW) == []
    assert changed(well, paused_until=NOW + MINUTE) == [
        Finding(
            Level.ODD,
            "Launch Library asked for a pause until 1 March 2026, 09:31 UTC.",
            "No action needed: the next call waits until then.",
        )
    ]


def test_a_budget_that_others_eat_into_is_odd(well: Store) -> None:
    assert changed(well, hourly_limit=5) == [
        Finding(
            Level.ODD,
            "2 of 5 calls used in the last hour. That is less than the budget of 12: Launch Library leaves no more.",
            "Something else is using the same IP address or key. Stop it, or lower PERIGEE_LL2_HOURLY_BUDGET.",
        )
    ]


def test_a_dead_holder_is_named(well: Store) -> None:
    with well.write() as writer:
        writer.sync.put_lease(Lease("orbit, process 7, 1a2b", 3, NOW))
    assert examine(well)[1] == Finding(
        Level.WRONG,
        "Nothing is syncing. Last synced by orbit, process 7, 1a2b, until 1 March 2026, 09:30 UTC.",
        START,
    )


def test_failing_tasks_lost_calls_refused_records_and_doubts_are_all_told(well: Store) -> None:
    with well.write() as writer:
        writer.sync.update_task("upcoming", failures=1, retry_at=NOW + MINUTE, fault="Launch Library was silent")
        writer.sync.update_task("changed", failures=3, fault="Launch Library refused access (401).")
        number = writer.sync.open_call("import", "it was time", now=NOW)
        writer.sync.close_call(number, now=NOW, fault="never finished: the database was not writable")
        writer.note_rejected(EntryKind.EVENT, [(None, "id: missing"), ("7", "name: missing")], now=NOW)
        writer.sync.doubt(event_keys((1, 2)), now=NOW)
    assert examine(well)[4:] == [
        Finding(
            Level.WRONG,
            "Task `changed` failed 3 times in a row: Launch Library refused access (401).",
            "Check PERIGEE_LL2_TOKEN.",
        ),
        Finding(
            Level.WRONG,
            "Task `upcoming` failed once: Launch Library was silent. Next try: 1 March 2026, 09:31 UTC.",
        ),
        Finding(Level.ODD, "Call on 1 March 2026, 09:30 UTC: never finished: the database was not writable."),
        Finding(
            Level.ODD, "A record without an ID was rejected (id: missing); any earlier version is kept."
        ),
        Finding(Level.ODD, "Record 7 was rejected (name: missing); any earlier version is kept."),
        Finding(Level.ODD, "2 entries are unexpectedly missing from Launch Library's lists: 1 and 2."),
    ]  # fmt: skip


def test_of_many_refused_records_and_doubts_ten_are_named_and_the_rest_is_counted(well: Store) -> None:
    with well.write() as writer:
        twelve = event_keys(range(1, 13))
        writer.upsert_entries([ReceivedEntry(make_entry(key=key), "{}") for key in twelve], now=NOW)
        rejected = [(str(number), "name: missing") for number in range(1, 1001)]
        writer.note_rejected(EntryKind.EVENT, rejected, now=NOW)
        writer.sync.doubt(twelve, now=NOW)
    found = [finding.words for finding in examine(well)[4:]]
    named = [f"Record {number} was rejected (name: missing); any earlier version is kept." for number in range(1, 11)]
    doubted = (
        "12 entries are unexpectedly missing from Launch Library's lists: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more."
    )
    assert found == [*named, "990 more records were rejected.", doubted]


def test_fields_that_could_not_be_read_are_told_of_the_latest_answer_of_each_task(well: Store) -> None:
    outcomes = [
        ("changed", 9, "3 events, nothing new, 1 field unreadable (date)"),
        ("changed", 8, "3 events, nothing new"),
        ("upcoming", 7, "9 events, nothing new, 2 fields unreadable (duration)"),
        ("upcoming", 6, "9 events, nothing new, 3 fields unreadable (duration, location)"),
        ("throttle", 5, "15 calls an hour allowed, 4 used"),
    ]
    before = examine(well)
    with well.write() as writer:
        for task, seconds, outcome in outcomes:
            at = NOW - timedelta(seconds=seconds)
            writer.sync.close_call(writer.sync.open_call(task, "it was time", now=at), now=at, outcome=outcome)
    found = [finding for finding in examine(well) if finding not in before]
    assert found[1:] == [
        Finding(
            Level.ODD,
            "Unreadable fields on 1 March 2026, 09:29 UTC: "
            "9 events, nothing new, 3 fields unreadable (duration, location).",
            "No action needed: unreadable fields count as missing.",
        )
    ]


def test_times_of_the_future_and_alerts_are_told_and_nothing_of_them_is_believed(well: Store) -> None:
    ahead = NOW + timedelta(days=400)
    with well.write() as writer:
        writer.update_state(reached_at=ahead, paused_until=ahead)
        writer.sync.put_lease(Lease("orbit, process 7, 1a2b", 3, ahead))
        writer.sync.open_call("upcoming", "it was time", now=ahead)
        writer.sync.raise_alert(CLOCK_ALERT, "The clock is 3 minutes behind")
        writer.sync.raise_alert(LIST_ALERT, "Launch Library reports 3 events but returned 2")
    ntp = (
        "Set the clock and keep it in sync (NTP). "
        "Until then Perigee checks less often and ignores the order of records."
    )
    assert examine(well) == [
        Finding(Level.WRONG, "The clock is 3 minutes behind.", ntp),
        Finding(
            Level.WRONG,
            "The database contains times in the future, up to 5 April 2027, 09:30 UTC; they are ignored.",
            "If the clock is right, the next successful call will repair them. If not, set it.",
        ),
        Finding(
            Level.ODD,
            "The data is incomplete. Launch Library reports 3 events but returned 2.",
            "Its list changed during the import. The next full import will fetch the rest.",
        ),
        Finding(
            Level.FINE,
            "2 events and 0 changes in the database. Last import (incomplete): 1 March 2026, 08:30 UTC.",
        ),
        Finding(
            Level.WRONG,
            "Nothing is syncing. Last synced by orbit, process 7, 1a2b, until 5 April 2027, 09:30 UTC.",
            START,
        ),
        Finding(Level.ODD, "It's unclear when Launch Library last answered."),
        Finding(Level.FINE, "0 of 12 calls used in the last hour."),
    ]


@pytest.mark.parametrize(
    ("skew", "findings"),
    [
        (2 * MINUTE, [Finding(Level.FINE, "This machine's clock agrees with Launch Library's.")]),
        (3 * MINUTE, ["The clock of this machine is 3 minutes behind that of Launch Library."]),
        (-400 * 24 * HOUR, ["The clock of this machine is 400 days ahead of that of Launch Library."]),
    ],
)
def test_the_clock_is_compared_with_that_of_the_source(skew: timedelta, findings: list[Finding | str]) -> None:
    found = list(examine_clock(NOW + skew, NOW))
    assert [one if one.level is Level.FINE else one.words for one in found] == findings
    assert list(examine_clock(None, NOW)) == []


@pytest.mark.parametrize(
    ("revision", "finding"),
    [
        ("0002", Finding(Level.FINE, "The database is readable and up to date.")),
        (
            "0001",
            Finding(
                Level.WRONG,
                "The database has a schema of another Perigee version.",
                "Run `perigee migrate` or `perigee serve`.",
            ),
        ),
        (
            None,
            Finding(Level.WRONG, "The database has no tables yet.", "Run `perigee migrate` or `perigee serve`."),
        ),
    ],
)
def test_another_schema_is_wrong(revision: str | None, finding: Finding) -> None:
    assert examine_schema(revision, "0002") == finding


def test_little_space_is_wrong() -> None:
    assert examine_space(5_000 * 2**20) == Finding(Level.FINE, "5,000 MiB free disk space for data.")
    assert examine_space(200 * 2**20 - 1) == Finding(
        Level.WRONG, "199 MiB free disk space for data.", "Free up disk space, or new data will be lost."
    )


class Source:
    """A source that only tells how many calls it allows, or fails to."""

    date: datetime | None = None
    url = "https://ll2.example/"

    def __init__(self, answer: ThrottleReport | UnavailableError) -> None:
        self._answer = answer

    def fetch_throttle(self) -> ThrottleReport:
        if isinstance(self._answer, UnavailableError):
            raise self._answer
        return self._answer

    def fetch_page(self, *_: object) -> Any:
        raise NotImplementedError

    fetch_entry = fetch_chain = fetch_page


def test_the_source_is_asked_and_its_silence_is_wrong() -> None:
    assert examine_source(Source(ThrottleReport(15, 4, timedelta(0)))) == Finding(
        Level.FINE, "Launch Library is reachable. It allows 15 calls an hour; 4 used."
    )
    assert examine_source(Source(UnavailableError("Launch Library could not be reached"))) == Finding(
        Level.WRONG,
        "Launch Library could not be reached.",
        "Check this machine's internet connection and PERIGEE_LL2_URL.",
    )


def test_that_launches_could_be_added_is_said_until_the_owner_chooses(store: Store) -> None:
    with store.write() as writer:
        make_well(writer)
    offer = Finding(
        Level.ODD,
        "Only events are synced: this database is older than launches in Perigee.",
        "Set PERIGEE_KINDS=event,launch to add launches, or PERIGEE_KINDS=event to keep it like this.",
    )

    def is_offered(*, chosen: bool) -> bool:
        with store.read() as snapshot:
            return offer in examine_store(snapshot, budget=12, now=NOW, are_kinds_chosen=chosen)

    assert [is_offered(chosen=chosen) for chosen in (False, True)] == [True, False]
    with store.write() as writer:
        writer.update_progress(EntryKind.LAUNCH)
    assert not is_offered(chosen=False)


def pictures_of(
    store: Store, policy: PicturePolicy = PicturePolicy.LICENSED, *, can_make: bool = True
) -> list[Finding]:
    with store.read() as snapshot:
        return list(examine_pictures(snapshot, policy, can_make=can_make, most_bytes=4 * 2**20))


def test_pictures_are_counted_and_it_is_told_why_none_come(store: Store) -> None:
    held = Finding(Level.FINE, "Pictures: 0, cards: 0, in 0 of 4 MiB.")
    assert pictures_of(store) == [held]
    assert pictures_of(store, PicturePolicy.OFF) == [Finding(Level.FINE, "Pictures are off (PERIGEE_PICTURES).")]
    lacking = Finding(
        Level.ODD,
        "Pictures can't be made small on this machine, because Pillow is not installed.",
        "Install perigee[pictures] where Perigee syncs, or set PERIGEE_PICTURES=off.",
    )
    assert pictures_of(store, can_make=False) == [lacking, held]


def test_that_there_is_no_more_room_for_pictures_is_told(store: Store) -> None:
    size = 2 * 2**20 + 1
    with store.write() as writer:
        writer.pictures.put_state("https://a.example/1", PictureState(NOW, size, NOW, failures=1, color="#102030"))
        writer.pictures.put_files("https://a.example/1", {PictureFile("0a.jpg", "image/jpeg", 1, 1, size): bytes(size)})
    assert pictures_of(store) == [
        Finding(
            Level.ODD,
            "Pictures: 1, cards: 0, in 2 of 4 MiB, 1 failing: the space for pictures is full.",
            "The oldest are left out. To keep more, raise PERIGEE_PICTURES_MIB.",
        )
    ]


def notices_of(store: Store, **options: Any) -> list[Finding]:
    given = {"rules": 1, "has_address": True, "has_apprise": True} | options
    with store.read() as snapshot:
        return list(examine_notices(snapshot, NOW, **given))


def test_notices_are_counted_and_rules_that_fail_are_named_with_the_reason(store: Store) -> None:
    assert notices_of(store) == [Finding(Level.FINE, "Notices: 0 browsers, 1 rules, 0 waiting.")]
    assert notices_of(store, has_address=False) == [
        Finding(Level.FINE, "Notices are off: PERIGEE_PUBLIC_URL is not set.")
    ]
    with store.write() as writer:
        for channel, name in ((Channel.TARGET, "club"), (Channel.PUSH, "ab12")):
            writer.notices.put_subscription(Subscription(channel, name, "", Choices()), now=NOW)
        for number, subscriber in enumerate(writer.notices.list_subscribers()):
            new = NewNotice(subscriber.id, None, f"digest:{number}", (), NOW, NOW + timedelta(hours=1))
            writer.notices.add_notices([new], now=NOW)
        for notice in writer.notices.list_due(NOW, limit=9):
            writer.notices.note_failed(notice, "it answered with status 500", retry_at=NOW, now=NOW)
        writer.notices.pause()
    assert notices_of(store, has_apprise=False) == [
        Finding(
            Level.ODD,
            "Notices are paused, because the database is a restored copy.",
            "If this copy of the database has replaced the original, run `perigee notify --resume`.",
        ),
        Finding(
            Level.WRONG,
            "Some rules of PERIGEE_NOTIFY need Apprise, which is not installed.",
            "Install perigee[notify] where Perigee syncs.",
        ),
        Finding(
            Level.WRONG,
            'Rule "club" failed once: it answered with status 500.',
            'Check its target, and try `perigee notify --test "club"`.',
        ),
        Finding(Level.FINE, "Notices: 1 browsers, 1 of them failing, 1 rules, 2 waiting."),
    ]


def test_a_hub_that_fails_is_named_with_the_reason_while_it_is_the_one_that_is_set(store: Store) -> None:
    with store.write() as writer:
        writer.put_hub(HubState("https://hub.example/", 7, 3, NOW, NOW, "it answered with status 503"))
    assert notices_of(store, hub_url="https://hub.example/")[:-1] == [
        Finding(
            Level.WRONG,
            "The WebSub hub https://hub.example/ failed 3 times in a row: it answered with status 503.",
            "Check PERIGEE_WEBSUB_HUB. It is tried again by itself.",
        )
    ]
    assert len(notices_of(store, hub_url="https://another.example/")) == len(notices_of(store)) == 1


def test_what_is_damaged_is_told_with_what_to_do() -> None:
    assert examine_damage([]) == Finding(Level.FINE, "The database is intact.")
    remedy = "Stop Perigee and run `perigee restore` with a backup. This may be a failing disk."
    found = examine_damage(["Page 4: never used", "Page 9: never used"])
    assert found == Finding(Level.WRONG, "The database is damaged: Page 4: never used; Page 9: never used.", remedy)


def test_a_name_that_is_no_setting_is_told() -> None:
    assert list(examine_names({"PERIGEE_KIND": "PERIGEE_KINDS", "PERIGEE_X": None})) == [
        Finding(Level.ODD, "PERIGEE_KIND is not a setting.", "Did you mean PERIGEE_KINDS?"),
        Finding(Level.ODD, "PERIGEE_X is not a setting.", "`perigee config` lists all settings."),
    ]
