"""The address of an event, and that of a launch."""

from collections.abc import Iterator
from datetime import datetime

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.entry import Entry, EntryKey, EntryKind, StoredEntry
from webapp.domain.pictures import ShownPicture
from webapp.domain.precision import Step
from webapp.domain.query import Filter, Query, View
from webapp.domain.scopes import EVERYTHING, past_scope, upcoming_scope
from webapp.domain.text import isolated
from webapp.domain.words import MOST_LISTED
from webapp.instance.site import current_edition, site
from webapp.pages.detail import present_detail
from webapp.pages.related import launch_names, launches_of, mission_words
from webapp.pages.views.blueprint import blueprint
from webapp.rendering.feed_links import FeedLinks, feed_links
from webapp.rendering.pages import render_page
from webapp.store import CardState, Snapshot
from webapp.web.addresses import entry_path, entry_slug
from webapp.web.errors import event_key, launch_key, no_such_entry

_MOST_LOOKED_AT = 8
_MOST_SUBSCRIPTIONS = 6
_MOST_LAUNCHES = 3
_MOST_OF_A_NAME = 24


@blueprint.get("/events/<event_id>")
@blueprint.get("/events/<event_id>/<slug>")
def event(event_id: str, slug: str = "") -> AnyResponse:
    """Show one event; every address but its own leads to its own."""
    return _show(event_key(event_id), (event_id, slug))


@blueprint.get("/launches/<launch_id>")
@blueprint.get("/launches/<launch_id>/<slug>")
def launch(launch_id: str, slug: str = "") -> AnyResponse:
    """Show one launch; every address but its own leads to its own."""
    return _show(launch_key(launch_id), (launch_id, slug))


def _show(key: EntryKey, asked: tuple[str, str]) -> AnyResponse:
    """Show an entry; `asked` are the id and the slug of the address, which may be spelled otherwise than its own."""
    edition, zone = current_edition(), Query.parse(request.args.items(multi=True)).view.zone
    now = edition.clock()
    with edition.store.read() as snapshot:
        stored, changes = snapshot.get_entry(key), snapshot.list_history(key)
        others = [] if stored is None else _list_others(snapshot, stored.entry, now)
        likelihood = None if stored is None else snapshot.statistics.likelihood_of(stored, now)
        picture, card = (None, None) if stored is None else _picture_and_card(snapshot, stored)
        state = snapshot.state
    if stored is None:
        raise no_such_entry(key)
    path, address = entry_path(stored.entry), site().address()
    if asked != (key.source_id, entry_slug(stored.entry)):
        return redirect(entry_path(stored.entry, zone))
    feeds = feed_links(Query(), title="All upcoming events")
    page = present_detail(
        stored,
        changes,
        now=now,
        zone=zone,
        page_url=address + path,
        address=address,
        others=others,
        subscriptions=[*_subscriptions(stored.entry), feeds],
        picture=picture,
        card=card,
        card_types=site().card_types,
        likelihood=likelihood,
    )
    return render_page("event.html", page, edition, state, canonical=path, feeds=feeds, zone=zone)


def _picture_and_card(snapshot: Snapshot, stored: StoredEntry) -> tuple[ShownPicture | None, CardState | None]:
    pictures = snapshot.pictures
    shown = pictures.list_shown([stored], site().pictures)
    return shown.get(stored.entry.key), pictures.list_cards([stored.id]).get(stored.id)


def _subscriptions(entry: Entry) -> Iterator[FeedLinks]:
    """Give the feeds of what an entry belongs with: its type, or that it is a launch, and each of its programs."""
    if entry.key.kind is EntryKind.LAUNCH:
        yield feed_links(Query(Filter(kinds=(EntryKind.LAUNCH,))), title="All launches")
    else:
        kind = isolated(entry.type.title.removesuffix(" Event"))
        yield feed_links(Query(Filter(type_ids=(entry.type.id,))), title=f"All {kind} events")
    for program in entry.programs[:_MOST_SUBSCRIPTIONS]:
        yield feed_links(Query(Filter(program_ids=(program.id,))), title=f"All {isolated(program.name)} events")


def _list_others(snapshot: Snapshot, entry: Entry, now: datetime) -> list[Entry]:
    """List what may go with an entry: what may be of its mission, a few of the same programs, then of its day.

    Upcoming ones; of its mission and its programs also past ones, since a mission may have begun.
    """
    others = {one.key: one for one in _list_mission(snapshot, entry)}
    programs = Filter(program_ids=tuple(sorted({program.id for program in entry.programs[:MOST_LISTED]})))
    scopes = (upcoming_scope, past_scope) if launches_of(entry) else (upcoming_scope,)
    asked = [(programs, scope(now)) for scope in scopes if programs != Filter()]
    if entry.date_range is not None and entry.precision.rank == 0:
        first, last = entry.date_range.first_date, entry.date_range.last_date
        asked.append((Filter(from_date=first, to_date=last, precision=Step.DAY), upcoming_scope(now)))
    for each, scope in asked:
        listed = snapshot.list_entries(each, scope, View(limit=_MOST_LOOKED_AT))
        others |= {stored.entry.key: stored.entry for stored in listed}
    return list(others.values())


def _list_mission(snapshot: Snapshot, entry: Entry) -> Iterator[Entry]:
    """List the launches that an entry names, or is, and what may name them: what has the name of their mission."""
    for launch_id, name in launch_names(entry)[:_MOST_LAUNCHES]:
        launch = snapshot.get_entry(EntryKey(EntryKind.LAUNCH, launch_id))
        if launch is not None and launch.withdrawn_at is None:
            yield launch.entry
        words = mission_words(name if launch is None else launch.entry.name)
        if words:
            named = Filter(kinds=(EntryKind.EVENT,), words=words)
            yield from (one.entry for one in snapshot.list_entries(named, EVERYTHING, View(limit=_MOST_OF_A_NAME)))
