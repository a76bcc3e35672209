import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import webapp
from tests.clock import NOW
from tests.fake_ll2 import make_record
from tests.html import read
from tests.keys import event_key
from tests.pages.test_views import plain
from tests.site import Site
from webapp.domain.entry import EntryKind
from webapp.domain.notices import Choices
from webapp.instance.status import NoticeStatus, PictureStatus, Status
from webapp.pages.status_words import CallLine, TaskLine, present_status, sentence
from webapp.rendering.moments import present_instant
from webapp.store import (
    Call,
    Channel,
    Counts,
    HubState,
    Lease,
    NoticeCounts,
    PictureCounts,
    Progress,
    Rejected,
    Store,
    StoreState,
    StoreUnavailableError,
    Subscriber,
    Subscription,
    TaskState,
)

MakeSite = Callable[..., Site]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FINE = StoreState(
    generation=1234, committed_at=NOW - HOUR, reached_at=NOW - 4 * MINUTE, hourly_limit=15,
    next_call_at=NOW + 6 * MINUTE, next_call="upcoming",
    progress={EntryKind.EVENT: Progress(imported_at=NOW - 9 * HOUR)},
)  # fmt: skip


NO_NOTICES = {"subscribers": 0, "failing": 0, "waiting": 0, "waiting_since": None, "sent_last_day": 0}


def status(state: StoreState = FINE, **more: Any) -> Status:
    values: dict[str, Any] = {
        "counts": Counts(1117, 2, 40), "tasks": {}, "calls": (), "calls_last_hour": 3, "rejected": (), "doubts": 0,
        "hourly_budget": 12, "is_syncing": True, "stand_in": None, "trouble": None, "now": NOW,
        "pictures": PictureStatus(PictureCounts(31, 36, 21 * 2**20 + 2**19, 0), 200),
    }  # fmt: skip
    values |= more
    return Status(state=state, **{"rejected_count": len(values["rejected"])} | values)


def call(at: datetime, *, outcome: str | None = None, fault: str | None = None, task: str = "upcoming") -> Call:
    return Call(1, at, task, "half an hour has passed", None, outcome, fault)


@pytest.mark.parametrize("text", ["It failed", "It failed.", "It failed. ", "It failed..."])
def test_a_text_from_elsewhere_ends_with_one_full_stop(text: str) -> None:
    assert sentence(text) == "It failed."


def test_a_visitor_learns_first_how_old_the_data_are_and_what_comes_next() -> None:
    page = present_status(status(calls=(call(NOW - 4 * MINUTE, outcome="29 events, nothing new"),)))
    assert page.headline == "Updated 4 minutes ago."
    assert (page.asked, page.answered) == (present_instant(NOW - 4 * MINUTE), None)
    assert (page.next_call, page.is_due) == (present_instant(NOW + 6 * MINUTE), False)
    assert page.sentences == ("Syncing is on schedule.",)


def test_a_failure_is_told_with_its_reason_and_beside_the_last_answer() -> None:
    state = StoreState(
        reached_at=NOW - 3 * HOUR,
        failing_since=NOW - 2 * HOUR,
        fault="No connection.",
        progress={EntryKind.EVENT: Progress(imported_at=NOW)},
    )
    page = present_status(status(state, calls=(call(NOW - MINUTE, fault="No connection."),)))
    assert page.headline == "Updated 3 hours ago."
    assert (page.asked, page.answered) == (present_instant(NOW - MINUTE), present_instant(NOW - 3 * HOUR))
    assert page.sentences == (
        "Updates have been failing since 1 March 2026, 07:30 UTC. No connection.",
        "Existing data stays available, and Perigee keeps trying.",
    )


def test_where_nothing_syncs_nothing_is_promised() -> None:
    page = present_status(status(is_syncing=False))
    assert (page.next_call, page.is_due) == (None, False)
    assert page.sentences == ("Nothing is syncing right now, so the data won’t change.",)
    assert "Next call" not in dict(page.figures)


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(0), -HOUR])
def test_a_call_whose_time_has_come_is_due(ahead: timedelta) -> None:
    page = present_status(status(StoreState(next_call_at=NOW + ahead, next_call="changed")))
    is_due = ahead <= timedelta(0)
    assert (page.is_due, page.next_call is None) == (is_due, is_due)


