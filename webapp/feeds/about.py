"""Metadata of feeds, and the ids of entries in them, which stay for ever."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.domain.changes import Change
from webapp.domain.entry import Entry, StoredEntry
from webapp.domain.likelihood import Likelihood
from webapp.domain.picture_words import Caption
from webapp.domain.pictures import PictureFile

REFRESH_EVERY = timedelta(hours=1)
"""How often we ask clients to come back. They come when they please."""


@dataclass(frozen=True, slots=True)
class FeedInfo:
    """What a feed says of itself: addresses are absolute; `updated`, in UTC, is when its data last changed.

    `name` is its address without host and format; `hub_url` is the WebSub hub that announces its changes, if any does.
    """

    title: str
    description: str
    self_url: str
    page_url: str
    updated: datetime
    name: str = ""
    hub_url: str = ""


@dataclass(frozen=True, slots=True)
class PublishedPicture:
    """A picture in a feed: the one file of it that is named, at an absolute address, what it shows, and its caption."""

    file: PictureFile
    url: str
    alternative: str
    caption: Caption


@dataclass(frozen=True, slots=True)
class PublishedEntry:
    """An entry in a feed, the absolute addresses of its page and of the drawing of its type, and its latest slip.

    Its `picture`, where it has one to show, takes the place of that drawing. `likelihood` is how dates like its own
    have held, where that is asked for and there is something to say.
    """

    stored: StoredEntry
    page_url: str
    card_url: str = ""
    slip: Change | None = None
    picture: PublishedPicture | None = None
    likelihood: Likelihood | None = None


def feed_id(entry: Entry) -> str:
    """Give the id that an entry keeps in every feed for ever: of its LL2 id alone, never of a host."""
    return f"ll2-{entry.key.kind.value}-{entry.key.source_id}"
