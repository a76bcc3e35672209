"""What feeds must say of an entry, worked out anew: the id that it keeps for ever, and its title."""

from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail
from webapp.domain.text import isolated

_LEADS = {4: "Failure: ", 5: "On hold: ", 7: "Partial failure: ", 8: "To be confirmed: "}


def feed_id(entry: Entry) -> str:
    """Give the id that is part of each format's own."""
    return f"ll2-{entry.key.kind.value}-{entry.key.source_id}"


def title(entry: Entry) -> str:
    """Give the name, after how a launch stands where that is to be known first."""
    status = entry.detail.status if isinstance(entry.detail, LaunchDetail) else None
    return (_LEADS.get(status.id, "") if status else "") + isolated(entry.name)
