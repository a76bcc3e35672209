"""What a feed reader is given, whichever its format: events, and changes, as items with a title and a body of HTML."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from webapp.domain.change_words import change_words
from webapp.domain.changes import StoredChange
from webapp.domain.event import Event
from webapp.domain.precision import ClockWindow
from webapp.domain.text import isolated, paragraphs
from webapp.domain.webcasts import ranked
from webapp.domain.words import MOST_LISTED
from webapp.feeds.about import FeedEntry, feed_id
from webapp.feeds.facts import categories_of, description_of, facts_of, links_of, provenance_of, webcasts_of


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `id` is the same for ever, in no format's own spelling; `title` is plain text, `html` is markup.

    `published` is when it was first seen here, `updated` when it last changed, both in UTC: never the time of the
    event, which readers would hide or pin. `facts` is for programs: what a date means, and the webcasts.
    """

    id: str
    title: str
    url: str
    html: Markup
    published: datetime
    updated: datetime
    categories: tuple[str, ...]
    image_url: str
    facts: dict[str, Any] = field(hash=False)


def event_item(entry: FeedEntry) -> Item:
    """Make the item of an event."""
    stored, event = entry.stored, entry.stored.event
    gone = "Withdrawn: " if stored.withdrawn_at else ""
    return Item(
        id=feed_id(event),
        title=f"{gone}{isolated(event.name)} – {event.date_words}",
        url=entry.page_url,
        html=_body(entry),
        published=min(stored.first_seen, stored.changed_at),
        updated=stored.changed_at,
        categories=_categories(event),
        image_url=entry.card_url,
        facts=_event_facts(event),
    )


def change_item(change: StoredChange, entry: FeedEntry) -> Item:
    """Make the item of a change. `entry` is its event as it stands now."""
    event = entry.stored.event
    words = change_words(change.change)
    said = Markup("<p><b>{}</b></p>\n{}").format(words, _body(entry))
    return Item(
        id=f"{feed_id(event)}-{change.revision}",
        title=f"{isolated(event.name)}: {words[0].lower()}{words[1:]}".rstrip("."),
        url=entry.page_url,
        html=said,
        published=change.seen_at,
        updated=change.seen_at,
        categories=(change.change.kind.value, *_categories(event)),
        image_url=entry.card_url,
        facts={"change": change.change.kind.value, "revision": change.revision, **_event_facts(event)},
    )


def _categories(event: Event) -> tuple[str, ...]:
    return tuple(categories_of(event))


def _event_facts(event: Event) -> dict[str, Any]:
    """Give what a program wants of an event; a window's last day is still in it, its end no more.

    `date` is an instant or a day, and null where the date is no finer than a week: then the window alone tells it.
    """
    window = event.window
    facts: dict[str, Any] = {
        "event_id": event.id,
        "type": event.type.name,
        "date": None,
        "precision": event.precision_id,
        "certainty": event.certainty_word,
        "date_words": event.date_words,
        "window": None,
        "is_live": event.webcast_live,
        "webcasts": [one.url for one in ranked(event.webcasts)[:MOST_LISTED]],
    }
    if isinstance(window, ClockWindow):
        facts["date"] = _stamp(window.start)
        facts["window"] = {"start": _stamp(window.start), "end": _stamp(window.end)}
    elif window is not None:
        facts["window"] = {"first_day": window.first_date.isoformat(), "last_day": window.last_date.isoformat()}
        if window.first_date == window.last_date:
            facts["date"] = window.first_date.isoformat()
    return facts


def _stamp(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _body(entry: FeedEntry) -> Markup:
    """Write the HTML of an event. Each format escapes it once more, as it wants."""
    facts = Markup("<br>").join(Markup("<b>{}:</b> {}").format(*fact) for fact in facts_of(entry))
    blocks = [Markup("<p>{}</p>").format(facts)]
    blocks += [
        Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, lines)))
        for lines in paragraphs(description_of(entry.stored))
    ]
    blocks += _linked("Watch", webcasts_of(entry.stored))
    blocks += _linked("Read more", links_of(entry.stored))
    blocks.append(Markup("<p><small>{}</small></p>").format(provenance_of(entry.stored)))
    return Markup("\n").join(blocks)


def _linked(lead: str, links: Iterable[tuple[str, str]]) -> list[Markup]:
    return [Markup('<p>{}: <a href="{}">{}</a></p>').format(lead, url, title) for title, url in links]