def test_before_the_first_import_the_page_says_how_far_it_is() -> None:
    empty = present_status(status(StoreState(), counts=Counts(0, 0, 0), is_syncing=False, stand_in="sample"))
    assert (empty.headline, empty.asked) == ("No current data yet.", None)
    assert empty.sentences[:2] == (
        "The first import from Launch Library isn’t finished yet.",
        "You see a sample until then.",
    )
    begun = present_status(status(StoreState(reached_at=NOW), counts=Counts(1200, 0, 0)))
    assert begun.headline == "No current data yet."
    assert begun.sentences[0] == (
        "The first import from Launch Library isn’t finished yet. 1,200 events loaded so far."
    )


def test_a_sample_that_was_asked_for_and_a_store_that_cannot_be_written_are_told() -> None:
    page = present_status(status(stand_in="sample", trouble="database or disk is full"))
    assert page.sentences == (
        "This is the sample, as requested.",
        "New data can’t be saved: database or disk is full.",
        "Existing data stays available, and Perigee keeps trying.",
    )
    assert dict(page.figures)["Showing"] == "the sample"


def test_each_task_has_a_name_and_says_how_it_stands() -> None:
    tasks = {
        "throttle": TaskState(),
        "import": TaskState(succeeded_at=NOW - HOUR, failures=1, retry_at=NOW, fault="Too slow"),
        "upcoming": TaskState(succeeded_at=NOW - HOUR),
        "changed": TaskState(failures=3, retry_at=NOW + MINUTE, fault="Too slow."),
        "details": TaskState(succeeded_at=NOW),
        "another": TaskState(),
    }
    assert present_status(status(tasks=tasks)).tasks == (
        TaskLine("Upcoming events", "Last succeeded on 1 March 2026, 08:30 UTC."),
        TaskLine(
            "Changed events", "Hasn’t succeeded yet.", "Failed 3 times in a row.",
            "Too slow. Next try: 1 March 2026, 09:31 UTC.",
        ),
        TaskLine(
            "All events, page by page", "Last succeeded on 1 March 2026, 08:30 UTC.", "Failed once.", "Too slow."
        ),
        TaskLine("Check of a missing entry", "Last succeeded on 1 March 2026, 09:30 UTC."),
        TaskLine("Call limit", "Hasn’t succeeded yet."),
        TaskLine("another", "Hasn’t succeeded yet."),
    )  # fmt: skip


def test_the_figures_are_complete() -> None:
    state = StoreState(**{name: getattr(FINE, name) for name in FINE.__slots__} | {"paused_until": NOW + MINUTE})
    rejected = (
        Rejected(EntryKind.EVENT, None, "id: missing", NOW),
        Rejected(EntryKind.EVENT, "7", "name: missing", NOW),
    )
    page = present_status(status(state, rejected=rejected, doubts=1))
    assert page.figures == (
        ("Calls in the last hour", "3 of 12"),
        ("Paused until", "1 March 2026, 09:31 UTC"),
        ("Next call", "Upcoming events"),
        ("Last complete import", "1 March 2026, 00:30 UTC"),
        ("Events", "1,117"),
        ("Withdrawn events", "2"),
        ("Changes recorded", "40"),
        ("Missing events to check", "1"),
        ("Rejected records", "2"),
        ("Pictures", "31 and 36 cards, 21.5 of 200 MiB"),
        ("Notices", "no subscribers"),
        ("Data version", "1,234, since 1 March 2026, 08:30 UTC"),
        ("Showing", "real data"),
        ("Perigee version", webapp.__version__),
    )
    assert page.rejected == (("A record without an ID", "id: missing"), ("Record 7", "name: missing"))
    assert page.more_rejected == 0


@pytest.mark.parametrize(("hourly_limit", "words"), [(None, "3 of 12"), (15, "3 of 12"), (5, "3 of 5")])
def test_no_more_calls_are_promised_than_the_source_allows(hourly_limit: int | None, words: str) -> None:
    figures = dict(present_status(status(StoreState(hourly_limit=hourly_limit))).figures)
    assert figures["Calls in the last hour"] == words


