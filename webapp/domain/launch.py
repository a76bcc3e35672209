"""What only launches have: a status, a launch window, a rocket, a mission, a pad and an outcome."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, IntEnum

from webapp.domain.clock import later
from webapp.domain.precision import ClockRange, Precision, Step

_SUBORBITAL_ID = 15
_CREWED_MISSION_TYPES = {"Human Exploration", "Tourism"}
LONGEST_WINDOW = timedelta(days=1)
"""How long after its date a launch may still lift off by its window: it is one on the day of the date."""


class StatusKind(IntEnum):
    """LL2's launch statuses, by id. Any may follow any other."""

    GO = 1
    TO_BE_DETERMINED = 2
    SUCCESS = 3
    FAILURE = 4
    ON_HOLD = 5
    IN_FLIGHT = 6
    PARTIAL_FAILURE = 7
    TO_BE_CONFIRMED = 8
    DEPLOYED = 9
    OTHER = 0


class StatusShape(Enum):
    """The shape that stands for a status beside its words; its value is the character for plain text."""

    DISC = "●"
    HALF_DISC = "◐"
    RING = "○"
    BARS = "‖"
    ARROW = "↗"
    CHECK = "✓"
    HALF_SQUARE = "◪"
    CROSS = "✕"
    DASH = "–"


@dataclass(frozen=True, slots=True)
class _StatusMeaning:
    """What a status means: with an outcome the launch is over; a confirmed one takes place, or has."""

    words: str
    shape: StatusShape
    is_outcome: bool = False
    is_confirmed: bool = False
    has_lifted_off: bool = False


_K, _S = StatusKind, StatusShape
_MEANINGS = {
    _K.GO: _StatusMeaning("Go", _S.DISC, is_confirmed=True),
    _K.TO_BE_DETERMINED: _StatusMeaning("To be determined", _S.RING),
    _K.SUCCESS: _StatusMeaning("Success", _S.CHECK, is_outcome=True, is_confirmed=True),
    _K.FAILURE: _StatusMeaning("Failure", _S.CROSS, is_outcome=True, is_confirmed=True),
    _K.ON_HOLD: _StatusMeaning("On hold", _S.BARS),
    _K.IN_FLIGHT: _StatusMeaning("In flight", _S.ARROW, is_confirmed=True, has_lifted_off=True),
    _K.PARTIAL_FAILURE: _StatusMeaning("Partial failure", _S.HALF_SQUARE, is_outcome=True, is_confirmed=True),
    _K.TO_BE_CONFIRMED: _StatusMeaning("To be confirmed", _S.HALF_DISC),
    _K.DEPLOYED: _StatusMeaning("Payload deployed", _S.CHECK, is_outcome=True, is_confirmed=True),
    _K.OTHER: _StatusMeaning("Unknown", _S.DASH),
}


@dataclass(frozen=True, slots=True)
class LaunchStatus:
    """How a launch stands: LL2's `status`. `name` and `abbrev` are the source's."""

    id: int
    name: str
    abbrev: str

    @property
    def kind(self) -> StatusKind:
        """Which of the known statuses it is, `OTHER` for one that we do not know."""
        return StatusKind(self.id) if self.id in set(StatusKind) else StatusKind.OTHER

    @property
    def words(self) -> str:
        """Its name for readers; the source's own for one that we do not know."""
        is_other = self.kind is StatusKind.OTHER
        return (is_other and self.name) or self._meaning.words

    @property
    def shape(self) -> StatusShape:
        """The shape that stands beside the words."""
        return self._meaning.shape

    @property
    def is_outcome(self) -> bool:
        """Whether it says how the launch ended."""
        return self._meaning.is_outcome

    @property
    def is_confirmed(self) -> bool:
        """Whether it says that the launch takes place, or has taken place."""
        return self._meaning.is_confirmed

    @property
    def has_lifted_off(self) -> bool:
        """Whether it says that the rocket has lifted off, or tried to: it is in flight, or has an outcome."""
        return self._meaning.has_lifted_off or self._meaning.is_outcome

    @property
    def _meaning(self) -> _StatusMeaning:
        return _MEANINGS[self.kind]


@dataclass(frozen=True, slots=True)
class LaunchWindow:
    """From when until when a launch may lift off: LL2's `window_start` and `window_end`, in UTC.

    The two are equal for an instantaneous window. It means something beside a clock time only: where the date is
    coarser, the source repeats its placeholder here.
    """

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Manufacturer:
    """The agency that makes a rocket: LL2's `manufacturer`."""

    name: str
    abbrev: str


@dataclass(frozen=True, slots=True)
class Rocket:
    """The rocket's model: the `configuration` of LL2's `rocket`. `full_name` names the variant besides."""

    id: int | None
    name: str
    full_name: str
    families: tuple[str, ...]
    manufacturer: Manufacturer | None = None


