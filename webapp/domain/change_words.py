"""Changes in words, the same on pages, in feeds and on the command line."""

from datetime import timedelta

from webapp.domain.changes import Change, ChangeKind, KnownDate, Shift, shift_between
from webapp.domain.text import host_of, isolated
from webapp.domain.words import list_words

KIND_WORDS = {
    ChangeKind.ADDED: "Added",
    ChangeKind.RETURNED: "Returned",
    ChangeKind.SLIPPED: "Moved",
    ChangeKind.REFINED: "Date more exact",
    ChangeKind.VAGUER: "Date less exact",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.WEBCAST_ADDED: "Webcast added",
    ChangeKind.GONE_LIVE: "Gone live",
    ChangeKind.ENDED: "No longer live",
    ChangeKind.EDITED: "Edited",
    ChangeKind.WITHDRAWN: "Withdrawn",
}
"""The label of each change kind."""

_FIELD_WORDS = {"date": "precision of the date", "slug": "short name"}
_PLURAL_FIELDS = frozenset(
    {"agencies", "expeditions", "launches", "links", "programs", "stations", "updates", "webcasts"}
)
_MOST_HOSTS = 5
_MONTHS_IN_A_YEAR = 12
_NOT_GIVEN = KnownDate(None, None)


def change_words(change: Change) -> str:
    """Say a change in one sentence of plain text."""
    return _WRITERS.get(change.kind, _listing_words)(change)


def moved_words(change: Change) -> str:
    """Say of a slip in a few words how far it went: `Moved 1 d 19 h later`."""
    shift = shift_of(change)
    return f"Moved {shift_words(shift)}" if shift else "Moved"


def from_to_words(change: Change) -> str:
    """Say the dates around a change of date: `from December 2026 to the week of 4 January 2027`."""
    return f"from {date_words(change.before or _NOT_GIVEN)} to {date_words(change.after or _NOT_GIVEN)}"


def shift_of(change: Change) -> Shift | None:
    """Give how far a slip went; `None` where one of its dates was not given."""
    return shift_between(change.before or _NOT_GIVEN, change.after or _NOT_GIVEN)


def shift_words(shift: Shift) -> str:
    """Say how far a date moved, as far as that is known: `1 d 19 h later`, `at least 5 d later`, `later`."""
    least = "at least " if shift.is_least else ""
    if shift.months is not None:
        return f"{least}{months_words(shift.months)} {shift.direction.value}"
    if shift.amount is not None:
        return f"{least}{amount_words(shift.amount)} {shift.direction.value}"
    return shift.direction.value


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
    """Write a whole number as an ordinal: `1st`, `2nd`, `3rd`, `11th`."""
    is_teen = 11 <= number % 100 <= 13  # noqa: PLR2004 - eleventh to thirteenth
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def date_words(known: KnownDate) -> str:
    """Say a date as far as it was known, within a sentence; `no date` while none was given."""
    if known.date is None:
        return "no date"
    label = known.precision.label(known.date)
    is_phrase = label.startswith(("Morning of ", "Afternoon of ", "Week of "))
    return f"the {label[0].lower()}{label[1:]}" if is_phrase else label


def _slip_words(change: Change) -> str:
    if change.before is None or change.after is None:
        return "Moved."
    shift = shift_of(change)
    details = [shift_words(shift)] if shift else []
    details += [f"{ordinal(change.slip_number)} slip"] if change.slip_number else []
    return f"Moved {from_to_words(change)}{': ' if details else ''}{', '.join(details)}."


def _refined_words(change: Change) -> str:
    if change.before is None or change.before.date is None:
        return f"Date now known: {date_words(change.after or _NOT_GIVEN)}."
    return f"Date now known more exactly: {_became(change)}."


def _vaguer_words(change: Change) -> str:
    if change.after is None or change.after.date is None:
        return f"Date no longer known: it was {date_words(change.before or _NOT_GIVEN)}."
    return f"Date now known less exactly: {_became(change)}."


def _became(change: Change) -> str:
    return f"{date_words(change.before or _NOT_GIVEN)} became {date_words(change.after or _NOT_GIVEN)}"


def _renamed_words(change: Change) -> str:
    return f"Renamed from “{isolated(change.old_name or '')}” to “{isolated(change.new_name or '')}”."


def _webcast_words(change: Change) -> str:
    urls = change.urls
    hosts = list(dict.fromkeys(host for url in urls if (host := host_of(url))))
    added = "A webcast was added" if len(urls) == 1 else f"{len(urls)} webcasts were added"
    return f"{added}, at {list_words(hosts, most=_MOST_HOSTS)}." if hosts else f"{added}."


def _edit_words(change: Change) -> str:
    fields = change.fields
    if not fields:
        return "Edited."
    named = list_words([_FIELD_WORDS.get(field, field) for field in fields])
    verb = "were" if len(fields) > 1 or fields[0] in _PLURAL_FIELDS else "was"
    return f"{named[0].upper()}{named[1:]} {verb} edited."


def _listing_words(change: Change) -> str:
    dated = "" if change.after is None or change.after.date is None else f", dated {date_words(change.after)}"
    return {
        ChangeKind.ADDED: f"Listed for the first time{dated}.",
        ChangeKind.RETURNED: f"Listed again{dated}.",
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
    ChangeKind.RENAMED: _renamed_words,
    ChangeKind.WEBCAST_ADDED: _webcast_words,
    ChangeKind.EDITED: _edit_words,
}
