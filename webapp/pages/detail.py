"""The page of one entry: everything a visitor can know of it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup

from webapp.domain.changes import ChangeKind, StoredChange
from webapp.domain.entry import Entry, EntryKind, Link, StoredEntry, link_title
from webapp.domain.entry_state import EntryState, state_of
from webapp.domain.launch import LaunchDetail
from webapp.domain.likelihood import Likelihood
from webapp.domain.pictures import ShownPicture
from webapp.domain.query import Filter, Query, View
from webapp.domain.text import host_of, isolated, one_line, paragraphs, shortened
from webapp.domain.words import MOST_LISTED
from webapp.domain.zones import UTC_ZONE
from webapp.pages.calendar_links import CalendarLinks, present_calendar_links
from webapp.pages.cards import SharedCard, present_card
from webapp.pages.countdown import CountdownClock, present_countdown
from webapp.pages.date_reasons import date_reason
from webapp.pages.history import History, present_history
from webapp.pages.launch_facts import LaunchFacts, launch_title, present_launch
from webapp.pages.likelihood import LikelihoodView, present_likelihood
from webapp.pages.particulars import Particulars, present_particulars
from webapp.pages.pictures import PictureView, present_picture
from webapp.pages.related import RelatedEntry, present_mission, present_related
from webapp.pages.structured import structured_data
from webapp.pages.webcast_cards import WebcastCard, present_webcasts
from webapp.pages.zone_menu import ZoneMenu, present_zone
from webapp.rendering.feed_links import FeedLinks
from webapp.rendering.moments import Moment, present_entry_time, present_instant
from webapp.store import CardState
from webapp.web.addresses import entry_notices_path, entry_path, history_path, record_path, timeline_path

_LONGEST_DESCRIPTION = 20_000
_LONGEST_NOTE = 1_000
_LONGEST_SUMMARY = 300


@dataclass(frozen=True, slots=True)
class LinkCard:
    """A page to read more about the event."""

    title: str
    url: str
    host: str
    description: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Everything an entry's page shows; what only a launch has is its `launch`. `heading` is what leads the page.

    `time` and `countdown` are `None` unless its date carries a clock time. `in_utc` is that time in UTC, where it is
    told in another zone. `state` is that of the entry (see `EntryState`), or nothing. Of long lists only the first
    stand here, and `more_webcasts` and `more_links` count the others; `history_path` leads to the whole history,
    `record_path` to the whole record. `is_shortened` says that the description goes on there.

    `withdrawn` is when the source was seen to list it no more; nothing of it is live then, and no countdown runs.

    `picture` is what may be shown and is there; `picture_url` is where the source has it. `card` stands for the page
    where its link is shared. `notices_path` leads to the page that turns on notices of the entry.
    """

    id: int | str
    name: str
    heading: str
    type_id: int
    type_name: str
    type_path: str
    date_words: str
    date_reason: str
    certainty: str
    time: Moment | None
    in_utc: Moment | None
    countdown: CountdownClock | None
    state: str
    place: str
    particulars: tuple[Particulars, ...]
    description: list[list[str]]
    is_shortened: bool
    summary: str
    webcasts: tuple[WebcastCard, ...]
    links: tuple[LinkCard, ...]
    more_webcasts: int
    more_links: int
    history: History
    history_path: str
    notices_path: str
    record_path: str
    last_updated: Moment | None
    first_seen: Moment
    calendar: CalendarLinks | None
    mission: tuple[RelatedEntry, ...]
    related: tuple[RelatedEntry, ...]
    structured: Markup | None
    card: SharedCard
    page_url: str
    zone: ZoneMenu
    subscriptions: tuple[FeedLinks, ...] = ()
    withdrawn: Moment | None = None
    launch: LaunchFacts | None = None
    picture: PictureView | None = None
    picture_url: str = ""
    likelihood: LikelihoodView | None = None


