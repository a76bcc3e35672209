"""Invented launches in the detailed 2.3.0 shape, the same at every run; and the real ones, from where they are kept.

Overrides are wire values, taken as they are: `make_launch(7, net="2026-07-19T12:00:00Z", status=launch_status(5))`.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fake_ll2 import launch_parts, parts
from tests.fake_ll2.catalogue import agency, precision, program
from tests.fake_ll2.data import read_json
from tests.fake_ll2.launch_parts import launch_status
from tests.fake_ll2.moments import parse_moment, stamp
from tests.fake_ll2.shapes import Record

__all__ = ["launch_id", "launch_status", "make_launch", "make_launches", "real_launches"]

FIRST_DAY = datetime(2026, 1, 1, 12, tzinfo=UTC)
REAL_FILES = (
    "real-2.3.0/launch-detailed-sputnik-1.json",
    "real-2.3.0/launches-normal-sputnik-1-2.json",
    "real-2.3.0/launches-normal-success-2026-09-28.json",
    "converted-2.3.0/upcoming-2026-08-22-list.json",
    "converted-2.3.0/upcoming-2026-08-22-normal.json",
    "converted-2.3.0/upcoming-2026-08-22-detailed.json",
)
ORBIT_IDS, PAD_IDS, ROCKET_IDS = tuple(launch_parts.ORBITS), tuple(launch_parts.PADS), tuple(launch_parts.ROCKETS)
PROVIDER_IDS = (121, 63)
# What a status leaves known of the date: a clock time, but for what is to be determined.
PRECISION_IDS = {2: 7, 3: 0, 6: 0}
ATTEMPT_COUNTS = tuple(
    f"{what}_launch_attempt_count{of}" for of in ("", "_year") for what in ("orbital", "location", "pad", "agency")
)


def launch_id(number: int) -> str:
    """The UUID of an invented launch."""
    return f"00000000-0000-4000-8000-{number:012d}"


def make_launch(number: int, **overrides: Any) -> Record:
    """A complete launch drawn from its number alone: at noon UTC, `number` days after 1 January 2026.

    Its status is the one of that number in turns of nine, and so are its window, its weather and its outcome.
    """
    status_id = number % 9 + 1
    name = f"Meridian {number}"
    rocket_id = ROCKET_IDS[number % len(ROCKET_IDS)]
    full_name = f"{launch_parts.ROCKETS[rocket_id][1]} | {name}"
    net = FIRST_DAY + timedelta(days=number)
    provider_id = PROVIDER_IDS[number % len(PROVIDER_IDS)]
    listed = {
        "id": launch_id(number),
        "url": f"{parts.SITE}/launches/{launch_id(number)}/",
        "name": full_name,
        "response_mode": "detailed",
        "slug": f"carrier-meridian-{number}",
        "launch_designator": f"2026-{number:03d}" if status_id == 3 else None,
        "status": launch_status(status_id),
        "last_updated": stamp(FIRST_DAY + timedelta(minutes=number)),
        "net": stamp(net),
        "net_precision": precision(PRECISION_IDS.get(status_id, 1)),
        "window_end": _window_end(number, overrides.get("net", stamp(net))),
        "window_start": overrides.get("net", stamp(net)),
        "image": parts.image(number, name, f"https://images.example.org/launches/{number}.jpeg", single_use=False),
        "infographic": None,
    }
    return listed | _normal(number, name, status_id, provider_id, rocket_id) | _detailed(number, name, net) | overrides


def make_launches(count: int, *, now: datetime) -> list[Record]:
    """So many launches that are due one a day from tomorrow on, Go and known to the minute."""
    nets = [stamp(now + timedelta(days=number)) for number in range(1, count + 1)]
    return [
        make_launch(
            number, net=net, window_start=net, window_end=net, net_precision=precision(1), status=launch_status(1),
            webcast_live=False, last_updated=stamp(now - timedelta(days=40)),
        )
        for number, net in enumerate(nets, start=1)
    ]  # fmt: skip


def real_launches() -> list[Record]:
    """The launches that the service gave, and those of a later day raised to its form, in all three modes."""
    pages = [read_json(f"launches/{name}") for name in REAL_FILES]
    return [record for page in pages for record in page.get("results", [page])]


def _window_end(number: int, net: object) -> object:
    """Two hours later, or, for every third, at once."""
    if not isinstance(net, str) or number % 3 == 0:
        return net
    return stamp(parse_moment(net) + timedelta(hours=2))


def _normal(number: int, name: str, status_id: int, provider_id: int, rocket_id: int) -> Record:
    mission = launch_parts.mission_object(
        number,
        name,
        f"Mission {number}.\r\n\r\nDetails TBD.",
        orbit=ORBIT_IDS[number % len(ORBIT_IDS)],
        agencies=[launch_parts.provider_object(44)] if number % 2 else [],
    )
    return {
        "probability": 70 if status_id == 1 else None,
        "weather_concerns": "Cumulus Cloud Rule, Anvil Cloud Rules" if status_id == 1 else None,
        "failreason": "The second stage\r\ndid not ignite." if status_id in {4, 7} else "",
        "hashtag": None,
        "launch_service_provider": launch_parts.provider_object(provider_id),
        "rocket": launch_parts.rocket_object(number, rocket_id),
        "mission": mission,
        "pad": launch_parts.pad_object(PAD_IDS[number % len(PAD_IDS)]),
        "webcast_live": False,
        "program": [program(17)] if number % 2 else [],
    } | dict.fromkeys(ATTEMPT_COUNTS, number)


def _detailed(number: int, name: str, net: datetime) -> Record:
    official = parts.webcast(f"https://www.youtube.com/watch?v=official{number}", f"{name} live", start=stamp(net))
    remark = {
        "id": number,
        "profile_image": None,
        "comment": "GO for launch.",
        "info_url": None,
        "created_by": "An editor",
        "created_on": stamp(FIRST_DAY + timedelta(hours=number)),
    }
    # The service's own re-streams have a better priority than what is official.
    again = parts.webcast(f"https://www.youtube.com/watch?v=restream{number}", name, kind=4, priority=7)
    return {
        "flightclub_url": None,
        "updates": [remark],
        "info_urls": [parts.page(f"https://www.example.org/launches/{number}/", f"About {name}")],
        "vid_urls": [again, official] if number % 2 else [],
        "timeline": [
            launch_parts.timeline_step(1, "GO for Prop Load", "-PT38M"),
            launch_parts.timeline_step(10, "Liftoff", "P0D"),
            launch_parts.timeline_step(15, "MECO", "PT2M25S"),
        ],
        "pad_turnaround": "P10D",
        "mission_patches": [launch_parts.patch_object(number, f"{name} patch", agency(44))],
    }
