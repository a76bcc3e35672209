"""Items of feeds: entries, and changes, with a title and a body of HTML, for every format of feed readers."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from markupsafe import Markup, escape

from webapp.domain.change_words import change_words
from webapp.domain.changes import StoredChange
from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail
from webapp.domain.precision import ClockRange
from webapp.domain.text import isolated, paragraphs
from webapp.domain.webcasts import ranked
from webapp.domain.words import MOST_LISTED
from webapp.feeds.about import PublishedEntry, PublishedPicture, feed_id
from webapp.feeds.facts import categories_of, description_of, facts_of, links_of, provenance_of, webcasts_of
from webapp.feeds.launch_facts import launch_values, title_of


@dataclass(frozen=True, slots=True)
class Item:
    """One item. `id` is the same for ever, and part of each format's own; `title` is plain text, `html` is markup.

    `published` is when it was first seen here, `updated` when it last changed, both in UTC: never the time of the
    event, which readers would hide or pin. `image_url` is that of its `picture`, or of a drawing where it has none.
    `facts` is for programs: what a date means, the webcasts, and whose the picture is.
    """

    id: str
    title: str
    url: str
    html: Markup
    published: datetime
    updated: datetime
    categories: tuple[str, ...]
    image_url: str
    picture: PublishedPicture | None
    facts: dict[str, Any] = field(hash=False)


def entry_item(published: PublishedEntry) -> Item:
    """Make the item of an entry."""
    stored, entry = published.stored, published.stored.entry
    title = f"Withdrawn: {isolated(entry.name)}" if stored.withdrawn_at else title_of(entry)
    return Item(
        id=feed_id(entry),
        title=f"{title} – {entry.date_words}",
        url=published.page_url,
        html=_body(published),
        published=min(stored.first_seen, stored.changed_at),
        updated=stored.changed_at,
        categories=_categories(entry),
        image_url=_image_url(published),
        picture=published.picture,
        facts=_entry_facts(published),
    )


def change_item(change: StoredChange, published: PublishedEntry) -> Item:
    """Make the item of a change. `published` is its entry as it stands now."""
    entry = published.stored.entry
    words = change_words(change.change)
    html = Markup("<p><b>{}</b></p>\n{}").format(words, _body(published))
    return Item(
        id=f"{feed_id(entry)}-{change.revision}",
        title=f"{isolated(entry.name)}: {words[0].lower()}{words[1:]}".rstrip("."),
        url=published.page_url,
        html=html,
        published=change.seen_at,
        updated=change.seen_at,
        categories=(change.change.kind.value, *_categories(entry)),
        image_url=_image_url(published),
        picture=published.picture,
        facts={"change": change.change.kind.value, "revision": change.revision, **_entry_facts(published)},
    )


def _categories(entry: Entry) -> tuple[str, ...]:
    return tuple(categories_of(entry))


def _image_url(published: PublishedEntry) -> str:
    return published.picture.url if published.picture else published.card_url


def _entry_facts(published: PublishedEntry) -> dict[str, Any]:
    """Give what a program wants of an entry; a date range's last day is still in it, its end no more.

    `date` is an instant or a day, and null where the date is no finer than a week: then the date range alone tells it.
    """
    entry = published.stored.entry
    date_range = entry.date_range
    facts: dict[str, Any] = {
        f"{entry.key.kind.value}_id": entry.key.json_id,
        "type": entry.type.name,
        "date": None,
        "precision": entry.precision_id,
        "certainty": entry.certainty_word,
        "date_words": entry.date_words,
        "window": None,
        "is_live": entry.webcast_live,
        "webcasts": [webcast.url for webcast in ranked(entry.webcasts)[:MOST_LISTED]],
    }
    if isinstance(date_range, ClockRange):
        facts["date"] = _stamp(date_range.start)
        facts["window"] = {"start": _stamp(date_range.start), "end": _stamp(date_range.end)}
    elif date_range is not None:
        facts["window"] = {"first_day": date_range.first_date.isoformat(), "last_day": date_range.last_date.isoformat()}
        if date_range.first_date == date_range.last_date:
            facts["date"] = date_range.first_date.isoformat()
    if isinstance(entry.detail, LaunchDetail):
        facts["launch"] = launch_values(entry, entry.detail)
    if published.picture:
        facts["picture"] = _picture_facts(published.picture)
    return facts


def _picture_facts(picture: PublishedPicture) -> dict[str, Any]:
    return {
        "credit": picture.caption.credit,
        "license": picture.caption.license_words,
        "license_url": picture.caption.license_url,
        "caption": str(picture.caption),
    }


def _stamp(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat() + "Z"


def _body(published: PublishedEntry) -> Markup:
    """Write the HTML of an entry. Each format escapes it once more, as it wants."""
    facts = Markup("<br>").join(Markup("<b>{}:</b> {}").format(*fact) for fact in facts_of(published))
    blocks = [Markup("<p>{}</p>").format(facts)]
    if published.picture:
        blocks.append(_pictured(published.picture))
    blocks += [
        Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, lines)))
        for lines in paragraphs(description_of(published.stored))
    ]
    blocks += _linked("Watch", webcasts_of(published.stored))
    blocks += _linked("Read more", links_of(published.stored))
    blocks.append(Markup("<p><small>{}</small></p>").format(provenance_of(published.stored)))
    return Markup("\n").join(blocks)


def _pictured(picture: PublishedPicture) -> Markup:
    """Write a picture with its caption under it."""
    caption, file = picture.caption, picture.file
    licence = escape(caption.license_words)
    if caption.license_url:
        licence = Markup('<a href="{}">{}</a>').format(caption.license_url, licence)
    return Markup('<p><img src="{}" width="{}" height="{}" alt="{}"><br><small>{} · {} · {}</small></p>').format(
        picture.url, file.width, file.height, picture.alternative, caption.lead, licence, caption.changes
    )


def _linked(lead: str, links: Iterable[tuple[str, str]]) -> list[Markup]:
    return [Markup('<p>{}: <a href="{}">{}</a></p>').format(lead, url, title) for title, url in links]
