"""An entry (what lists, calendars and feeds hold) and its parts. Launch Library's nouns, our shapes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from webapp.domain.clock import later, utc_midnight
from webapp.domain.launch import LaunchDetail, with_window
from webapp.domain.modes import Mode
from webapp.domain.precision import ClockRange, Precision, Range, Step, precision_of
from webapp.domain.text import host_of
from webapp.domain.webcasts import Webcast
from webapp.domain.zones import UTC_ZONE

OUTCOME_AWAITED_FOR = timedelta(days=1)
"""How long after its date range a launch without an outcome is not over yet."""


def date_words(date: datetime | None, precision_id: int | None, zone: ZoneInfo) -> str:
    """Say a date as far as it is known, a clock time in this zone."""
    if date is None:
        return "Date to be announced"
    label = precision_of(precision_id).label_in(date, zone)
    return label[0].upper() + label[1:]


@lru_cache(4096)  # A page asks for the same one again and again.
def _range_of(date: datetime, precision_id: int | None) -> Range:
    return precision_of(precision_id).date_range(date)


class EntryKind(Enum):
    """The kind of an entry."""

    EVENT = "event"
    LAUNCH = "launch"

    @property
    def plural(self) -> str:
        """The word for several of them, as it stands in addresses."""
        return "launches" if self is EntryKind.LAUNCH else "events"


class EntryKey(NamedTuple):
    """The key of an entry: its kind, and the id that the source gives it (a number for events), as text."""

    kind: EntryKind
    source_id: str

    @classmethod
    def of_event(cls, event_id: int) -> "EntryKey":
        """Give the key of an event by its LL2 id."""
        return cls(EntryKind.EVENT, str(event_id))

    @property
    def json_id(self) -> int | str:
        """The source's id as JSON has it: a number for an event."""
        return int(self.source_id) if self.kind is EntryKind.EVENT else self.source_id

    def __str__(self) -> str:
        """Say it as in "event 1211"."""
        return f"{self.kind.value} {self.source_id}"


def type_title(name: str) -> str:
    """Give an event type's name for readers: `Spacewalk` for LL2's `EVA`."""
    return "Spacewalk" if name == "EVA" else name


@dataclass(frozen=True, slots=True)
class EventType:
    """The type of an event: LL2's `type`. `name` is the source's."""

    id: int
    name: str

    @property
    def title(self) -> str:
        """Its name for readers."""
        return type_title(self.name)


LAUNCH_TYPE = EventType(24, "Launch")
"""The type of every launch, as events have one that are launches."""


@dataclass(frozen=True, slots=True)
class Agency:
    """An organisation that takes part: one of LL2's `agencies`."""

    id: int
    name: str
    abbrev: str


@dataclass(frozen=True, slots=True)
class Program:
    """An undertaking the entry belongs to: one of LL2's `program`, which is a list."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """An illustration kept by the source, with what must always stand beside it: its credit and its licence.

    One for `single_use` belongs to the entry that names it, and to no other.
    """

    url: str
    thumbnail_url: str | None
    credit: str
    license_name: str
    license_url: str | None
    single_use: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A page to read more: one of LL2's `info_urls`. Lower `priority` is better."""

    url: str
    title: str
    description: str
    source: str
    kind: str
    language: str
    priority: int


def link_title(link: Link) -> str:
    """Name a link for a reader: its own title, else its host."""
    return link.title or host_of(link.url)


@dataclass(frozen=True, slots=True)
class Update:
    """A note that Launch Library's editors left: one of LL2's `updates`."""

    id: int
    comment: str
    author: str
    created_on: datetime | None
    url: str | None


@dataclass(frozen=True, slots=True)
class LaunchReference:
    """A launch that an event's record names: one of LL2's `launches`. `id` is a UUID; its date is like an event's."""

    id: str
    name: str
    date: datetime | None
    precision_id: int | None
    status: str

    @property
    def date_words(self) -> str:
        """Its date as far as it is known, in words, a clock time in UTC."""
        return date_words(self.date, self.precision_id, UTC_ZONE)


@dataclass(frozen=True, slots=True)
class Station:
    """A space station the event is at: one of LL2's `spacestations`."""

    id: int
    name: str
    orbit: str


@dataclass(frozen=True, slots=True)
class Expedition:
    """A stay on a station during which the event is: one of LL2's `expeditions`. Its moments are in UTC."""

    id: int
    name: str
    start: datetime | None
    end: datetime | None


@dataclass(frozen=True, slots=True)
class CrewMember:
    """Somebody who takes part: one of LL2's `astronauts`."""

    id: int
    name: str
    agency: str


