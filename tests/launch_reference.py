"""What a query asks of launches, said a second time for `tests/reference.py`: written from the documented meanings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import ge, gt, le, lt
from typing import Any

from webapp.domain.query import Filter
from webapp.domain.text import one_line

Record = dict[str, Any]

OUTCOMES = {3, 4, 7, 9}
TO_BE_DETERMINED = 2
CREWED_MISSIONS = {"Human Exploration", "Tourism"}
DAY = timedelta(days=1)
OPERATORS: dict[str, Callable[[Any, Any], bool]] = {"gt": gt, "gte": ge, "lt": lt, "lte": le}


@dataclass(frozen=True)
class LaunchFacts:
    """What only launches have. `ids` are single ids by what they are of; `names` and `instants` likewise."""

    ids: dict[str, int | None]
    names: dict[str, str]
    instants: dict[str, datetime | None]
    counts: dict[str, int | None]
    searched: tuple[str, ...]
    words: tuple[str, ...]
    agency_names: frozenset[str]
    serial_numbers: frozenset[str]
    spacecraft: tuple[tuple[int | None, str, int | None], ...]
    is_crewed: bool
    is_suborbital: bool


def launch_facts(record: Record) -> LaunchFacts:
    """Read them out of a record."""
    mission, pad = record.get("mission") or {}, record.get("pad") or {}
    place, orbit = pad.get("location") or {}, mission.get("orbit") or {}
    rocket = record.get("rocket") or {}
    model = rocket.get("configuration") or {}
    maker, provider = model.get("manufacturer") or {}, record.get("launch_service_provider") or {}
    flights = rocket.get("spacecraft_stage") or []
    spacecraft = [flight.get("spacecraft") or {} for flight in flights]
    is_placed, is_aimed = bool(place.get("name")), bool(orbit.get("name"))
    names = {
        "name": _line(record, "name"),
        "rocket": _line(model, "name") or _line(model, "full_name"),
        "full rocket": _line(model, "full_name") or _line(model, "name"),
        "maker": _line(maker, "name"),
        "provider": _line(provider, "name"),
        "orbit": _line(orbit, "name"),
        "designator": _line(record, "launch_designator"),
    }
    searched = [names["name"], names["provider"], names["rocket"], names["maker"], names["designator"]]
    searched += [_line(mission, "name"), _line(pad, "name"), _line(place, "name")]
    searched += [_line(maker, "abbrev")] if names["maker"] else []
    return LaunchFacts(
        ids={
            "status": (record.get("status") or {}).get("id"),
            "provider": provider.get("id"),
            "rocket": model.get("id") if names["rocket"] else None,
            "pad": pad.get("id") if pad.get("name") or is_placed else None,
            "site": place.get("id") if is_placed else None,
            "site's body": (place.get("celestial_body") or {}).get("id") if is_placed else None,
            "orbit": orbit.get("id") if is_aimed else None,
            "orbit's body": (orbit.get("celestial_body") or {}).get("id") if is_aimed else None,
        },
        names=names,
        instants=_window(record),
        counts={name: number for name, number in record.items() if "_attempt_count" in name},
        searched=tuple(text.casefold() for text in [*searched, *(_line(one, "name") for one in spacecraft)]),
        words=(names["rocket"], names["full rocket"], _line(mission, "name"), _line(mission, "type")),
        agency_names=frozenset({names["provider"], *(_line(one, "name") for one in mission.get("agencies") or [])}),
        serial_numbers=frozenset(
            _line(stage.get("launcher") or {}, "serial_number") for stage in rocket.get("launcher_stage") or []
        ),
        spacecraft=tuple(
            (one.get("id"), _line(one, "name"), (one.get("spacecraft_config") or {}).get("id")) for one in spacecraft
        ),
        is_crewed=_is_crewed(flights, mission),
        is_suborbital=is_aimed and (orbit.get("id") == 15 or orbit.get("abbrev") == "Sub"),
    )


def agencies_of(record: Record) -> list[Record]:
    """Give the provider and the agencies of the mission."""
    provider = record.get("launch_service_provider")
    return [*([provider] if provider else []), *((record.get("mission") or {}).get("agencies") or [])]


def location_of(record: Record) -> str:
    """Give the place as the parameter `location` looks at it: the pad, then its site."""
    pad = record.get("pad") or {}
    return ", ".join(filter(None, (_line(pad, "name"), _line(pad.get("location") or {}, "name"))))


def window_of(record: Record, window: dict[str, Any], *, is_clock: bool) -> dict[str, Any]:
    """Give the range of a launch's date with its launch window and its outcome taken into account."""
    if not window:
        return window
    moment, over_at = _instant(record["net"]), window["over_at"]
    assert moment is not None
    if (record.get("status") or {}).get("id") in OUTCOMES:
        first = datetime.combine(window["first_date"], datetime.min.time(), UTC)
        return window | {"over_at": window["start"] if is_clock else first}
    closes = _window(record).get("window_end")
    if is_clock and closes and over_at < closes <= _plus(window["start"], DAY):
        over_at = closes
    return window | {"over_at": _plus(over_at, DAY)}


