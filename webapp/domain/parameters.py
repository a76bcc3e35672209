"""The table of parameters that a query string may hold: behind parsing, links, help and the API's description."""

from dataclasses import replace
from enum import Enum

from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EntryKind
from webapp.domain.launch_parameters import LAUNCH_PARAMETERS
from webapp.domain.modes import Mode
from webapp.domain.parameter import ON_PAGES, Parameter, Part, Surface
from webapp.domain.parameter_types import (
    BOOLEAN,
    DAY,
    LARGEST_ID,
    LARGEST_LIMIT,
    LARGEST_OFFSET,
    LONGEST_ALARM,
    LONGEST_PAST,
    MOMENT,
    URLS,
    ZONE,
    ParameterType,
    entry_keys_type,
    enum_list_type,
    enum_type,
    number_list_type,
    number_type,
    text_type,
    tidy_search,
    tidy_words,
)
from webapp.domain.precision import Step

__all__ = [
    "PARAMETERS",
    "Cancelled",
    "Format",
    "Ordering",
    "Parameter",
    "Part",
    "Span",
    "Surface",
    "Vague",
    "WeekStart",
]


class Vague(Enum):
    """What a calendar does with dates coarser than a week."""

    OMIT = "omit"
    SPAN = "span"
    MARKER = "marker"


class Cancelled(Enum):
    """What a calendar does with events that were withdrawn of late."""

    KEEP = "keep"
    DROP = "drop"


class Format(Enum):
    """What the API answers with: JSON, or the page that shows it to people."""

    JSON = "json"
    API = "api"


class Ordering(Enum):
    """The orders that one can ask for. Equal dates come in ascending id, in descending order too."""

    DATE = "date"
    DATE_DESCENDING = "-date"
    LAST_UPDATED = "last_updated"
    LAST_UPDATED_DESCENDING = "-last_updated"
    RELEVANCE = "relevance"
    ID = "id"
    ID_DESCENDING = "-id"
    NAME = "name"
    NAME_DESCENDING = "-name"


class WeekStart(Enum):
    """The day on which the weeks of a calendar begin."""

    MONDAY = "monday"
    SUNDAY = "sunday"
    SATURDAY = "saturday"

    @property
    def weekday(self) -> int:
        """Its number, as `date.weekday` gives it: 0 for Monday."""
        return {WeekStart.MONDAY: 0, WeekStart.SATURDAY: 5, WeekStart.SUNDAY: 6}[self]


