"""What only launches have, as the rows that they are filtered by; and the names that they bring."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, Table, insert, select, update

from webapp.domain.entry import Entry
from webapp.domain.launch import AttemptCounts, LaunchDetail, Mission, Orbit, Rocket
from webapp.domain.text import folded
from webapp.store.schema import (
    launch_serial_numbers,
    launch_sites,
    launch_spacecraft,
    launch_statuses,
    launches,
    mission_types,
    orbits,
    rockets,
    timeline_event_types,
)

Row = dict[str, Any]

_NO_ROCKET, _NO_MISSION, _NO_ORBIT = Rocket(None, "", "", ()), Mission("", "", None), Orbit(None, "", "")


def searched_text(entry: Entry) -> str:
    """Give the texts that `search` looks in, folded, each on a line of its own: of an event its name alone."""
    return "\n".join(folded(text) for text in _searched(entry) if text)


def launch_rows(written: Iterable[tuple[int, Entry]]) -> dict[Table, list[Row]]:
    """Give the rows of the launches among these entries, by table."""
    rows: dict[Table, list[Row]] = {launches: [], launch_serial_numbers: [], launch_spacecraft: []}
    for entry_id, entry in written:
        if isinstance(entry.detail, LaunchDetail):
            rows[launches].append({"entry_id": entry_id} | _columns(entry.detail))
            rows[launch_serial_numbers] += _placed(entry_id, _serial_numbers(entry.detail))
            rows[launch_spacecraft] += _placed(entry_id, _spacecraft(entry.detail))
    return rows


def learn_launch_names(connection: Connection, arrived: Iterable[Entry]) -> None:
    """Keep the names of statuses, mission types, orbits, steps, sites and rockets, for filters and the API's lists."""
    details = [entry.detail for entry in arrived if isinstance(entry.detail, LaunchDetail)]
    named: dict[Table, dict[int, Row]] = {}
    for detail in details:
        for table, row in _named(detail):
            if row["id"] is not None:
                named.setdefault(table, {})[row["id"]] = row
    for table, rows in named.items():
        learn_names(connection, table, rows)
    _learn_mission_types(connection, {detail.mission.type for detail in details if detail.mission})


def learn_names(connection: Connection, table: Table, rows: dict[int, Row]) -> None:
    """Keep the rows of a table of names, by their ids, as they were last met."""
    stored = connection.execute(select(table).where(table.c.id.in_(rows))).mappings()
    known = {row["id"]: dict(row) for row in stored}
    for part_id, row in rows.items():
        if part_id not in known:
            connection.execute(insert(table).values(row))
        elif known[part_id] != row:
            connection.execute(update(table).where(table.c.id == part_id).values(row))


def _searched(entry: Entry) -> Iterator[str]:
    yield entry.name
    detail = entry.detail
    if not isinstance(detail, LaunchDetail):
        return
    yield from (flight.name for flight in detail.spacecraft)
    if detail.mission:
        yield detail.mission.name
    if entry.provider:
        yield entry.provider.name
    if detail.pad:
        yield detail.pad.name
        yield detail.pad.place.name if detail.pad.place else ""
    if detail.rocket:
        yield detail.rocket.name
        if maker := detail.rocket.manufacturer:
            yield from (maker.name, maker.abbrev)
    yield detail.designator


def _columns(detail: LaunchDetail) -> Row:
    rocket = detail.rocket or _NO_ROCKET
    orbit = (detail.mission or _NO_MISSION).orbit or _NO_ORBIT
    place = detail.pad.place if detail.pad else None
    maker = rocket.manufacturer.name if rocket.manufacturer else ""
    return {
        "status_id": detail.status.id if detail.status else None,
        "provider_id": detail.provider_id,
        "rocket_id": rocket.id,
        "rocket_name": rocket.name,
        "rocket_full_name": rocket.full_name,
        "rocket_full_name_folded": folded(rocket.full_name),
        "manufacturer_name": maker,
        "manufacturer_name_folded": folded(maker),
        "pad_id": detail.pad.id if detail.pad else None,
        "location_id": place.id if place else None,
        "location_body_id": place.body.id if place and place.body else None,
        "orbit_id": orbit.id,
        "orbit_name": orbit.name,
        "orbit_name_folded": folded(orbit.name),
        "orbit_body_id": orbit.body.id if orbit.body else None,
        "is_crewed": detail.is_crewed,
        "is_suborbital": detail.is_suborbital,
        "designator": detail.designator,
        "window_start": detail.window.start if detail.window else None,
        "window_end": detail.window.end if detail.window else None,
    } | _attempt_counts(detail.attempt_counts)


def _attempt_counts(counts: AttemptCounts) -> Row:
    return {f"{name}_attempt_count": count for name, count in asdict(counts).items()}


def _serial_numbers(detail: LaunchDetail) -> list[Row]:
    return [{"serial_number": number} for number in detail.serial_numbers]


def _spacecraft(detail: LaunchDetail) -> list[Row]:
    return [
        {
            "spacecraft_id": flight.spacecraft_id,
            "configuration_id": flight.configuration_id,
            "name": flight.name,
            "name_folded": folded(flight.name),
        }
        for flight in detail.spacecraft
    ]


def _placed(entry_id: int, rows: list[Row]) -> list[Row]:
    return [{"entry_id": entry_id, "position": position} | row for position, row in enumerate(rows)]


def _named(detail: LaunchDetail) -> Iterator[tuple[Table, Row]]:
    status, rocket = detail.status, detail.rocket
    if status:
        yield launch_statuses, asdict(status) | {"description": detail.status_description}
    if rocket:
        yield rockets, {"id": rocket.id, "name": rocket.full_name}
    if detail.pad and (place := detail.pad.place):
        yield launch_sites, {"id": place.id, "name": place.name}
    if detail.mission and (orbit := detail.mission.orbit):
        body = orbit.body
        about = {"body_id": body.id if body else None, "body_name": body.name if body else None}
        yield orbits, {"id": orbit.id, "name": orbit.name, "abbrev": orbit.abbrev} | about
    for step in detail.timeline:
        row = {"id": step.type_id, "abbrev": step.name, "description": step.description}
        yield timeline_event_types, row


def _learn_mission_types(connection: Connection, names: set[str]) -> None:
    wanted = names - {""}
    known = connection.execute(select(mission_types.c.name).where(mission_types.c.name.in_(wanted))).scalars()
    for name in sorted(wanted - set(known)):
        connection.execute(insert(mission_types).values(name=name))