def passes(facts: LaunchFacts | None, asked: Filter) -> Iterator[bool]:
    """Say of each condition on launches whether an entry meets it; those without such facts meet none."""
    given = [
        (asked.status_id, facts and facts.ids["status"]),
        (asked.pad_id, facts and facts.ids["pad"]),
        (asked.is_crewed, facts and facts.is_crewed),
        (asked.orbit_name or None, facts and facts.names["orbit"]),
    ]
    yield from (wanted is None or (facts is not None and wanted == found) for wanted, found in given)
    for wanted, of in (
        (asked.status_ids, "status"),
        (asked.provider_ids, "provider"),
        (asked.site_ids, "site"),
        (asked.rocket_ids, "rocket"),
        (asked.orbit_ids, "orbit"),
    ):
        yield not wanted or (facts is not None and facts.ids[of] in wanted)
    part = one_line(asked.orbit_name_part).casefold()
    yield not part or (facts is not None and part in facts.names["orbit"].casefold())
    yield asked.include_suborbital or facts is None or not facts.is_suborbital
    yield from (facts is not None and _has_fact(facts, name, value) for name, value in asked.launch_facts)


def _has_fact(facts: LaunchFacts, name: str, value: Any) -> bool:
    if name in _TESTS:
        return _TESTS[name](facts, value)
    of, _, ending = name.rpartition("__")
    found = (facts.counts | facts.instants).get(of if ending in OPERATORS else name)
    if found is None:
        return False
    return OPERATORS[ending](found, value) if ending in OPERATORS else bool(found == value)


def _named(of: str) -> Callable[[LaunchFacts, str], bool]:
    return lambda facts, name: facts.names[of] == name


def _with_id(of: str) -> Callable[[LaunchFacts, int], bool]:
    return lambda facts, wanted: facts.ids[of] == wanted


def _containing(of: str) -> Callable[[LaunchFacts, str], bool]:
    return lambda facts, part: part.casefold() in facts.names[of].casefold()


_TESTS: dict[str, Callable[[LaunchFacts, Any], bool]] = {
    "name": _named("name"),
    "related_lsp__id": lambda _facts, _ids: True,  # Looked at with the ids of other agencies.
    "lsp__name": lambda facts, names: facts.names["provider"] in names,
    "related_lsp__name": lambda facts, names: not facts.agency_names.isdisjoint(names),
    "pad__location": _with_id("site"),
    "pad__location__celestial_body__id": _with_id("site's body"),
    "mission__orbit__celestial_body__id": _with_id("orbit's body"),
    "rocket__configuration__id": _with_id("rocket"),
    "rocket__configuration__name": _named("rocket"),
    "rocket__configuration__full_name": _named("full rocket"),
    "rocket__configuration__full_name__icontains": _containing("full rocket"),
    "rocket__configuration__manufacturer__name": _named("maker"),
    "rocket__configuration__manufacturer__name__icontains": _containing("maker"),
    "rocket__spacecraftflight__spacecraft__id": lambda facts, id_: any(one == id_ for one, _, _ in facts.spacecraft),
    "rocket__spacecraftflight__spacecraft__name": lambda facts, name: any(
        one == name for _, one, _ in facts.spacecraft
    ),
    "rocket__spacecraftflight__spacecraft__name__icontains": lambda facts, part: any(
        part.casefold() in name.casefold() for _, name, _ in facts.spacecraft
    ),
    "spacecraft_config__ids": lambda facts, ids: any(model in ids for _, _, model in facts.spacecraft),
    "serial_number": lambda facts, numbers: not facts.serial_numbers.isdisjoint(numbers),
    "launch_designator": lambda facts, designators: facts.names["designator"] in designators,
}


def _window(record: Record) -> dict[str, datetime | None]:
    """Give when the launch window opens and closes. One that lacks an end, or closes first, is none."""
    opens, closes = _instant(record.get("window_start")), _instant(record.get("window_end"))
    return {"window_start": opens, "window_end": closes} if opens and closes and opens <= closes else {}


def _is_crewed(flights: list[Record], mission: Record) -> bool:
    return any(flight.get("launch_crew") for flight in flights) or mission.get("type") in CREWED_MISSIONS


def _line(part: Record, field: str) -> str:
    return one_line(part.get(field) or "")


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _plus(moment: datetime, width: timedelta) -> datetime:
    end = datetime.max.replace(tzinfo=UTC)
    return end if end - moment < width else moment + width
