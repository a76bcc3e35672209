"""The facts of an entry as labelled lines, for subscribers who do not open our page."""

from collections.abc import Sequence

from webapp.domain.change_words import change_words
from webapp.domain.entry import Agency, Entry, Program, StoredEntry, link_title
from webapp.domain.launch import LaunchDetail
from webapp.domain.text import isolated, shortened
from webapp.domain.webcasts import display_title, ranked
from webapp.domain.words import MOST_LISTED, moment_words
from webapp.feeds.about import PublishedEntry
from webapp.feeds.launch_facts import Fact, flight_facts, status_facts, window_facts

_LONGEST_DESCRIPTION = 10_000


def facts_of(published: PublishedEntry) -> list[Fact]:
    """Give label and value, most wanted first; values are plain text on one line."""
    stored, entry = published.stored, published.stored.entry
    launch = entry.detail if isinstance(entry.detail, LaunchDetail) else None
    facts: list[Fact] = []
    if stored.withdrawn_at is not None:
        facts.append(("Withdrawn", f"No longer listed by Launch Library since {moment_words(stored.withdrawn_at)}."))
    facts += status_facts(entry, launch) if launch else ()
    facts.append(("When", f"{entry.date_words}. {entry.date_reason}"))
    facts += window_facts(entry, launch) if launch else ()
    facts.append(("Type", isolated(entry.type.title)))
    if published.slip is not None:
        facts.append(("Schedule", change_words(published.slip)))
    facts += flight_facts(entry, launch) if launch else [("Where", isolated(entry.location))]
    provider = entry.provider if launch else None
    facts.append(("Agencies", _names([agency for agency in entry.agencies if agency is not provider])))
    facts.append(("Programs", _names(entry.programs)))
    return [(label, value) for label, value in facts if value]


def webcasts_of(stored: StoredEntry) -> list[Fact]:
    """Give the title and the address of the webcasts, the one to watch first, and no more than a page shows."""
    return [(isolated(display_title(webcast)), webcast.url) for webcast in ranked(stored.entry.webcasts)[:MOST_LISTED]]


def links_of(stored: StoredEntry) -> list[Fact]:
    """Give the title and the address of the pages to read more, the best first, and no more than a page shows."""
    links = sorted(stored.entry.links, key=lambda link: link.priority)[:MOST_LISTED]
    return [(isolated(link_title(link)), link.url) for link in links]


def description_of(stored: StoredEntry) -> str:
    """Give the description, cut where it is longer than anybody reads in a feed: the page has more of it."""
    return shortened(stored.entry.description.strip(), _LONGEST_DESCRIPTION)


def categories_of(entry: Entry) -> list[str]:
    """Give the names of the type and of the programs, each once, that it is filed under."""
    names = (entry.type.title, *(program.name for program in entry.programs[:MOST_LISTED]))
    return list(dict.fromkeys(filter(None, names)))


def provenance_of(stored: StoredEntry) -> str:
    """Say where this comes from and when it last changed."""
    changed = moment_words(stored.changed_at)
    return f"Source: Launch Library 2 by The Space Devs, {stored.entry.key}. Last changed {changed}."


def _names(parts: Sequence[Agency | Program]) -> str:
    names = [isolated(part.name) for part in parts if part.name]
    more = [f"and {len(names) - MOST_LISTED:,} more"] if len(names) > MOST_LISTED else []
    return ", ".join([*names[:MOST_LISTED], *more])
