"""The page that turns notices on in the reader's own browser: what they would tell of, and the choices."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from webapp.domain.changes import ChangeKind
from webapp.domain.entry import EntryKind
from webapp.domain.notices import Lead, NoticeKind
from webapp.domain.query import Query, conditions_of
from webapp.domain.text import isolated
from webapp.feeds.formats import CHANGE_FORMATS
from webapp.pages.condition_words import condition_words, names_of
from webapp.store import Facets
from webapp.web.addresses import CHANGES_FEED, events_feed_query

QUIET_HOURS = "22:00-07:00"

_KIND_WORDS = {
    NoticeKind.ADDED: "New entries",
    NoticeKind.MOVES: "Date changes, holds and withdrawals",
    NoticeKind.WEBCAST: "New webcasts",
    NoticeKind.LIVE: "When it goes live or lifts off",
    NoticeKind.OUTCOME: "How a launch ended",
}
_MOVES = (ChangeKind.SLIPPED, ChangeKind.REFINED, ChangeKind.VAGUER, ChangeKind.WITHDRAWN, ChangeKind.RETURNED)
_CHANGES = {
    NoticeKind.ADDED: (ChangeKind.ADDED,),
    NoticeKind.MOVES: (*_MOVES, ChangeKind.STATUS),
    NoticeKind.WEBCAST: (ChangeKind.WEBCAST_ADDED,),
    NoticeKind.LIVE: (ChangeKind.GONE_LIVE, ChangeKind.STATUS),
    NoticeKind.OUTCOME: (ChangeKind.STATUS,),
}
_LEAD_WORDS = {Lead.DAY: "A day before", Lead.HOUR: "An hour before", Lead.TEN_MINUTES: "Ten minutes before"}
_USUAL_KINDS = frozenset(NoticeKind) - {NoticeKind.ADDED}


class Delivery(Enum):
    """How notices reach the page's reader: by a push service, by the open page alone in the demo, or not at all."""

    PUSH = "push"
    DEMO = "demo"
    NO_ADDRESS = "no-address"
    NO_HTTPS = "no-https"


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a field of the form, its words, and whether it is chosen at first.

    `changes` are the change kinds that a kind of notice tells of, as feeds are asked for them.
    """

    value: str
    words: str
    is_chosen: bool = False
    changes: str = ""


@dataclass(frozen=True, slots=True)
class NoticesPage:
    """What the page shows: `subject` says of what there would be notices, a name or the conditions of a filter.

    `back_path` leads to that, `query_string` asks for it. `feed_path` is where the demo's page looks for changes.
    """

    subject: tuple[str, ...]
    noun: str
    is_one: bool
    back_path: str
    subscribe_path: str
    query_string: str
    delivery: Delivery
    kinds: tuple[Choice, ...]
    leads: tuple[Choice, ...]
    quiet: str
    feed_path: str


def present_notices(
    query: Query, facets: Facets, names: Mapping[str, str], *, delivery: Delivery, back_path: str, subscribe_path: str
) -> NoticesPage:
    """Say what the page shows; `names` are those of the entries that the query asks for by their ids."""
    asked = Query(query.filter)
    is_one = len(query.filter.ids) == 1
    return NoticesPage(
        subject=tuple(_subject(query, facets, names)),
        noun=query.filter.kinds[0].value if len(query.filter.kinds) == 1 else "entry",
        is_one=is_one,
        back_path=back_path,
        subscribe_path=subscribe_path,
        query_string=asked.to_query_string(),
        delivery=delivery,
        kinds=tuple(
            Choice(kind.value, words, kind in _USUAL_KINDS, ",".join(change.value for change in _CHANGES[kind]))
            for kind, words in _KIND_WORDS.items()
            if _can_happen(kind, query, is_one=is_one)
        ),
        leads=(*(Choice(lead.value, _LEAD_WORDS[lead], lead is Lead.HOUR) for lead in Lead), Choice("", "No reminder")),
        quiet=QUIET_HOURS,
        feed_path=f"{CHANGES_FEED}.{CHANGE_FORMATS[-1].suffix}{events_feed_query(asked).to_query_string()}",
    )


def _can_happen(kind: NoticeKind, query: Query, *, is_one: bool) -> bool:
    """Whether a notice of a kind is worth a choice: one entry is not new, and no event has an outcome."""
    if kind is NoticeKind.ADDED:
        return not is_one
    kinds = {key.kind for key in query.filter.ids} or set(query.filter.kinds or EntryKind)
    return kind is not NoticeKind.OUTCOME or EntryKind.LAUNCH in kinds


def _subject(query: Query, facets: Facets, names: Mapping[str, str]) -> Iterator[str]:
    known = names_of(facets)
    for condition in conditions_of(query.filter):
        if condition.parameter.name == "id":
            yield isolated(names.get(str(condition.value), str(condition.value)))
        else:
            yield condition_words(condition, known)