@pytest.mark.parametrize(
    ("counts", "lack", "words"),
    [
        (PictureCounts(0, 0, 0, 0), None, "0 and 0 cards, 0.0 of 200 MiB"),
        (PictureCounts(0, 0, 0, 0), "off", "none (off)"),
        (PictureCounts(0, 0, 0, 0), "install perigee[pictures]", "none (install perigee[pictures])"),
        (PictureCounts(1200, 200, 2**20, 3), "off", "1,200 and 200 cards, 1.0 of 200 MiB, 3 failing"),
    ],
)
def test_how_many_pictures_there_are_or_why_none(counts: PictureCounts, lack: str | None, words: str) -> None:
    page = present_status(status(pictures=PictureStatus(counts, 200, lack)))
    assert dict(page.figures)["Pictures"] == words


def test_how_many_notices_there_are_and_whom_they_do_not_reach() -> None:
    rule = Subscriber(1, Subscription(Channel.TARGET, "club", "", Choices()), 0, NOW, NOW, 3, NOW - HOUR)
    push, targets = NoticeCounts(1200, 1, 3, 4000), NoticeCounts(2, 1, 1, 7)
    page = present_status(status(notices=NoticeStatus(push, targets, (rule,), is_paused=True)))
    assert dict(page.figures)["Notices"] == "1,200 browsers and 2 rules, 4,007 sent in the last day, 4 waiting"
    assert page.sentences[1:] == (
        "Notices are paused, because this is a restored copy. To send them, run `perigee notify --resume`.",
        "Notices by the rule “club” have not been taken since 1 March 2026, 08:30 UTC.",
        "The push service of 1 browser takes no notices at present.",
    )
    page = present_status(status(notices=NoticeStatus(lack="PERIGEE_PUBLIC_URL is not set", is_paused=True)))
    assert dict(page.figures)["Notices"] == "none (PERIGEE_PUBLIC_URL is not set)"
    assert page.sentences == ("Syncing is on schedule.",)


def test_a_hub_that_takes_nothing_is_told_of() -> None:
    hub = HubState("https://hub.example/", 7, 3, NOW - HOUR, NOW, "it answered with status 503")
    page = present_status(status(notices=NoticeStatus(hub=hub, is_paused=True)))
    assert page.sentences[1:] == (
        "Notices are paused, because this is a restored copy. To send them, run `perigee notify --resume`.",
        "The WebSub hub has taken no announcements since 1 March 2026, 08:30 UTC.",
    )


def test_programs_learn_how_the_hub_that_is_named_stands(site: MakeSite) -> None:
    named = {"PERIGEE_WEBSUB_HUB": "https://hub.example/", "PERIGEE_PUBLIC_URL": "https://a.example"}
    one, other = site(make_record(7), **named), site(make_record(7))
    for store in (one.store, other.store):
        with store.write() as writer:
            writer.put_hub(HubState("https://hub.example/", 7, 3, NOW - HOUR, NOW, "it answered with status 503"))
    expected = {"url": "https://hub.example/", "announced": 7, "failures": 3, "failing_since": "2026-03-01T08:30:00Z"}
    assert json.loads(one.client.get("/status.json", base_url="https://a.example").data)["notices"]["hub"] == expected
    assert json.loads(other.client.get("/status.json").data)["notices"]["hub"] is None


@pytest.mark.parametrize(("policy", "expected"), [("off", "off"), ("all", None)])
def test_programs_learn_why_there_are_no_pictures(site: MakeSite, policy: str, expected: str | None) -> None:
    one = site(make_record(7), PERIGEE_PICTURES=policy)
    assert json.loads(one.client.get("/status.json").data)["pictures"]["lack"] == expected


def test_what_is_not_known_yet_is_not_made_up() -> None:
    figures = dict(present_status(status(StoreState(paused_until=NOW))).figures)
    assert figures["Last complete import"] == "none yet"
    assert figures["Data version"] == "0"
    assert "Paused until" not in figures