class Span(Enum):
    """How far the horizon reaches."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


def _ids(of: str, example: str) -> ParameterType:
    return number_list_type(0, LARGEST_ID, of=of, example=example)


_F, _V, _O = Part.FILTER, Part.VIEW, Part.OPTION
_EVENT_IDS, _LAUNCH_ID = "1211,1212", "e3df2ecd-c239-472f-95e4-2b89b4f75800"
_OF_LAUNCHES_ALONE = (Ordering.ID, Ordering.ID_DESCENDING, Ordering.NAME, Ordering.NAME_DESCENDING)
_NET = {"net": Ordering.DATE, "-net": Ordering.DATE_DESCENDING}
_ORDERING = enum_type(Ordering, without=_OF_LAUNCHES_ALONE, aliases=_NET)
_LAUNCH_ORDERING = replace(enum_type(Ordering, aliases=_NET), example="name")

PARAMETERS = (
    Parameter(
        "kind", "kinds", _F, enum_list_type(EntryKind, of="kinds of entry", example="launch"),
        "Only events, or only launches; both by default.", "launch", is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "id", "ids", _F,
        entry_keys_type(tuple(EntryKind), of="ids of events (numbers) or launches (UUIDs)", example=_EVENT_IDS),
        "Only these events or launches.", _EVENT_IDS,
        types={
            Surface.EVENTS_API: entry_keys_type((EntryKind.EVENT,), of="event ids", example=_EVENT_IDS),
            Surface.LAUNCHES_API: entry_keys_type((EntryKind.LAUNCH,), of="launch ids", example=_LAUNCH_ID),
        },
    ),
    Parameter("type", "type_id", _F, number_type(0, LARGEST_ID, of="an event type id"), "Only this event type.", "2"),
    Parameter("type__ids", "type_ids", _F, _ids("event type ids", "2,8"), "Only these event types.", "2,8"),
    Parameter(
        "not_type__ids", "not_type_ids", _F, _ids("event type ids", "20,28"), "None of these event types.", "20,28",
        is_ll2=False,
    ),
    Parameter(
        "agency__ids", "agency_ids", _F, _ids("agency ids", "44,63"), "Events involving any of these agencies.", "44,63"
    ),
    Parameter(
        "not_agency__ids", "not_agency_ids", _F, _ids("agency ids", "121"),
        "Events involving none of these agencies.", "121", is_ll2=False,
    ),
    Parameter("program", "program_ids", _F, _ids("program ids", "1,17"), "Events in any of these programs.", "17"),
    Parameter(
        "not_program__ids", "not_program_ids", _F, _ids("program ids", "25"),
        "Events in none of these programs; 25 is Starlink.", "25", is_ll2=False,
    ),
    Parameter(
        "status", "status_id", _F, number_type(0, LARGEST_ID, of="a launch status id"),
        "Only launches with this status.", "1",
    ),
    Parameter(
        "status__ids", "status_ids", _F, _ids("launch status ids", "1,8"),
        "Only launches with any of these statuses.", "1,8",
    ),
    Parameter(
        "lsp__id", "provider_ids", _F, _ids("agency ids", "44,121"),
        "Only launches by any of these agencies.", "121",
    ),
    Parameter(
        "location__ids", "site_ids", _F, _ids("site ids", "12,27"),
        "Only launches from any of these sites.", "12,27",
    ),
    Parameter("pad", "pad_id", _F, number_type(0, LARGEST_ID, of="a pad id"), "Only launches from this pad.", "80"),
    Parameter(
        "launcher_config__id", "rocket_ids", _F, _ids("rocket ids", "164,522"),
        "Only launches with any of these rockets.", "164",
    ),
    Parameter(
        "is_crewed", "is_crewed", _F, BOOLEAN,
        "Only launches with people aboard, or with false only those without.", "true",
    ),
    Parameter(
        "include_suborbital", "include_suborbital", _F, BOOLEAN,
        "False leaves out suborbital launches, which are included by default.", "false",
    ),
    Parameter(
        "mission__orbit__name", "orbit_name", _F, text_type("a name"),
        "Only launches to the orbit with exactly this name.", "Low Earth Orbit",
    ),
    Parameter(
        "mission__orbit__name__icontains", "orbit_name_part", _F, text_type("a text"),
        "Only launches to an orbit whose name contains this, in any case.", "lunar",
    ),
    Parameter(
        "orbit__ids", "orbit_ids", _F, _ids("orbit ids", "11,19"),
        "Only launches to any of these orbits.", "11,19", is_ll2=False,
    ),
    Parameter("slug", "slug", _F, text_type("a slug"), "The event with this slug.", "juice-venus-flyby"),
    Parameter(
        "video_url", "video_urls", _F, URLS, "Events with a webcast at any of these addresses.",
        "https://www.youtube.com/watch?v=sLjvAmK_siU",
    ),
    Parameter(
        "search", "search", _F, text_type("words", tidy_search),
        "Names containing every word, in any case, also as part of a longer word. Put phrases in quotes. "
        "Of launches also the mission, provider, pad, site, rocket, its maker, spacecraft and designator.",
        "crew dragon",
    ),
    Parameter(
        "q", "words", _F, text_type("words", tidy_words),
        "Every word must appear in the name, description, location, an agency, a program, the rocket or the mission. "
        "The last word may be incomplete.",
        "undocking iss", is_ll2=False,
    ),
    Parameter(
        "location", "location", _F, text_type("a text"), "The location contains this, in any case.", "station",
        is_ll2=False,
    ),
    Parameter(
        "webcast", "webcast", _F, BOOLEAN, "Only events with a webcast; false has no effect.", "true", is_ll2=False
    ),
    Parameter("live", "live", _F, BOOLEAN, "Only events that are live now; false has no effect.", "true", is_ll2=False),
    Parameter(
        "precision", "precision", _F, enum_type(Step), "Only dates at least this precise.", "day", is_ll2=False
    ),
    Parameter(
        "from", "from_date", _F, DAY, "Events that could take place on or after this day.", "2025-08-01", is_ll2=False
    ),
    Parameter(
        "to", "to_date", _F, DAY, "Events that could take place on or before this day.", "2025-08-31", is_ll2=False
    ),
    Parameter(
        "day", "days", _F, number_list_type(1, 31, of="days of the month", example="1,15"),
        "Dates on any of these days of a month.", "5",
    ),
    Parameter(
        "month", "months", _F, number_list_type(1, 12, of="months", example="7,8"),
        "Dates in any of these months.", "8",
    ),
    Parameter(
        "year", "years", _F, number_list_type(1, 9999, of="years", example="2025,2026"),
        "Dates in any of these years.", "2025",
    ),
    Parameter("date__gt", "date_gt", _F, MOMENT, "Dates after this.", "2025-07-19T12:00:00Z", aliases=("net__gt",)),
    Parameter(
        "date__gte", "date_gte", _F, MOMENT, "Dates from this on.", "2025-07-19T12:00:00Z", aliases=("net__gte",)
    ),
    Parameter(
        "date__lt", "date_lt", _F, MOMENT, "Dates before this.", "2025-08-19T12:00:00Z",
        # A slip in Launch Library, which later renamed it: it always meant "less than".
        aliases=("date__gt__lt", "net__lt"),
    ),
    Parameter("date__lte", "date_lte", _F, MOMENT, "Dates up to this.", "2025-08-19T12:00:00Z", aliases=("net__lte",)),
    Parameter(
        "last_updated__gte", "last_updated_gte", _F, MOMENT,
        "Last updated at or after this time.", "2025-07-01T00:00:00Z"
    ),
    Parameter(
        "last_updated__lte", "last_updated_lte", _F, MOMENT,
        "Last updated at or before this time.", "2025-07-31T00:00:00Z"
    ),
    *LAUNCH_PARAMETERS,
    Parameter(
        "hide_recent_previous", "hide_recent_previous", _V, BOOLEAN,
        "Leave out events of the last 24 hours, which /upcoming/ includes by default.", "true",
    ),
    Parameter(
        "limit", "limit", _V, number_type(1, LARGEST_LIMIT),
        f"Events per page, {LARGEST_LIMIT} at most.", "10",
    ),
    Parameter("offset", "offset", _V, number_type(0, LARGEST_OFFSET), "How many events to skip.", "20"),
    Parameter(
        "ordering", "ordering", _V, _ORDERING,
        "Sort order; a minus reverses it. Relevance means how well an event matches q.", "-date",
        types={Surface.LAUNCHES_API: _LAUNCH_ORDERING},
    ),
    Parameter(
        "mode", "mode", _V, enum_type(Mode, default=Mode.NORMAL),
        "How much detail to include for each event.", "detailed",
    ),
    Parameter("format", "format", _V, enum_type(Format), "JSON, or a page to browse it.", "json"),
    Parameter(
        "tz", "zone", _V, ZONE, "The time zone for days and times on pages; UTC by default.", "Europe/Paris",
        is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "span", "span", _V, enum_type(Span, default=Span.QUARTER),
        "How far ahead the horizon reaches: a week, a month, a quarter or a year.", "year",
        is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "week", "week", _V, enum_type(WeekStart, default=WeekStart.MONDAY),
        "The first day of the week on calendar pages.", "sunday", is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "since", "since", _V, number_type(1, LONGEST_PAST, of="a number of days"),
        "How many days back the page of changes looks; all the way by default.", "7",
        is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "past", "past", _O, number_type(0, LONGEST_PAST, of="a number of days"),
        "For how many days a feed keeps past events.", "90", is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "vague", "vague", _O, enum_type(Vague, default=Vague.OMIT),
        "What a calendar does with dates vaguer than a week: leave them out (`omit`), show the whole period (`span`), "
        "or its first day (`marker`). Feeds and calendars have launches without a day with the last two only.",
        "span", is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "alarm", "alarm", _O, number_type(1, LONGEST_ALARM, of="a number of minutes"),
        "Reminder: how many minutes before an event with a known time. None by default.", "15",
        is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "busy", "busy", _O, BOOLEAN, "Show events as busy in your calendar; false has no effect.", "true",
        is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "cancelled", "cancelled", _O, enum_type(Cancelled, default=Cancelled.KEEP),
        "Whether events withdrawn in the last two weeks stay in the calendar as cancelled.", "drop",
        is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "likely", "likely", _O, BOOLEAN,
        "Add to each event's description how announced dates like its own have held; false has no effect.", "true",
        is_ll2=False, surfaces=ON_PAGES,
    ),
    Parameter(
        "change", "change_kinds", _O, enum_list_type(ChangeKind, of="kinds of change", example="slipped,withdrawn"),
        "Only these kinds of change. By default all except `edited` and `adjusted`.", "slipped,withdrawn",
        is_ll2=False, surfaces=ON_PAGES,
    ),
)  # fmt: skip
"""Every parameter that is understood, in canonical order."""