@dataclass(frozen=True, slots=True)
class EventDetail:
    """What only events have. `duration` is the length of the video, as the source writes it."""

    duration: str | None = None
    launches: tuple[LaunchReference, ...] = ()
    stations: tuple[Station, ...] = ()
    expeditions: tuple[Expedition, ...] = ()
    crew: tuple[CrewMember, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, with what entries of every kind have, and what only its own kind has in `detail`.

    `date` is aware, in UTC, and means only as much as `precision_id` says.

    Every text of an entry and of its parts is clean: one line, as `one_line` makes it, or, for its `description`, the
    `comment` of an update and the `outcome_reason` of a launch, lines as `clean_text` leaves them. Parsing makes it so,
    and so does reading what an earlier version stored: nothing that is given an entry needs to clean it.
    """

    key: EntryKey
    name: str
    slug: str
    type: EventType
    date: datetime | None
    precision_id: int | None
    description: str
    location: str
    webcast_live: bool
    picture: Picture | None
    webcasts: tuple[Webcast, ...]
    links: tuple[Link, ...]
    updates: tuple[Update, ...]
    agencies: tuple[Agency, ...]
    programs: tuple[Program, ...]
    last_updated: datetime | None
    detail: EventDetail | LaunchDetail

    @property
    def precision(self) -> Precision:
        """What the precision of its date allows to say."""
        return precision_of(self.precision_id)

    @property
    def date_range(self) -> Range | None:
        """What its date really means, for a launch until its window ends; `None` while no date is given at all."""
        if self.date is None:
            return None
        known = _range_of(self.date, self.precision_id)
        if isinstance(self.detail, LaunchDetail) and isinstance(known, ClockRange):
            return with_window(known, self.detail.window)
        return known

    @property
    def has_outcome(self) -> bool:
        """Whether it is a launch of which is known how it ended."""
        status = self.detail.status if isinstance(self.detail, LaunchDetail) else None
        return status is not None and status.is_outcome

    @property
    def over_at(self) -> datetime | None:
        """When it is over: an event as its date range is, a launch a day later. `None` while no date is given at all.

        A launch with an outcome is over as its date range begins: when the outcome came, the source does not say.
        """
        known = self.date_range
        if known is None or isinstance(self.detail, EventDetail):
            return None if known is None else known.over_at
        if self.has_outcome:
            return known.start if isinstance(known, ClockRange) else utc_midnight(known.first_date)
        return later(known.over_at, OUTCOME_AWAITED_FOR)

    def is_over(self, now: datetime) -> bool:
        """Whether it is over at an aware instant. A launch on hold, or late, is not while its outcome is awaited."""
        return self.has_outcome or (self.over_at is not None and self.over_at <= now)

    @property
    def has_placeholder_date(self) -> bool:
        """Whether it is a launch whose date says hardly more than that it is planned: without a day, or none to trust.

        Timelines fold such launches.
        """
        if not isinstance(self.detail, LaunchDetail):
            return False
        is_coarse = self.date is None or self.precision.step.order > Step.DAY.order
        return is_coarse or self.detail.is_to_be_determined

    @property
    def provider(self) -> Agency | None:
        """The agency that launches, of a launch."""
        wanted = self.detail.provider_id if isinstance(self.detail, LaunchDetail) else None
        return next((agency for agency in self.agencies if agency.id == wanted), None)

    @property
    def date_words(self) -> str:
        """Its date as far as it is known, in words, a clock time in UTC."""
        return self.date_words_in(UTC_ZONE)

    def date_words_in(self, zone: ZoneInfo) -> str:
        """Say its date as precisely as it is known, a clock time in this zone."""
        return date_words(self.date, self.precision_id, zone)

    @property
    def certainty_word(self) -> str:
        """How surely its date is known: `exact`, `hour`, `day`, `month`, `year`, or `unknown` without any date."""
        return "unknown" if self.date is None else self.precision.certainty.value

    @property
    def date_reason(self) -> str:
        """How precise its date is and why, in a sentence."""
        return "No date announced yet." if self.date is None else self.precision.reason


@dataclass(frozen=True, slots=True)
class ReceivedEntry:
    """An entry as it arrived, beside `record`: the source's own JSON object, as text.

    `unread` names the fields that were there and could not be read: they count as missing. `mode` says how much the
    record holds: what a lesser one leaves out is not known, which is something else than missing.
    """

    entry: Entry
    record: str
    unread: tuple[str, ...] = ()
    mode: Mode = Mode.DETAILED


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with what the store knows of it.

    `id` is the store's own number for it, which orders entries of one date. `revision` counts the changes it has had.
    `first_seen` is when it first arrived here; `changed_at` is when a reader could last see it change: for one that has
    not changed since it arrived, when the source last did. `withdrawn_at` is when the source was found to have
    withdrawn it. All in UTC.
    """

    id: int
    entry: Entry
    revision: int
    first_seen: datetime
    changed_at: datetime
    withdrawn_at: datetime | None = None