def present_detail(
    stored: StoredEntry, changes: Sequence[StoredChange], *, now: datetime, page_url: str, address: str = "",
    zone: ZoneInfo = UTC_ZONE, others: Sequence[Entry] = (), subscriptions: Sequence[FeedLinks] = (),
    picture: ShownPicture | None = None, card: CardState | None = None, card_types: Container[int] = (),
    likelihood: Likelihood | None = None,
) -> EntryPage:  # fmt: skip
    """Say what an entry's page shows, with its changes, the latest first, and `others` that may go with it.

    Times are those of the zone. `page_url` is its absolute address, whose host a player is told (Twitch asks);
    `address` is the site's.
    `subscriptions` are those to what it belongs with. `picture` and `card` are its own, where it has them;
    `card_types` are the types of event that have a card. `likelihood` is how dates like its own fared.
    """
    entry, player_host = stored.entry, urlsplit(page_url).hostname or ""
    shared = present_card(entry, card, card_types)
    state = state_of(entry, now)
    slip = next((seen.change for seen in changes if seen.change.kind is ChangeKind.SLIPPED), None)
    return EntryPage(
        id=entry.key.json_id,
        name=isolated(entry.name),
        heading=launch_title(entry),
        type_id=entry.type.id,
        type_name=isolated(entry.type.title),
        type_path=timeline_path(Query(_of_its_type(entry))),
        date_words=entry.date_words_in(zone),
        in_utc=present_entry_time(entry) if zone is not UTC_ZONE else None,
        date_reason=date_reason(entry, is_past=state is EntryState.ENDED),
        certainty=entry.certainty_word,
        time=present_entry_time(entry, zone),
        countdown=None if stored.withdrawn_at else present_countdown(entry),
        state="" if state is None or stored.withdrawn_at else state.value,
        place=isolated(entry.location),
        particulars=present_particulars(entry, zone, {other.key.source_id: other for other in others}),
        description=paragraphs(shortened(entry.description, _LONGEST_DESCRIPTION)),
        is_shortened=len(entry.description) > _LONGEST_DESCRIPTION,
        summary=_summary(stored),
        webcasts=present_webcasts(stored, player_host, zone),
        links=tuple(_present_link(link) for link in sorted(entry.links, key=lambda link: link.priority)[:MOST_LISTED]),
        more_webcasts=max(len(entry.webcasts) - MOST_LISTED, 0),
        more_links=max(len(entry.links) - MOST_LISTED, 0),
        history=present_history(changes, entry.updates, zone=zone),
        history_path=history_path(entry, zone=zone),
        notices_path=entry_notices_path(entry),
        record_path=record_path(entry),
        last_updated=_optional(entry.last_updated, zone),
        first_seen=present_instant(stored.first_seen, zone),
        calendar=present_calendar_links(entry, page_url=page_url),
        mission=present_mission(entry, others, zone),
        related=present_related(entry, others, zone),
        structured=structured_data(
            stored, page_url=page_url, slip=slip, address=address, picture=picture, card_path=shared.path
        ),
        card=shared,
        page_url=page_url,
        zone=present_zone(Query(view=View(zone=zone)), lambda other: entry_path(entry, other.view.zone), now),
        subscriptions=tuple(subscriptions),
        withdrawn=_optional(stored.withdrawn_at, zone),
        launch=present_launch(entry, zone),
        picture=present_picture(picture, entry.key.kind),
        picture_url=entry.picture.url if entry.picture else "",
        likelihood=present_likelihood(likelihood),
    )


def _of_its_type(entry: Entry) -> Filter:
    return Filter(kinds=(entry.key.kind,)) if entry.key.kind is EntryKind.LAUNCH else Filter(type_ids=(entry.type.id,))


def _summary(stored: StoredEntry) -> str:
    withdrawn = "Withdrawn by Launch Library. " if stored.withdrawn_at else ""
    status = stored.entry.detail.status if isinstance(stored.entry.detail, LaunchDetail) else None
    lead = f"{withdrawn}{f'{isolated(status.words)}. ' if status else ''}{stored.entry.date_words}. "
    return f"{lead}{isolated(one_line(stored.entry.description)[: _LONGEST_SUMMARY - len(lead)].rstrip())}".strip()


def _present_link(link: Link) -> LinkCard:
    description = isolated(shortened(link.description, _LONGEST_NOTE))
    return LinkCard(isolated(link_title(link)), link.url, host_of(link.url), description)


def _optional(moment: datetime | None, zone: ZoneInfo) -> Moment | None:
    return None if moment is None else present_instant(moment, zone)
