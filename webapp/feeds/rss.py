"""Events as RSS 2.0: one item an event, known by the same guid for ever."""

from collections.abc import Sequence
from datetime import datetime
from io import StringIO

from feedgenerator import Rss201rev2Feed
from markupsafe import Markup, escape

from webapp.domain.text import paragraphs
from webapp.feeds.about import REFRESH_EVERY, FeedEntry, FeedInfo, feed_id
from webapp.feeds.facts import facts_of, provenance_of, webcasts_of

_GUID_PREFIX = "perigee-rss:"  # newsboat's cache spans all feeds: the same event needs another guid in Atom.


class _EventFeed(Rss201rev2Feed):  # type: ignore[misc] # feedgenerator ships no types
    """RSS whose date comes from its data: the library would write the present time into an empty feed."""

    def latest_post_date(self) -> datetime:
        """Give the date for `lastBuildDate`."""
        updated: datetime = self.feed["updated"]
        return updated


def render_rss(entries: Sequence[FeedEntry], info: FeedInfo) -> bytes:
    """Write a feed of events, in the order given."""
    feed = _EventFeed(
        title=info.title,
        link=info.page_url,
        description=info.description,
        language="en",
        feed_url=info.self_url,
        ttl=int(REFRESH_EVERY.total_seconds() // 60),
        updated=info.updated,
    )
    for entry in entries:
        event = entry.stored.event
        feed.add_item(
            title=f"{event.name} – {event.date_words}",
            link=entry.page_url,
            description=str(_body(entry)),
            pubdate=entry.stored.changed_at,
            unique_id=_GUID_PREFIX + feed_id(event),
            unique_id_is_permalink=False,
            categories=[event.type.name, *(program.name for program in event.programs if program.name)],
        )
    written = StringIO()
    feed.write(written, "utf-8")
    return written.getvalue().encode()


def _body(entry: FeedEntry) -> Markup:
    """Write an item's HTML. The feed escapes it once more, as RSS wants."""
    facts = Markup("<br>").join(Markup("<b>{}:</b> {}").format(*fact) for fact in facts_of(entry.stored))
    blocks = [Markup("<p>{}</p>").format(facts)]
    blocks += [
        Markup("<p>{}</p>").format(Markup("<br>").join(map(escape, lines)))
        for lines in paragraphs(entry.stored.event.description)
    ]
    blocks += [
        Markup('<p>Watch: <a href="{}">{}</a></p>').format(url, title) for title, url in webcasts_of(entry.stored)
    ]
    blocks.append(Markup("<p><small>{}</small></p>").format(provenance_of(entry.stored)))
    return Markup("\n").join(blocks)
