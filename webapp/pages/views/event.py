"""An event's address."""

from collections.abc import Iterator
from datetime import datetime

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.entry import Entry, EntryKey
from webapp.domain.precision import Step
from webapp.domain.query import Filter, Query, View
from webapp.domain.scopes import past_scope, upcoming_scope
from webapp.domain.text import isolated
from webapp.domain.words import MOST_LISTED
from webapp.instance.site import current_edition, site
from webapp.pages.detail import present_detail
from webapp.pages.related import launches_of
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import FeedLinks, feed_links
from webapp.rendering.pages import render_page
from webapp.store import Snapshot
from webapp.web.addresses import entry_path, entry_slug
from webapp.web.errors import NoSuchEventError, event_key

_MOST_LOOKED_AT = 8
_MOST_SUBSCRIPTIONS = 6


@blueprint.get("/events/<event_id>")
@blueprint.get("/events/<event_id>/<slug>")
def event(event_id: str, slug: str = "") -> AnyResponse:
    """Show one event; every address but its own leads to its own."""
    edition, zone = current_edition(), Query.parse(request.args.items(multi=True)).view.zone
    key, now = event_key(event_id), edition.clock()
    with edition.store.read() as snapshot:
        stored, changes = snapshot.get_entry(key), snapshot.list_history(key)
        others = [] if stored is None else _list_others(snapshot, stored.entry, now)
        state = snapshot.state
    if stored is None:
        raise NoSuchEventError(event_id)
    path = entry_path(stored.entry)
    if (event_id, slug) != (key.source_id, entry_slug(stored.entry)):
        return redirect(entry_path(stored.entry, zone))
    feeds = feed_links(Query(), title="All upcoming events")
    page = present_detail(
        stored,
        changes,
        now=now,
        zone=zone,
        page_url=site().address() + path,
        others=others,
        subscriptions=[*_subscriptions(stored.entry), feeds],
    )
    return render_page("event.html", page, edition, state, canonical=path, feeds=feeds, zone=zone)


def _subscriptions(entry: Entry) -> Iterator[FeedLinks]:
    """Give the feeds of what an event belongs with: its type, and each of its programs."""
    kind = isolated(entry.type.title.removesuffix(" Event"))
    yield feed_links(Query(Filter(type_ids=(entry.type.id,))), title=f"All {kind} events")
    for program in entry.programs[:_MOST_SUBSCRIPTIONS]:
        yield feed_links(Query(Filter(program_ids=(program.id,))), title=f"All {isolated(program.name)} events")


def _list_others(snapshot: Snapshot, entry: Entry, now: datetime) -> list[Entry]:
    """List what may go with an entry: a few of the same programs, then of its day.

    Upcoming ones; of its programs also past ones, where it belongs to a mission, which may have begun.
    """
    programs = Filter(program_ids=tuple(sorted({program.id for program in entry.programs[:MOST_LISTED]})))
    scopes = (upcoming_scope, past_scope) if launches_of(entry) else (upcoming_scope,)
    asked = [(programs, scope(now)) for scope in scopes if programs != Filter()]
    if entry.date_range is not None and entry.precision.rank == 0:
        first, last = entry.date_range.first_date, entry.date_range.last_date
        asked.append((Filter(from_date=first, to_date=last, precision=Step.DAY), upcoming_scope(now)))
    others: dict[EntryKey, Entry] = {}
    for each, scope in asked:
        listed = snapshot.list_entries(each, scope, View(limit=_MOST_LOOKED_AT))
        others |= {stored.entry.key: stored.entry for stored in listed}
    return list(others.values())