def test_a_call_says_what_came_of_it() -> None:
    calls = (call(NOW), call(NOW, outcome="1 event", task="details"), call(NOW, fault="No connection", task="another"))
    at, reason = present_instant(NOW), "half an hour has passed"
    assert present_status(status(calls=calls)).calls == (
        CallLine(at, "Upcoming events", reason, "in progress", is_fault=False),
        CallLine(at, "Check of a missing entry", reason, "1 event", is_fault=False),
        CallLine(at, "another", reason, "No connection", is_fault=True),
    )


def fill(site: Site) -> None:
    """Let a site have synced: twelve calls, one free of charge, one of them more than an hour ago."""
    with site.store.write() as writer:
        writer.sync.put_lease(Lease("orbit.example, process 7, 1a2b3c4d", 3, NOW + timedelta(seconds=45)))
        for number in range(12):
            at = NOW - HOUR + number * MINUTE
            opened = writer.sync.open_call("throttle" if number == 11 else "upcoming", "it was time", now=at)
            writer.sync.close_call(opened, now=at + timedelta(seconds=2), outcome=f"{number} events")
        writer.sync.update_task("upcoming", tried_at=NOW, failures=2, retry_at=NOW + MINUTE, fault="<b>No</b> & never")
        writer.sync.doubt([event_key(7)], now=NOW)
        writer.note_rejected(EntryKind.EVENT, [("8", "<script>alert(1)</script>")], now=NOW)
        writer.update_state(hourly_limit=15, next_call_at=NOW + MINUTE, next_call="upcoming", fault="<i>no</i>")
        writer.update_state(failing_since=NOW - MINUTE, failures=2)


def test_programs_read_all_of_it_under_documented_keys(site: MakeSite) -> None:
    one = site(make_record(7))
    fill(one)
    answer = one.client.get("/status.json")
    assert (answer.status_code, answer.content_type) == (200, "application/json")
    assert answer.headers["Cache-Control"] == "no-cache"
    found = json.loads(answer.data)
    latest, tasks = found.pop("calls"), found.pop("tasks")
    assert found == {
        "version": webapp.__version__,
        "edition": "real",
        "generation": 1,
        "committed_at": "2026-03-01T09:30:00Z",
        "reached_at": "2026-03-01T09:30:00Z",
        "age_seconds": 0,
        "chain": None,
        "imported_at": "2026-03-01T09:30:00Z",
        "is_syncing": True,
        "failing_since": "2026-03-01T09:29:00Z",
        "failures": 2,
        "fault": "<i>no</i>",
        "trouble": None,
        "alerts": {},
        "paused_until": None,
        "next_call": {"at": "2026-03-01T09:31:00Z", "task": "upcoming"},
        "budget": {"calls_last_hour": 10, "hourly_budget": 12, "hourly_limit": 15},
        "counts": {"events": 1, "launches": 0, "withdrawn": 0, "changes": 0, "rejected": 1, "doubted": 1},
        "pictures": {"held": 0, "cards": 0, "failing": 0, "bytes": 0, "most_bytes": 200 * 2**20, "lack": None},
        "notices": {
            "paused": False,
            "lack": "PERIGEE_PUBLIC_URL is not set",
            "push": NO_NOTICES,
            "targets": NO_NOTICES,
            "failing_rules": [],
            "hub": None,
        },
        "rejected": [{"event_id": 8, "reason": "<script>alert(1)</script>", "seen_at": "2026-03-01T09:30:00Z"}],
    }
    assert tasks == {
        "upcoming": {
            "tried_at": "2026-03-01T09:30:00Z",
            "succeeded_at": None,
            "failures": 2,
            "retry_at": "2026-03-01T09:31:00Z",
            "fault": "<b>No</b> & never",
        }
    }
    assert [one["outcome"] for one in latest] == [f"{number} events" for number in range(11, 1, -1)]
    assert latest[0] == {
        "called_at": "2026-03-01T08:41:00Z",
        "finished_at": "2026-03-01T08:41:02Z",
        "task": "throttle",
        "reason": "it was time",
        "outcome": "11 events",
        "fault": None,
    }


