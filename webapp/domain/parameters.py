"""The table of parameters that a query string may hold: behind parsing, links, help and the API's description."""

from dataclasses import dataclass
from enum import Enum

from webapp.domain.changes import ChangeKind
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
    enum_list_type,
    enum_type,
    number_list_type,
    number_type,
    text_type,
    tidy_search,
    tidy_words,
)
from webapp.domain.precision import Step


class Vague(Enum):
    """What a calendar does with dates coarser than a week."""

    OMIT = "omit"
    SPAN = "span"
    MARKER = "marker"


class Cancelled(Enum):
    """What a calendar does with events that were withdrawn of late."""

    KEEP = "keep"
    DROP = "drop"


class Mode(Enum):
    """How much of each event the API gives: Launch Library's three modes."""

    LIST = "list"
    NORMAL = "normal"
    DETAILED = "detailed"


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

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Part(Enum):
    """The part of a query that a parameter belongs to: the filter, the view, or the options of feeds."""

    FILTER = "filter"
    VIEW = "view"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the field of the query that it fills, and what it means, in a sentence.

    `aliases` are other spellings of its name; `is_ll2` says whether Launch Library has it too; `example` is a value.
    `only_pages` marks what means nothing to the API, which gives no days and no drawings.
    """

    name: str
    field: str
    part: Part
    type: ParameterType
    meaning: str
    example: str
    is_ll2: bool = True
    only_pages: bool = False
    aliases: tuple[str, ...] = ()


def _ids(of: str, example: str) -> ParameterType:
    return number_list_type(0, LARGEST_ID, of=of, example=example)


_F, _V, _O = Part.FILTER, Part.VIEW, Part.OPTION

PARAMETERS = (
    Parameter("id", "ids", _F, _ids("event ids", "1211,1212"), "Only these events.", "1211,1212"),
    Parameter("type", "type_id", _F, number_type(0, LARGEST_ID, of="an event type id"), "Only this event type.", "2"),
    Parameter("type__ids", "type_ids", _F, _ids("event type ids", "2,8"), "Only these event types.", "2,8"),
    Parameter(
        "not_type__ids", "not_type_ids", _F, _ids("event type ids", "20,28"), "None of these event types.", "20,28",
        is_ll2=False,
    ),
    Parameter("agency__ids", "agency_ids", _F, _ids("agency ids", "44,63"), "With any of these agencies.", "44,63"),
    Parameter(
        "not_agency__ids", "not_agency_ids", _F, _ids("agency ids", "121"), "With none of these agencies.", "121",
        is_ll2=False,
    ),
    Parameter("program", "program_ids", _F, _ids("program ids", "1,17"), "In any of these programs.", "17"),
    Parameter("slug", "slug", _F, text_type("a slug"), "The event with this slug.", "juice-venus-flyby"),
    Parameter(
        "video_url", "video_urls", _F, URLS, "With a webcast at any of these addresses.",
        "https://www.youtube.com/watch?v=sLjvAmK_siU",
    ),
    Parameter(
        "search", "search", _F, text_type("words", tidy_search),
        "Every word occurs in the name, as a part of it, whatever its case. Quotes keep words together.", "crew dragon",
    ),
    Parameter(
        "q", "words", _F, text_type("words", tidy_words),
        "Every word occurs in the name, the description, the location, an agency or a program. "
        "The last word may be only begun.",
        "undocking iss", is_ll2=False,
    ),
    Parameter(
        "location", "location", _F, text_type("a text"), "The location contains this, whatever its case.", "station",
        is_ll2=False,
    ),
    Parameter("webcast", "webcast", _F, BOOLEAN, "Only with a webcast; false asks for nothing.", "true", is_ll2=False),
    Parameter("live", "live", _F, BOOLEAN, "Only what is live now; false asks for nothing.", "true", is_ll2=False),
    Parameter(
        "precision", "precision", _F, enum_type(Step), "Only dates known at least this precisely.", "day", is_ll2=False
    ),
    Parameter(
        "from", "from_date", _F, DAY, "What the date means reaches to this day or beyond.", "2025-08-01", is_ll2=False
    ),
    Parameter(
        "to", "to_date", _F, DAY, "What the date means begins on this day or before.", "2025-08-31", is_ll2=False
    ),
    Parameter(
        "day", "days", _F, number_list_type(1, 31, of="days of the month", example="1,15"),
        "The date is on one of these days of a month.", "5",
    ),
    Parameter(
        "month", "months", _F, number_list_type(1, 12, of="months", example="7,8"),
        "The date is in one of these months.", "8",
    ),
    Parameter(
        "year", "years", _F, number_list_type(1, 9999, of="years", example="2025,2026"),
        "The date is in one of these years.", "2025",
    ),
    Parameter("date__gt", "date_gt", _F, MOMENT, "The date is after this.", "2025-07-19T12:00:00Z"),
    Parameter("date__gte", "date_gte", _F, MOMENT, "The date is this or after.", "2025-07-19T12:00:00Z"),
    Parameter(
        "date__lt", "date_lt", _F, MOMENT, "The date is before this.", "2025-08-19T12:00:00Z",
        # A slip in Launch Library, which later renamed it: it always meant "less than".
        aliases=("date__gt__lt",),
    ),
    Parameter("date__lte", "date_lte", _F, MOMENT, "The date is this or before.", "2025-08-19T12:00:00Z"),
    Parameter(
        "last_updated__gte", "last_updated_gte", _F, MOMENT, "Last updated then or after.", "2025-07-01T00:00:00Z"
    ),
    Parameter(
        "last_updated__lte", "last_updated_lte", _F, MOMENT, "Last updated then or before.", "2025-07-31T00:00:00Z"
    ),
    Parameter(
        "hide_recent_previous", "hide_recent_previous", _V, BOOLEAN,
        "Leave out the last 24 hours, which /upcoming/ holds otherwise.", "true",
    ),
    Parameter(
        "limit", "limit", _V, number_type(1, LARGEST_LIMIT),
        f"How many events on a page, {LARGEST_LIMIT} at most.", "10",
    ),
    Parameter("offset", "offset", _V, number_type(0, LARGEST_OFFSET), "How many events to skip first.", "20"),
    Parameter(
        "ordering", "ordering", _V, enum_type(Ordering),
        "The order of events; a minus turns it round. Relevance is how well `q` is met.", "-date",
    ),
    Parameter(
        "mode", "mode", _V, enum_type(Mode, default=Mode.NORMAL), "How much of each event to give.", "detailed"
    ),
    Parameter("format", "format", _V, enum_type(Format), "JSON, or a page that shows it.", "json"),
    Parameter(
        "tz", "zone", _V, ZONE, "The time zone in which pages tell days and times; UTC without it.", "Europe/Paris",
        is_ll2=False, only_pages=True,
    ),
    Parameter(
        "span", "span", _V, enum_type(Span, default=Span.QUARTER),
        "How far ahead the horizon reaches.", "year", is_ll2=False, only_pages=True,
    ),
    Parameter(
        "week", "week", _V, enum_type(WeekStart, default=WeekStart.MONDAY),
        "On which day the weeks of the calendar pages begin.", "sunday", is_ll2=False, only_pages=True,
    ),
    Parameter(
        "past", "past", _O, number_type(0, LONGEST_PAST, of="a number of days"),
        "How many days of what is over a feed keeps.", "90", is_ll2=False,
    ),
    Parameter(
        "vague", "vague", _O, enum_type(Vague, default=Vague.OMIT),
        "What a calendar does with dates coarser than a week.", "span", is_ll2=False,
    ),
    Parameter(
        "alarm", "alarm", _O, number_type(1, LONGEST_ALARM, of="a number of minutes"),
        "How many minutes before a clock time a calendar rings; never without it.", "15", is_ll2=False,
    ),
    Parameter(
        "busy", "busy", _O, BOOLEAN, "Whether entries of a calendar block your time; false asks for nothing.", "true",
        is_ll2=False,
    ),
    Parameter(
        "cancelled", "cancelled", _O, enum_type(Cancelled, default=Cancelled.KEEP),
        "Whether a calendar tells of events withdrawn within two weeks as cancelled.", "drop", is_ll2=False,
    ),
    Parameter(
        "change", "change_kinds", _O, enum_list_type(ChangeKind, of="kinds of change", example="slipped,withdrawn"),
        "Only these kinds of change. Without it all are told but `edited`.", "slipped,withdrawn", is_ll2=False,
        aliases=("kind",),  # Its name at first, which subscribers still use.
    ),
)  # fmt: skip
"""Every parameter that is understood, in canonical order."""
