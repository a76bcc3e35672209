"""Hypothesis strategies for query strings: the pairs that a client sends, often about what is there to be found."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from tests.factories import hostile_texts
from webapp.domain.modes import Mode
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.parameters import PARAMETERS, Ordering, Parameter, Part, Surface, Vague

Pair = tuple[str, str]
Pairs = list[Pair]
Texts = st.SearchStrategy[str]

TEXT_NAMES = ("slug", "video_url", "search", "q", "location")
"""The parameters that take any text."""

_SHIFTS = (timedelta(0), timedelta(0), timedelta(microseconds=1), timedelta(seconds=1), timedelta(days=1))
_HOSTILE_WORDS = (
    "%", "_", "\\", "'", "''", '"', '"a', "*", "a*", "-a", "a OR b", "a AND b", "NOT a", "NEAR(a b, 2)", "name:a", "^a",
    "(a", "a)", "{a}", "a & b", "a | !b", "a <-> b", "a:*", "$1", ":x", "?", "--", "/*", "\x00", "\ud800", "é",
    "e\u0301",
)  # fmt: skip


@dataclass(frozen=True)
class Pool:
    """What the records hold, to ask for."""

    ids: tuple[int, ...]
    launch_ids: tuple[str, ...]
    of_launches: dict[str, tuple[Any, ...]]
    type_ids: tuple[int, ...]
    agency_ids: tuple[int, ...]
    program_ids: tuple[int, ...]
    slugs: tuple[str, ...]
    urls: tuple[str, ...]
    names: tuple[str, ...]
    texts: tuple[str, ...]
    locations: tuple[str, ...]
    dates: tuple[datetime, ...]
    updates: tuple[datetime, ...]


def pool_of(records: list[dict[str, Any]]) -> Pool:
    """Gather what records hold, each thing once and in a fixed order."""

    def each(find: Callable[[dict[str, Any]], list[Any]]) -> tuple[Any, ...]:
        return tuple(sorted({found for record in records for found in find(record) if found}))

    def parts(record: dict[str, Any], field: str) -> list[dict[str, Any]]:
        return record.get(field) or []

    names = each(lambda one: [one["name"]])
    described = [one["description"] for one in records[::10] if "description" in one]
    launches = [one for one in records if isinstance(one["id"], str)]
    related = each(lambda one: [part["name"] for field in ("agencies", "program") for part in parts(one, field)])
    locations = each(lambda one: [one.get("location")])
    return Pool(
        ids=tuple(sorted(one["id"] for one in records if isinstance(one["id"], int))),
        launch_ids=tuple(sorted(one["id"] for one in launches)),
        of_launches={name: _found(launches, path.split()) for name, path in _LAUNCH_PATHS.items()},
        type_ids=each(lambda one: [one["type"]["id"]] if one.get("type") else []),
        agency_ids=each(lambda one: [part["id"] for part in parts(one, "agencies")]),
        program_ids=each(lambda one: [part["id"] for part in parts(one, "program")]),
        slugs=each(lambda one: [one.get("slug")]),
        urls=each(lambda one: [part["url"] for part in parts(one, "vid_urls")]),
        names=names,
        texts=(*names, *described, *related, *locations, *_texts_of(launches)),
        locations=locations,
        dates=each(lambda one: [_instant(one.get("date") or one.get("net"))]),
        updates=each(lambda one: [_instant(one.get("last_updated"))]),
    )


def filters(pool: Pool, *, least: int = 1, most: int = 4, surface: Surface = Surface.PAGES) -> st.SearchStrategy[Pairs]:
    """A few filter parameters of a surface, each of them often met by some record."""
    return _combinations(filter_values(pool, surface), least, most)


def queries(pool: Pool, surface: Surface = Surface.PAGES) -> st.SearchStrategy[Pairs]:
    """Such filters with a page and an order of it, and with what feeds are told."""
    orders = st.sampled_from(_ORDERS[surface])
    view = _combinations(_VIEW_VALUES | {"ordering": orders}, 0, 3)
    return st.tuples(filters(pool, least=0, surface=surface), view).map(lambda both: both[0] + both[1])


def hostile_filters() -> st.SearchStrategy[Pairs]:
    """One text parameter with whatever an attacker or a broken client may send."""
    scraps = st.lists(st.sampled_from(_HOSTILE_WORDS) | hostile_texts(2), min_size=1, max_size=4)
    return st.tuples(st.sampled_from(TEXT_NAMES), scraps.map(" ".join)).map(lambda pair: [pair])


def filter_values(pool: Pool, surface: Surface = Surface.PAGES) -> dict[str, Texts]:
    """For each filter parameter of a surface, values that it takes: of what the records hold, or all its type has."""
    filters = {one.name: one for one in PARAMETERS if one.part is Part.FILTER and surface in one.surfaces}
    known = _known_values(pool) | _launch_values(pool) | {"id": _entry_ids(pool, surface)}
    return {name: known[name] if name in known else _values_of(parameter) for name, parameter in filters.items()}


def _values_of(parameter: Parameter) -> Texts:
    """Give all values of a type that has few, and of others the example."""
    schema = parameter.type.schema or {}
    return st.sampled_from(schema.get("enum") or [parameter.example])


def _known_values(pool: Pool) -> dict[str, Texts]:
    moments, updates = _moments(pool.dates), _moments(pool.updates)
    words = _words(pool.texts)
    return {
        "type": st.sampled_from(pool.type_ids).map(str),
        "type__ids": _ids(pool.type_ids),
        "not_type__ids": _ids(pool.type_ids),
        "agency__ids": _ids(pool.agency_ids),
        "not_agency__ids": _ids(pool.agency_ids),
        "program": _ids(pool.program_ids),
        "not_program__ids": _ids(pool.program_ids),
        "slug": st.sampled_from(pool.slugs) | st.just("no-such-slug"),
        "video_url": st.lists(st.sampled_from(pool.urls), min_size=1, max_size=3).map(",".join),
        "search": _searches(pool.names),
        "q": st.lists(words, min_size=1, max_size=2).map(" ".join) | _slices(pool.texts),
        "location": _slices(pool.locations),
        "from": _days(pool.dates),
        "to": _days(pool.dates),
        "day": _numbers(tuple(range(1, 32)), most=12),
        "month": _numbers(tuple(range(1, 13)), most=6),
        "year": _numbers(tuple({moment.year for moment in pool.dates}), most=8),
        **dict.fromkeys(("date__gt", "date__gte", "date__lt", "date__lte"), moments),
        **dict.fromkeys(("last_updated__gte", "last_updated__lte"), updates),
    }


_VIEW_VALUES: dict[str, Texts] = {
    "limit": st.integers(1, 100).map(str),
    "offset": (st.integers(0, 30) | st.integers(0, 500)).map(str),
    "mode": st.sampled_from([one.value for one in Mode]),
    "hide_recent_previous": st.just("true"),
    "past": (st.integers(0, 60) | st.integers(0, 3650)).map(str),
    "vague": st.sampled_from([one.value for one in Vague]),
}


_OF_LAUNCHES = {Ordering.ID, Ordering.ID_DESCENDING, Ordering.NAME, Ordering.NAME_DESCENDING}
_ORDERS = {
    surface: [one.value for one in Ordering if surface is Surface.LAUNCHES_API or one not in _OF_LAUNCHES]
    for surface in Surface
}
# Where in a record the values stand that launch filters ask for; the names of lists end in a star.
_LAUNCH_PATHS = {
    "status": "status id",
    "status__ids": "status id",
    "lsp__id": "launch_service_provider id",
    "lsp__name": "launch_service_provider name",
    "related_lsp__id": "mission agencies* id",
    "related_lsp__name": "mission agencies* name",
    "location__ids": "pad location id",
    "pad__location": "pad location id",
    "pad": "pad id",
    "pad__location__celestial_body__id": "pad location celestial_body id",
    "launcher_config__id": "rocket configuration id",
    "rocket__configuration__id": "rocket configuration id",
    "rocket__configuration__name": "rocket configuration name",
    "rocket__configuration__full_name": "rocket configuration full_name",
    "rocket__configuration__full_name__icontains": "rocket configuration full_name",
    "rocket__configuration__manufacturer__name": "rocket configuration manufacturer name",
    "rocket__configuration__manufacturer__name__icontains": "rocket configuration manufacturer name",
    "rocket__spacecraftflight__spacecraft__id": "rocket spacecraft_stage* spacecraft id",
    "rocket__spacecraftflight__spacecraft__name": "rocket spacecraft_stage* spacecraft name",
    "rocket__spacecraftflight__spacecraft__name__icontains": "rocket spacecraft_stage* spacecraft name",
    "spacecraft_config__ids": "rocket spacecraft_stage* spacecraft spacecraft_config id",
    "serial_number": "rocket launcher_stage* launcher serial_number",
    "launch_designator": "launch_designator",
    "mission__orbit__name": "mission orbit name",
    "mission__orbit__name__icontains": "mission orbit name",
    "orbit__ids": "mission orbit id",
    "mission__orbit__celestial_body__id": "mission orbit celestial_body id",
    "name": "name",
}


def _found(records: list[dict[str, Any]], path: list[str]) -> tuple[Any, ...]:
    """Give all values that stand at a path in records, each once and in a fixed order."""
    found: list[Any] = list(records)
    for step in path:
        inner = [one.get(step.rstrip("*")) for one in found if one]
        found = [part for one in inner for part in one or []] if step.endswith("*") else inner
    return tuple(sorted({one for one in found if one}))


def _texts_of(launches: list[dict[str, Any]]) -> list[str]:
    paths = ("rocket configuration full_name", "mission name", "mission type", "pad name", "launch_designator")
    return [text for path in paths for text in _found(launches, path.split())]


def _launch_values(pool: Pool) -> dict[str, Texts]:
    """Values for filters of launches, if the pool has any launches."""
    values: dict[str, Texts] = {}
    for name, known in pool.of_launches.items():
        if known and name.endswith("icontains"):
            values[name] = _slices(known)
        elif known and isinstance(known[0], int):
            values[name] = _ids(known, most=4 if name.endswith(("_ids", "__id")) and name not in _ONE_ID else 1)
        elif known:
            values[name] = st.sampled_from(known)
    moments, counts = _moments(pool.dates), st.integers(0, 130).map(str)
    for parameter in PARAMETERS:
        if parameter.name.startswith("window_"):
            values[parameter.name] = moments
        elif "_attempt_count" in parameter.name:
            values[parameter.name] = counts
    return values | dict.fromkeys(("is_crewed", "include_suborbital"), st.sampled_from(("true", "false")))


_ONE_ID = {
    "pad__location__celestial_body__id", "mission__orbit__celestial_body__id", "rocket__configuration__id",
    "rocket__spacecraftflight__spacecraft__id",
}  # fmt: skip


def _entry_ids(pool: Pool, surface: Surface) -> Texts:
    events, launches = _ids(pool.ids, most=20), st.lists(st.sampled_from(pool.launch_ids or (_NO_LAUNCH,)), min_size=1)
    several = launches.map(lambda some: ",".join(some[:20]))
    both = st.tuples(events, several).map(",".join)
    return {Surface.EVENTS_API: events, Surface.LAUNCHES_API: several}.get(surface, events | several | both)


_NO_LAUNCH = "00000000-0000-4000-8000-999999999999"


def _combinations(values: dict[str, Texts], least: int, most: int) -> st.SearchStrategy[Pairs]:
    names = st.lists(st.sampled_from(sorted(values)), min_size=least, max_size=most, unique=True)
    return names.flatmap(
        lambda chosen: st.tuples(*(st.tuples(st.just(name), values[name]) for name in chosen)).map(list)
    )


def _ids(known: tuple[int, ...], *, most: int = 4) -> Texts:
    return _numbers((*known, *known, 0, 999, LARGEST_ID), most=most)


def _numbers(numbers: tuple[int, ...], *, most: int) -> Texts:
    return st.lists(st.sampled_from(numbers), min_size=1, max_size=most).map(lambda some: ",".join(map(str, some)))


def _moments(known: tuple[datetime, ...]) -> Texts:
    return st.builds(_spell_moment, st.sampled_from(known), st.sampled_from(_SHIFTS), st.booleans())


def _spell_moment(moment: datetime, shift: timedelta, back: bool) -> str:  # noqa: FBT001 - drawn, not called by hand
    shifted = _shifted(moment, -shift if back else shift)
    return shifted.replace(tzinfo=None).isoformat() + "Z"


def _days(known: tuple[datetime, ...]) -> Texts:
    def spell(moment: datetime, days: int) -> str:
        return _shifted(moment, timedelta(days=days)).date().isoformat()

    return st.builds(spell, st.sampled_from(known), st.integers(-1, 1) | st.integers(-40, 40)) | st.sampled_from(
        (date.min.isoformat(), date.max.isoformat())
    )


def _shifted(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment + by
    except OverflowError:
        return moment


def _words(texts: tuple[str, ...]) -> Texts:
    known = sorted({word for text in texts for word in text.split()})
    return st.sampled_from(known).flatmap(
        lambda word: st.sampled_from((word, word.upper(), word.lower(), word[: len(word) // 2 + 1]))
    )


def _searches(names: tuple[str, ...]) -> Texts:
    quoted = _slices(names).map(lambda text: f'"{text}"')
    pieces = _words(names) | _slices(names) | quoted
    return st.lists(pieces, min_size=1, max_size=2).map(" ".join)


def _slices(texts: tuple[str, ...]) -> Texts:
    """Any part of a known text, in its own case or another."""
    parts = st.builds(
        lambda text, start, length: text[(first := start % len(text)) : first + length],
        st.sampled_from(texts),
        st.integers(0, 99),
        st.integers(1, 14),
    )
    return parts.flatmap(lambda part: st.sampled_from((part, part.upper(), part.lower(), part.swapcase())))


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None
