"""One event of which every field and every part holds something, and how to vary any of its fields."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.factories import make_event, make_webcast
from webapp.domain.event import (
    Agency,
    CrewMember,
    Event,
    Expedition,
    Launch,
    Link,
    Picture,
    Program,
    Station,
    Update,
)

_DAY = datetime(2026, 3, 1, 6, 30, tzinfo=UTC)

WHOLE_EVENT = make_event(
    description="They dock.",
    location="Low orbit",
    duration="PT1H",
    picture=Picture("https://a.example/1.png", None, "A", "B", None, single_use=False),
    webcasts=(make_webcast(start=_DAY, end=_DAY),),
    links=(Link("https://a.example/more", "More", "All of it", "a.example", "Article", "English", 1),),
    updates=(Update(1, "It is on.", "An editor", _DAY, "https://a.example/said"),),
    agencies=(Agency(1, "Agency", "A"),),
    programs=(Program(1, "Program"),),
    last_updated=_DAY,
    launches=(Launch("a", "Meridian 1", _DAY, 1, "Go"),),
    stations=(Station(1, "Station", "Low orbit"),),
    expeditions=(Expedition(1, "Expedition", _DAY, _DAY),),
    crew=(CrewMember(1, "Somebody", "Agency"),),
)


def other(value: Any) -> Any:
    """Give another value of the same sort."""
    match value:
        case bool():
            return not value
        case int():
            return value + 1
        case str():
            return f"{value}-other"
        case datetime():
            return value + timedelta(days=400)
        case tuple():
            return ()
    return replace(value, **{fields(value)[0].name: other(getattr(value, fields(value)[0].name))})


def varied(kind: type, name: str) -> Event:
    """Give the whole event with that field, of its own or of its part of that class, changed."""
    if kind is Event:
        event: Event = _changed(WHOLE_EVENT, name)
        return event
    for field in fields(Event):
        value = getattr(WHOLE_EVENT, field.name)
        part = value[0] if isinstance(value, tuple) else value
        if type(part) is kind:
            changed = _changed(part, name)
            whole: dict[str, Any] = {field.name: (changed,) if isinstance(value, tuple) else changed}
            return replace(WHOLE_EVENT, **whole)
    raise LookupError(kind)


def _changed(whole: Any, name: str) -> Any:
    return replace(whole, **{name: other(getattr(whole, name))})
