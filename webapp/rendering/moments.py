"""Instants as templates show them: in one zone and labelled, so that they are right before any script runs."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from webapp.domain.entry import Entry
from webapp.domain.instants import iso_utc
from webapp.domain.precision import Certainty, ClockRange
from webapp.domain.words import day_words
from webapp.domain.zones import UTC_ZONE, in_zone, zone_label


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant: `iso` for a machine, in UTC (`2025-08-02T07:12:00Z`), its day in words, and its `clock` (`07:12`).

    Day and clock are those of a zone, whose label at that instant is `zone`. `is_about` where the hour is known and the
    minute is not.
    """

    iso: str
    day: str
    clock: str
    is_about: bool = False
    zone: str = "UTC"

    @property
    def words(self) -> str:
        """All of it, labelled: `2 August 2025, 07:12 UTC`."""
        return f"{self.day}, {self.clock} {self.zone}"


def present_instant(moment: datetime, zone: ZoneInfo = UTC_ZONE) -> Moment:
    """Present an instant that is known to the minute or better, and given in UTC, as it is in a zone."""
    there = in_zone(moment, zone)
    return Moment(iso_utc(moment), day_words(there.date()), f"{there:%H:%M}", zone=zone_label(there))


def present_entry_time(entry: Entry, zone: ZoneInfo = UTC_ZONE) -> Moment | None:
    """Present an event's date if it carries a clock time, cut to what its precision knows; else `None`."""
    date_range = entry.date_range
    if not isinstance(date_range, ClockRange):
        return None
    words, _, label = entry.date_words_in(zone).rpartition(" ")
    day, _, clock = words.rpartition(", ")
    is_about = entry.precision.certainty is Certainty.HOUR
    return Moment(iso_utc(date_range.start), day, clock, is_about=is_about, zone=label)