@dataclass(frozen=True, slots=True)
class SpacecraftFlight:
    """The flight of a spacecraft: one of the `spacecraft_stage` of LL2's `rocket`.

    `configuration_id` is the id of the spacecraft's model. `is_crewed` says whether the record names a launch crew.
    """

    spacecraft_id: int | None
    name: str
    configuration_id: int | None
    is_crewed: bool


@dataclass(frozen=True, slots=True)
class CelestialBody:
    """A body that one launches from or flies around: LL2's `celestial_body`."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Orbit:
    """Where the payload goes: LL2's `orbit`."""

    id: int | None
    name: str
    abbrev: str
    body: CelestialBody | None = None

    @property
    def is_suborbital(self) -> bool:
        """Whether it is none: what flies it comes down again before it has gone round."""
        return self.id == _SUBORBITAL_ID or self.abbrev == "Sub"


@dataclass(frozen=True, slots=True)
class Mission:
    """What the launch is for: LL2's `mission`. Its description is the entry's, and its agencies are among those."""

    name: str
    type: str
    orbit: Orbit | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a pad is: LL2's `location`. `zone_name` is in the tz database; it is empty at sea and in the air."""

    id: int | None
    name: str
    zone_name: str
    body: CelestialBody | None = None


@dataclass(frozen=True, slots=True)
class Pad:
    """What the rocket stands on: LL2's `pad`."""

    id: int | None
    name: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """A step of the countdown or the flight: one of LL2's `timeline`. `at` counts from lift-off: below zero before.

    `type_id` is the id of its type, whose are the name and the description.
    """

    name: str
    description: str
    at: timedelta
    type_id: int | None = None


@dataclass(frozen=True, slots=True)
class AttemptCounts:
    """Which attempt to launch it is: of all, of its site, pad and agency, and of each in its year.

    LL2's `*_launch_attempt_count*`.
    """

    orbital: int | None = None
    location: int | None = None
    pad: int | None = None
    agency: int | None = None
    orbital_year: int | None = None
    location_year: int | None = None
    pad_year: int | None = None
    agency_year: int | None = None


@dataclass(frozen=True, slots=True)
class LaunchDetail:
    """What only launches have.

    `provider_id` is the id of that one of the entry's agencies that launches. `probability` is the weather's, in per
    cent. `outcome_reason` says why a launch failed, in one or several lines. `patches` are the names of the mission's
    patches. `designator` is its number in the COSPAR catalogue, such as 1957-001, which it is given after flight.
    `status_description` is what the source says of such a status, whichever launch has it.
    `spacecraft` and `serial_numbers`, those of the first stages, are known where a detailed record has come.
    """

    status: LaunchStatus | None = None
    window: LaunchWindow | None = None
    rocket: Rocket | None = None
    mission: Mission | None = None
    pad: Pad | None = None
    provider_id: int | None = None
    probability: int | None = None
    weather_concerns: str = ""
    outcome_reason: str = ""
    timeline: tuple[TimelineStep, ...] = ()
    patches: tuple[str, ...] = ()
    designator: str = ""
    status_description: str = ""
    spacecraft: tuple[SpacecraftFlight, ...] = ()
    serial_numbers: tuple[str, ...] = ()
    attempt_counts: AttemptCounts = AttemptCounts()

    @property
    def is_crewed(self) -> bool:
        """Whether people launch with it, as the crew of its spacecraft or its mission tells: crews are named late."""
        if any(flight.is_crewed for flight in self.spacecraft):
            return True
        return self.mission is not None and self.mission.type in _CREWED_MISSION_TYPES

    @property
    def is_suborbital(self) -> bool:
        """Whether it does not aim at an orbit."""
        return self.mission is not None and self.mission.orbit is not None and self.mission.orbit.is_suborbital

    @property
    def is_to_be_determined(self) -> bool:
        """Whether the source calls its date a placeholder."""
        return self.status is not None and self.status.kind is StatusKind.TO_BE_DETERMINED


def with_window(date_range: ClockRange, window: LaunchWindow | None) -> ClockRange:
    """Give the range of a clock time until the launch window ends, where that is later and at most a day away."""
    if window is None or not date_range.end < window.end <= later(date_range.start, LONGEST_WINDOW):
        return date_range
    return ClockRange(date_range.start, window.end)


def is_confirmed(status: LaunchStatus | None, precision: Precision) -> bool:
    """Whether a calendar calls a launch CONFIRMED; else TENTATIVE. Its time must be known to the minute besides."""
    return status is not None and status.is_confirmed and precision.step.order <= Step.MINUTE.order
