"""Changes in words, the same on pages, in feeds and on the command line."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from webapp.domain.changes import Change, ChangeKind, Direction, KnownDate, Shift, shift_between
from webapp.domain.text import host_of, isolated
from webapp.domain.words import list_words
from webapp.domain.zones import UTC_ZONE

KIND_WORDS = {
    ChangeKind.ADDED: "Added",
    ChangeKind.RETURNED: "Listed again",
    ChangeKind.STATUS: "Status",
    ChangeKind.SLIPPED: "Moved",
    ChangeKind.REFINED: "More precise date",
    ChangeKind.VAGUER: "Less precise date",
    ChangeKind.ADJUSTED: "Time adjusted",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.WEBCAST_ADDED: "Webcast added",
    ChangeKind.GONE_LIVE: "Went live",
    ChangeKind.ENDED: "No longer live",
    ChangeKind.EDITED: "Edited",
    ChangeKind.WITHDRAWN: "Withdrawn",
}
"""The label of each change kind."""

_FIELD_WORDS = {
    "date": "date precision",
    "slug": "short name",
    "window": "launch window",
    "patches": "mission patches",
    "provider_id": "launch provider",
    "probability": "weather forecast",
    "weather_concerns": "weather concerns",
    "outcome_reason": "reason for the outcome",
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MOST_HOSTS = 5
_MONTHS_IN_A_YEAR = 12
_NOT_GIVEN = KnownDate(None, None)


@dataclass(frozen=True, slots=True)
class _SlipWords:
    """How a slip in one direction is said, in a few words and as a sentence: `by` where its amount is known."""

    by: str
    by_sentence: str
    plain: str
    sentence: str


_SLIPS = {
    Direction.LATER: _SlipWords(
        by="Delayed by {amount}",
        by_sentence="Delayed by {amount}, from {before} to {after}{number}.",
        plain="Delayed",
        sentence="Delayed from {before} to {after}{number}.",
    ),
    Direction.EARLIER: _SlipWords(
        by="Moved earlier by {amount}",
        by_sentence="Moved earlier by {amount}, from {before} to {after}{number}.",
        plain="Moved earlier",
        sentence="Moved earlier, from {before} to {after}{number}.",
    ),
}


def change_words(change: Change, zone: ZoneInfo = UTC_ZONE) -> str:
    """Say a change in one sentence of plain text, clock times in this zone."""
    return _WRITERS.get(change.kind, _listing_words)(change, zone)


def moved_words(change: Change) -> str:
    """Say how far a slip went, in a few words: `Delayed by 1 d 19 h`."""
    shift = shift_of(change)
    if shift is None:
        return "Date changed"
    words, amount = _SLIPS[shift.direction], shift_amount_words(shift)
    return words.by.format(amount=amount) if amount else words.plain


def from_to_words(change: Change, zone: ZoneInfo = UTC_ZONE) -> str:
    """Say the dates around a change of date: `from December 2026 to the week of 4 January 2027`."""
    return f"from {date_words(change.before or _NOT_GIVEN, zone)} to {date_words(change.after or _NOT_GIVEN, zone)}"


def shift_of(change: Change) -> Shift | None:
    """Give how far a slip went; `None` where one of its dates was not given."""
    return shift_between(change.before or _NOT_GIVEN, change.after or _NOT_GIVEN)


def shift_amount_words(shift: Shift) -> str:
    """Say how far a date moved: `1 d 19 h`, `at least 5 d`; nothing where that is not known."""
    if shift.months is not None:
        amount = months_words(shift.months)
    elif shift.amount is not None:
        amount = amount_words(shift.amount)
    else:
        return ""
    return f"at least {amount}" if shift.is_least else amount


def amount_words(amount: timedelta) -> str:
    """Say a length of time in its parts: `1 d 19 h 30 min`. Seconds are given below an hour only."""
    minutes, seconds = divmod(round(amount.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")] + ([(seconds, "s")] if not (days or hours) else [])
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def months_words(months: int) -> str:
    """Say a number of months, twelve of them as a year: `1 month`, `2 years`, `1 year 3 months`."""
    years, months = divmod(months, _MONTHS_IN_A_YEAR)
    parts = [_counted(years, "year")] if years else []
    return " ".join([*parts, _counted(months, "month")] if months or not years else parts)


def ordinal(number: int) -> str:
    """Write a whole number as an ordinal: up to ten in words, then in digits: `first`, `tenth`, `11th`, `22nd`."""
    if 1 <= number <= len(_ORDINALS):
        return _ORDINALS[number - 1]
    is_teen = 11 <= number % 100 <= 13  # noqa: PLR2004 - eleventh to thirteenth
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def date_words(known: KnownDate, zone: ZoneInfo = UTC_ZONE) -> str:
    """Say a date as precisely as it was known, within a sentence; `no date` if there was none."""
    if known.date is None:
        return "no date"
    label = known.precision.label_in(known.date, zone)
    is_phrase = label.startswith(("Morning of ", "Afternoon of ", "Week of "))
    return f"the {label[0].lower()}{label[1:]}" if is_phrase else label


def _slip_words(change: Change, zone: ZoneInfo) -> str:
    if change.before is None or change.after is None:
        return "Date changed."
    before, after, shift = date_words(change.before, zone), date_words(change.after, zone), shift_of(change)
    number = f" ({ordinal(change.slip_number)} date change)" if change.slip_number else ""
    if change.slip_number and change.scrub_number:
        number = f" ({ordinal(change.slip_number)} date change, {ordinal(change.scrub_number)} scrub)"
    if change.after.date is None:
        return f"Date removed: it was {before}{number}."
    if shift is None:
        return f"Date changed from {before} to {after}{number}."
    words, amount = _SLIPS[shift.direction], shift_amount_words(shift)
    sentence = words.by_sentence if amount else words.sentence
    return sentence.format(amount=amount, before=before, after=after, number=number)


def _refined_words(change: Change, zone: ZoneInfo) -> str:
    after = date_words(change.after or _NOT_GIVEN, zone)
    if change.before is None or change.before.date is None:
        return f"Date set: {after}."
    return f"More precise date: {after} (was {date_words(change.before, zone)})."


def _vaguer_words(change: Change, zone: ZoneInfo) -> str:
    before = date_words(change.before or _NOT_GIVEN, zone)
    if change.after is None or change.after.date is None:
        return f"Date removed: it was {before}."
    return f"Less precise date: {date_words(change.after, zone)} (was {before})."


def _adjusted_words(change: Change, zone: ZoneInfo) -> str:
    before, after = (date_words(date or _NOT_GIVEN, zone) for date in (change.before, change.after))
    return f"Time adjusted: {after}." if before == after else f"Time adjusted: {after} (was {before})."


def _status_words(change: Change, _: ZoneInfo) -> str:
    if change.old_status is None or change.new_status is None:
        return "Status changed."
    return f"Status: {isolated(change.new_status.words)} (was {isolated(change.old_status.words)})."


def _renamed_words(change: Change, _: ZoneInfo) -> str:
    return f"Renamed from “{isolated(change.old_name or '')}” to “{isolated(change.new_name or '')}”."


def _webcast_words(change: Change, _: ZoneInfo) -> str:
    count = len(change.urls)
    hosts = list(dict.fromkeys(host for url in change.urls if (host := host_of(url))))
    if not hosts:
        return "Webcast added." if count == 1 else f"{count:,} webcasts added."
    where = list_words(hosts, most=_MOST_HOSTS)
    return f"Webcast added on {where}." if count == 1 else f"{count:,} webcasts added on {where}."


def _edit_words(change: Change, _: ZoneInfo) -> str:
    fields = list_words([_FIELD_WORDS.get(field, field) for field in change.fields])
    return f"Edited: {fields}." if fields else "Edited."


def _listing_words(change: Change, zone: ZoneInfo) -> str:
    date = "" if change.after is None or change.after.date is None else date_words(change.after, zone)
    return {
        ChangeKind.ADDED: f"Added: {date}." if date else "Added.",
        ChangeKind.RETURNED: f"Listed again: {date}." if date else "Listed again.",
        ChangeKind.WITHDRAWN: "Withdrawn by Launch Library.",
        ChangeKind.GONE_LIVE: "The webcast went live.",
        ChangeKind.ENDED: "The webcast is no longer live.",
    }[change.kind]


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


_WRITERS = {
    ChangeKind.SLIPPED: _slip_words,
    ChangeKind.REFINED: _refined_words,
    ChangeKind.VAGUER: _vaguer_words,
    ChangeKind.ADJUSTED: _adjusted_words,
    ChangeKind.STATUS: _status_words,
    ChangeKind.RENAMED: _renamed_words,
    ChangeKind.WEBCAST_ADDED: _webcast_words,
    ChangeKind.EDITED: _edit_words,
}
