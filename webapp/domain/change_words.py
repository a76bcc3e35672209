"""Changes in words, the same on pages, in feeds and on the command line."""

from datetime import timedelta

from webapp.domain.changes import Change, ChangeKind, KnownDate, Shift, shift_between
from webapp.domain.text import host_of, one_line

KIND_WORDS = {
    ChangeKind.ADDED: "Added",
    ChangeKind.RETURNED: "Returned",
    ChangeKind.SLIPPED: "Moved",
    ChangeKind.REFINED: "Date more exact",
    ChangeKind.VAGUER: "Date less exact",
    ChangeKind.RENAMED: "Renamed",
    ChangeKind.WEBCAST_ADDED: "Webcast added",
    ChangeKind.GONE_LIVE: "Live",
    ChangeKind.ENDED: "No longer live",
    ChangeKind.EDITED: "Edited",
    ChangeKind.WITHDRAWN: "Withdrawn",
}
"""What each kind is called, in a word or three."""

_FIELD_WORDS = {"date": "how exactly its date is known", "slug": "its address", "picture": "its picture"}


def change_words(change: Change) -> str:
    """Say a change in one sentence of plain text."""
    match change.kind:
        case ChangeKind.SLIPPED:
            return _slip_words(change)
        case ChangeKind.REFINED | ChangeKind.VAGUER:
            how = "more" if change.kind is ChangeKind.REFINED else "less"
            return f"The date is known {how} exactly: {_became(change)}."
        case ChangeKind.RENAMED:
            return f"Renamed from “{one_line(change.old_name or '')}” to “{one_line(change.new_name or '')}”."
        case ChangeKind.WEBCAST_ADDED:
            hosts = ", ".join(dict.fromkeys(host_of(url) for url in change.urls))
            return f"{'A webcast was' if len(change.urls) == 1 else 'Webcasts were'} added, at {hosts}."
        case ChangeKind.EDITED:
            return f"Edited: {_listed([_FIELD_WORDS.get(field, f'its {field}') for field in change.fields])}."
        case _:
            return _plain_words(change)


def moved_words(change: Change) -> str:
    """Say of a slip in a few words how far it went: `Moved 1 d 19 h later`."""
    shift = _shift(change)
    return f"Moved {shift_words(shift)}" if shift else "Moved"


def shift_words(shift: Shift) -> str:
    """Say how far a date moved, as far as that is known: `1 d 19 h later`, `at least 5 d later`, `later`."""
    if shift.months is not None:
        amount = "1 month" if shift.months == 1 else f"{shift.months} months"
    elif shift.amount is not None:
        amount = f"{'at least ' if shift.is_least else ''}{amount_words(shift.amount)}"
    else:
        return shift.direction.value
    return f"{amount} {shift.direction.value}"


def amount_words(amount: timedelta) -> str:
    """Say a length of time in its parts, which a minute or more has: `1 d 19 h 30 min`; `30 s` below that."""
    minutes, seconds = divmod(round(amount.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "d"), (hours, "h"), (minutes, "min")] + ([(seconds, "s")] if not (days or hours) else [])
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "0 s"


def ordinal(number: int) -> str:
    """Spell a whole number as a place in a row: `1st`, `2nd`, `3rd`, `11th`."""
    is_teen = 11 <= number % 100 <= 13  # noqa: PLR2004 - eleventh to thirteenth
    return f"{number}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def date_words(known: KnownDate) -> str:
    """Say a date as far as it was known; `no date` while none was given."""
    return "no date" if known.date is None else known.precision.label(known.date)


def _slip_words(change: Change) -> str:
    if change.before is None or change.after is None:
        return "Moved."
    shift = _shift(change)
    told = [shift_words(shift)] if shift else []
    told += [f"{ordinal(change.slip_number)} slip"] if change.slip_number else []
    moved = f"Moved from {date_words(change.before)} to {date_words(change.after)}"
    return f"{moved}: {', '.join(told)}." if told else f"{moved}."


def _plain_words(change: Change) -> str:
    dated = "" if change.after is None or change.after.date is None else f", dated {date_words(change.after)}"
    return {
        ChangeKind.ADDED: f"Listed for the first time{dated}.",
        ChangeKind.RETURNED: f"Listed again{dated}.",
        ChangeKind.WITHDRAWN: "Withdrawn by Launch Library.",
        ChangeKind.GONE_LIVE: "The webcast went live.",
        ChangeKind.ENDED: "The webcast is no longer live.",
    }[change.kind]


def _became(change: Change) -> str:
    before, after = change.before or _NONE, change.after or _NONE
    return f"{date_words(before)} became {date_words(after)}"


def _shift(change: Change) -> Shift | None:
    return shift_between(change.before or _NONE, change.after or _NONE)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


_NONE = KnownDate(None, None)
