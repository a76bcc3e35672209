"""Cards of what is upcoming: each drawn once, and anew when what is on it changes."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clock import ManualClock
from tests.factories import make_launch_entry
from tests.keys import launch_key
from tests.pictures.stage import MIB, PictureStage
from webapp.domain.entry import LAUNCH_TYPE
from webapp.pictures.cards import CARDS_A_STEP, MOST_CARDS
from webapp.pictures.engine import PictureEngine
from webapp.pictures.making import CardFacts

ONE = "http://a.example/1.jpg"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def stage(tmp_path: Path, clock: ManualClock) -> Iterator[PictureStage]:
    stage = PictureStage(tmp_path, clock)
    with closing(stage.store):
        yield stage


@pytest.fixture
def engine(stage: PictureStage) -> PictureEngine:
    return stage.make_engine()


def test_each_upcoming_entry_has_a_card_with_what_is_known(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, None, days=1, name="Docking")
    stage.name(2, None, days=-9, name="Over")
    stage.keep(make_launch_entry(key=launch_key(3), date=stage.clock.now + 2 * DAY, name="Launch"))
    generation = stage.generation()
    assert engine.step()
    assert stage.cards.asked == [
        [
            CardFacts("Docking", "2 March 2026, 09:30 UTC", "exact", 2, "Docking"),
            CardFacts("Launch", "3 March 2026, 09:30 UTC", "exact", LAUNCH_TYPE.id, "Launch"),
        ]
    ]
    assert sorted(stage.card_names()) == ["Docking", "Launch"]
    assert stage.generation() > generation
    assert not engine.step()
    assert not stage.make_engine().step(), "nor after a restart"


def test_only_what_changed_is_drawn_anew(stage: PictureStage, engine: PictureEngine) -> None:
    for number in (1, 2):
        stage.name(number, None, days=number)
    engine.step()
    stage.name(2, None, days=5)
    engine.step()
    assert stage.cards.names() == [["Event 1", "Event 2"], ["Event 2"]]


def test_a_picture_that_came_is_on_the_card_with_its_caption(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=1, license_name="CC BY-NC-ND 2.0", original=b"jpeg")
    stage.name(2, None, days=2)
    stage.run(engine, MINUTE)
    ((first, second),) = stage.cards.asked
    caption = "Photo: Ada · CC BY-NC-ND 2.0 · resized"
    assert (first.picture, first.caption, first.may_crop) == (b"jpeg", caption, False)
    assert (second.picture, second.caption, second.may_crop) == (None, "", False)
    stage.name(1, ONE, days=1, license_name="CC0", original=b"jpeg")
    stage.run(engine, MINUTE)
    (third,) = stage.cards.asked[-1]
    assert (third.caption, third.may_crop) == ("Photo: Ada · CC0 · resized", True)
    stage.name(1, None, days=1)
    stage.run(engine, MINUTE)
    (fourth,) = stage.cards.asked[-1]
    assert (fourth.picture, fourth.caption) == (None, "")


@pytest.mark.slow
def test_ten_are_drawn_at_a_time_and_the_soonest_two_hundred(stage: PictureStage, engine: PictureEngine) -> None:
    for number in range(1, MOST_CARDS + 6):
        stage.name(number, None, days=number)
    engine.step()
    assert stage.cards.names() == [[f"Event {number}" for number in range(1, CARDS_A_STEP + 1)]]
    stage.run(engine, 5 * MINUTE)
    assert stage.card_names() == [f"Event {number}" for number in range(1, MOST_CARDS + 1)]


def test_one_that_cannot_be_drawn_is_not_tried_until_it_changes(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, None, days=1, name="Event")
    engine.step()
    stage.name(1, None, days=1, name="虚构事件")
    stage.run(engine, 5 * MINUTE)
    assert (stage.cards.names(), stage.card_names()) == ([["Event"], ["虚构事件"]], [])
    stage.name(1, None, days=2, name="虚构事件")
    stage.run(engine, 5 * MINUTE)
    assert len(stage.cards.asked) == 3
    stage.name(1, None, days=1, name="Event")
    stage.run(engine, 5 * MINUTE)
    assert stage.card_names() == ["Event"]


def test_what_is_over_or_withdrawn_has_none(stage: PictureStage, engine: PictureEngine) -> None:
    for number in (1, 2, 3):
        stage.name(number, None, days=number)
    engine.step()
    stage.clock.advance(DAY + timedelta(hours=1))
    with stage.store.write() as writer:
        (second,) = writer.get_entries([2])
        writer.withdraw(second.entry.key, now=stage.clock.now)
    engine.step()
    assert stage.card_names() == ["Event 3"]


def test_the_room_of_cards_is_kept_and_a_wrong_card_is_worse_than_none(stage: PictureStage) -> None:
    stage.cards.size = 250_000
    for number in range(1, 31):
        stage.name(number, None, days=number)
    engine = stage.make_engine(mib=8)
    stage.run(engine, 5 * MINUTE)
    assert stage.card_names() == [f"Event {number}" for number in range(1, 9)]
    stage.name(2, None, days=2, name="Renamed")
    stage.run(engine, 5 * MINUTE)
    assert stage.size() <= 2 * MIB
    assert "Event 2" not in stage.card_names()
    smaller = stage.make_engine(mib=4)
    stage.run(smaller, 5 * MINUTE)
    assert stage.card_names() == ["Event 1", "Renamed", "Event 3", "Event 4"]
    drawn = len(stage.cards.asked)
    stage.run(smaller, 5 * MINUTE)
    assert len(stage.cards.asked) == drawn


def test_a_maker_that_fails_is_left_alone_for_an_hour(stage: PictureStage, engine: PictureEngine) -> None:
    stage.name(1, ONE, days=1)
    stage.cards.fault = "took more than 20 seconds"
    stage.run(engine, timedelta(minutes=59))
    assert len(stage.cards.asked) == 1
    assert stage.held().keys() == {ONE}, "pictures go on"
    stage.cards.fault = None
    stage.run(engine, 5 * MINUTE)
    assert stage.card_names() == ["Event 1"]
