"""An event's address."""

from collections.abc import Iterator
from datetime import datetime

from flask import redirect
from werkzeug.wrappers import Response as AnyResponse

from webapp.domain.event import Event
from webapp.domain.precision import Step
from webapp.domain.query import Filter, Query, View
from webapp.domain.scopes import upcoming_scope
from webapp.domain.text import isolated
from webapp.domain.words import MOST_LISTED
from webapp.edge.errors import NoSuchEventError, event_number
from webapp.edge.frame import feed_links, render_page
from webapp.edge.links import event_path, event_slug
from webapp.edge.shell import FeedLinks
from webapp.edge.site import current_edition, site
from webapp.pages.detail import present_event
from webapp.pages.views.blueprint import blueprint
from webapp.store import Snapshot

_MOST_RELATED = 6
_MOST_SUBSCRIPTIONS = 6


@blueprint.get("/events/<event_id>")
@blueprint.get("/events/<event_id>/<slug>")
def event(event_id: str, slug: str = "") -> AnyResponse:
    """Show one event; every address but its own leads to its own."""
    edition = current_edition()
    number = event_number(event_id)
    with edition.store.read() as snapshot:
        stored, changes = snapshot.get_event(number), snapshot.list_history(number)
        related = [] if stored is None else _related(snapshot, stored.event, edition.clock())
        state = snapshot.state
    if stored is None:
        raise NoSuchEventError(event_id)
    path = event_path(stored.event)
    if (event_id, slug) != (str(number), event_slug(stored.event)):
        return redirect(path)
    feeds = feed_links(Query(), title="All upcoming events")
    page = present_event(
        stored,
        changes,
        page_url=site().address() + path,
        related=related,
        subscriptions=[*_subscriptions(stored.event), feeds],
    )
    return render_page("event.html", page, edition, state, canonical=path, feeds=feeds)


def _subscriptions(event: Event) -> Iterator[FeedLinks]:
    """Give the feeds of what an event belongs with: its type, and each of its programs."""
    kind = isolated(event.type.name)
    yield feed_links(Query(Filter(type_ids=(event.type.id,))), title=f"All events of the type {kind}")
    for one in event.programs[:_MOST_SUBSCRIPTIONS]:
        yield feed_links(Query(Filter(program_ids=(one.id,))), title=f"All events of the program {isolated(one.name)}")


def _related(snapshot: Snapshot, event: Event, now: datetime) -> list[Event]:
    """List a few upcoming events: those of the same programs, then those of the same day."""
    program_ids = tuple(sorted({one.id for one in event.programs[:MOST_LISTED]}))
    asked = [Filter(program_ids=program_ids)] if program_ids else []
    if event.window is not None and event.precision.rank == 0:
        first, last = event.window.first_date, event.window.last_date
        asked.append(Filter(from_date=first, to_date=last, precision=Step.DAY))
    found: dict[int, Event] = {}
    for one in asked:
        listed = snapshot.list_events(one, upcoming_scope(now), View(limit=_MOST_RELATED + 1))
        found |= {stored.event.id: stored.event for stored in listed}
    found.pop(event.id, None)
    return list(found.values())[:_MOST_RELATED]
