"""The webcasts of an entry, as its page shows them."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from webapp.domain.entry import StoredEntry
from webapp.domain.text import host_of, isolated
from webapp.domain.webcasts import Webcast, display_title, embed_url, player_name, ranked
from webapp.domain.words import MOST_LISTED
from webapp.rendering.moments import Moment, present_instant


@dataclass(frozen=True, slots=True)
class WebcastCard:
    """One webcast. `embed_url` is `None` where it can only be a link; `player` names who plays it."""

    title: str
    url: str
    host: str
    embed_url: str | None
    player: str
    publisher: str
    kind: str
    language: str
    is_live: bool
    start: Moment | None


def present_webcasts(stored: StoredEntry, player_host: str, zone: ZoneInfo) -> tuple[WebcastCard, ...]:
    """Give the first few of an entry's webcasts, the one to watch first; a player is told `player_host`."""
    is_listed = stored.withdrawn_at is None
    first = ranked(stored.entry.webcasts)[:MOST_LISTED]
    return tuple(_present(webcast, player_host, zone, is_listed=is_listed) for webcast in first)


def _present(webcast: Webcast, player_host: str, zone: ZoneInfo, *, is_listed: bool) -> WebcastCard:
    player = embed_url(webcast.url, parent_host=player_host)
    return WebcastCard(
        title=isolated(display_title(webcast)),
        url=webcast.url,
        host=host_of(webcast.url),
        embed_url=player,
        player=player_name(player) if player else "",
        publisher=isolated(webcast.publisher),
        kind=isolated(webcast.kind_name),
        language=isolated(webcast.language),
        is_live=webcast.live and is_listed,
        start=None if webcast.start is None else present_instant(webcast.start, zone),
    )
