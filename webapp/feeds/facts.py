"""What a subscriber reads without opening our page: the facts of an event, as labelled lines."""

from webapp.domain.change_words import change_words
from webapp.domain.event import StoredEvent, link_title
from webapp.domain.text import one_line
from webapp.domain.webcasts import display_title, ranked
from webapp.domain.words import moment_words
from webapp.feeds.about import FeedEntry

Fact = tuple[str, str]


def facts_of(entry: FeedEntry) -> list[Fact]:
    """Give label and value, most wanted first; values are plain text on one line."""
    stored, event = entry.stored, entry.stored.event
    facts = []
    if stored.withdrawn_at is not None:
        facts.append(
            ("Withdrawn", f"Launch Library no longer lists it, as was found on {moment_words(stored.withdrawn_at)}.")
        )
    facts += [("When", f"{event.date_words}. {event.date_reason}"), ("Type", event.type.name)]
    if entry.slip is not None:
        facts.append(("Moved", change_words(entry.slip).removeprefix("Moved ")))
    facts.append(("Where", event.location))
    facts.append(("Agencies", ", ".join(agency.name for agency in event.agencies if agency.name)))
    facts.append(("Programs", ", ".join(program.name for program in event.programs if program.name)))
    return [(label, one_line(value)) for label, value in facts if value]


def webcasts_of(stored: StoredEvent) -> list[Fact]:
    """Give the title and the address of each webcast, the one to watch first."""
    return [(display_title(webcast), webcast.url) for webcast in ranked(stored.event.webcasts)]


def links_of(stored: StoredEvent) -> list[Fact]:
    """Give the title and the address of each page to read more, the best first."""
    links = sorted(stored.event.links, key=lambda link: link.priority)
    return [(link_title(link), link.url) for link in links]


def provenance_of(stored: StoredEvent) -> str:
    """Say where this comes from and when it last changed."""
    changed = moment_words(stored.changed_at)
    return f"Source: Launch Library 2 by The Space Devs, event {stored.event.id}. Last changed {changed}."