def test_of_many_refused_records_ten_are_named_and_the_rest_is_counted(site: MakeSite) -> None:
    one = site(make_record(7))
    with one.store.write() as writer:
        writer.note_rejected(EntryKind.EVENT, [(str(number), "name: missing") for number in range(1, 1013)], now=NOW)
    found = json.loads(one.get("/status.json")[1])
    named = list(range(13, 23))
    assert [rejected["event_id"] for rejected in found["rejected"]] == named
    assert found["counts"]["rejected"] == 1000
    html = one.get("/status")[1]
    assert [int(number) for number in re.findall(r"<dt>Record (\d+)</dt>", html)] == named
    assert "And 990 more." in plain(html)


def test_every_key_is_explained(site: MakeSite) -> None:
    one = site(make_record(7))
    fill(one)
    guide = (Path(__file__).parents[2] / "docs" / "operating.md").read_text("utf-8")
    documented = set(re.findall(r"`(\w+)`", guide[guide.index("### What `/status.json` says") :]))
    found = json.loads(one.get("/status.json")[1])
    keys = set(found) | {key for part in ("next_call", "budget", "counts") for key in found[part]}
    keys |= {"announced"} | set(found["notices"]) | set(found["notices"]["push"])
    keys |= set(found["calls"][0]) | set(found["rejected"][0]) | set(found["tasks"]["upcoming"])
    assert keys - documented == set()


def test_the_page_says_the_same_to_people_and_escapes_what_came_from_elsewhere(site: MakeSite) -> None:
    one = site(make_record(7))
    fill(one)
    answer = one.client.get("/status")
    html = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    words = plain(html)
    assert "Updated less than a minute ago." in words
    assert "Failed 2 times in a row. <b>No</b> & never." in words
    assert "10 of 12" in words
    assert "orbit.example" not in html
    assert [part in html for part in ("<script>alert", "<i>no", "<b>No")] == [False] * 3
    assert len(read(html).select("li.call")) == 10


@pytest.mark.parametrize("environ", [{}, {"PERIGEE_SAMPLE": "off"}])
def test_it_can_be_read_before_the_first_import(site: MakeSite, environ: dict[str, str]) -> None:
    one = site(**environ)
    status_code, html = one.get("/status")
    assert status_code == 200
    assert "No current data yet. Launch Library hasn’t been checked yet." in plain(html)
    assert ("You see a sample until then." in html) is not bool(environ)
    found = json.loads(one.get("/status.json")[1])
    assert (found["edition"], found["reached_at"], found["age_seconds"], found["is_syncing"]) == (
        "real" if environ else "sample", None, None, False,
    )  # fmt: skip


def test_a_lease_that_has_run_out_is_nobodys(site: MakeSite) -> None:
    one = site(make_record(7))
    fill(one)
    one.clock.advance(timedelta(seconds=44))
    assert json.loads(one.get("/status.json")[1])["is_syncing"] is True
    one.clock.advance(timedelta(seconds=1))
    assert json.loads(one.get("/status.json")[1])["is_syncing"] is False


@pytest.mark.parametrize("path", ["/status", "/status.json"])
def test_without_the_store_it_is_an_error_like_any_other(
    site: MakeSite, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_store: Store) -> None:
        raise StoreUnavailableError("disk I/O error")

    one = site(make_record(7))
    monkeypatch.setattr(Store, "read", fail)
    answer = one.client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "Data temporarily unavailable" in plain(answer.get_data(as_text=True))
    assert "disk I/O" not in answer.get_data(as_text=True)


def test_that_launches_could_be_added_is_said_until_the_owner_chooses() -> None:
    offer = (
        "Only events are synced. To add launches, set PERIGEE_KINDS=event,launch; "
        "to keep it like this, set PERIGEE_KINDS=event."
    )
    both = replace(FINE, progress={**FINE.progress, EntryKind.LAUNCH: Progress()})
    said = [
        present_status(status(state, are_kinds_chosen=chosen)).sentences[1:]
        for state, chosen in ((FINE, False), (FINE, True), (both, False))
    ]
    assert said == [(offer,), (), ()]
