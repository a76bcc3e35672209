"""The addresses that calendar apps and feed readers subscribe to."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial, update_wrapper

from flask import Blueprint, Response, request

from webapp import RELEASED_AT
from webapp.domain.changes import StoredChange
from webapp.domain.clock import utc_midnight
from webapp.domain.entry import EntryKey
from webapp.domain.parameters import PARAMETERS, Part, Vague
from webapp.domain.query import Filter, Query, tidied_name
from webapp.domain.scopes import calendar_scope, feed_scope, upcoming_scope
from webapp.feeds.about import FeedInfo, PublishedEntry
from webapp.feeds.formats import EVENT_FORMATS, ICALENDAR, RSS, FeedFormat
from webapp.feeds.opml import Outline, render_opml
from webapp.feeds.options import CalendarOptions, calendar_options
from webapp.instance.editions import Edition, StandIn
from webapp.instance.presets import list_presets
from webapp.instance.site import current_edition, site
from webapp.response_cache.caches import current_caches
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import cacheable_response, last_modified
from webapp.store import EntryVersion, Snapshot, StoreState
from webapp.subscriptions.descriptions import describe_changes, describe_entries
from webapp.subscriptions.publishing import publish
from webapp.web.addresses import (
    CHANGES_FEED,
    EVENTS_FEED,
    HUB_PATHS,
    OPML_PATH,
    changes_path,
    entry_ical_path,
    entry_path,
    timeline_path,
)
from webapp.web.errors import event_key, launch_key, no_such_entry
from webapp.web.ignored_parameters import add_ignored_header, ignored_parameters

blueprint = Blueprint("subscriptions", __name__)

_MOST_CHANGES = 100
_VIEW = {name for one in PARAMETERS if one.part is Part.VIEW for name in (one.name, *one.aliases)}
_SOURCE = " Data from Launch Library 2 by The Space Devs."


@blueprint.get("/events/<event_id>.ics")
def event_ical(event_id: str) -> Response:
    """Give one event as a calendar."""
    return _entry_ical(event_key(event_id))


@blueprint.get("/launches/<launch_id>.ics")
def launch_ical(launch_id: str) -> Response:
    """Give one launch as a calendar."""
    return _entry_ical(launch_key(launch_id))


def _entry_ical(key: EntryKey) -> Response:
    """Give one entry as a calendar; one whose day is not known fills its range, since it was asked for by itself.

    Of the options, `alarm` is heeded.
    """
    edition, alarm = current_edition(), _asked().options.alarm
    with edition.store.read() as snapshot:
        stored, state = snapshot.get_entry(key), snapshot.state
        published = [] if stored is None else publish(snapshot, [stored])
    if stored is None:
        raise no_such_entry(key)
    info = _info(Query(), edition, state, entry_ical_path(stored.entry))
    info = replace(info, title=stored.entry.name, page_url=site().address() + entry_path(stored.entry))
    options = CalendarOptions(Vague.SPAN, alarm=alarm)
    written = [ICALENDAR.write_entry(one, options) for one in published]
    return _answer(ICALENDAR.join(written, info, options), ICALENDAR.media_type, edition, state)


@blueprint.get(OPML_PATH)
def feeds_opml() -> Response:
    """List feeds that are ready to be followed, for readers that take a list of them."""
    edition, address = current_edition(), site().address()
    with edition.store.read() as snapshot:
        # As of the day, as all feeds: nothing of them changes within it unless an event does.
        today = utc_midnight(edition.clock().date())
        facets = snapshot.list_facets(Filter(), upcoming_scope(today))
        state = snapshot.state
    outlines = [Outline("Changes", f"{address}{CHANGES_FEED}.{RSS.suffix}", address + changes_path(Query()))]
    for preset in list_presets(facets):
        query = Query(preset.filter)
        feed_url = f"{address}{EVENTS_FEED}.{RSS.suffix}{query.to_query_string()}"
        outlines.append(Outline(preset.title, feed_url, address + timeline_path(query)))
    return _answer(render_opml(_title("Space events", edition), outlines), "text/x-opml", edition, state)


def _events(form: FeedFormat) -> Response:
    """Give the events of a query, upcoming and of late; a calendar has them by their ids, a feed by date."""
    query, edition = _asked(), current_edition()
    options = calendar_options(query.options) if form.is_calendar else CalendarOptions()
    scope = calendar_scope if form.is_calendar else feed_scope
    with edition.store.read() as snapshot:
        versions = snapshot.list_versions(query.filter, scope(query.options, edition.clock()))
        if form.is_calendar:
            versions.sort(key=lambda version: version.entry_id)
        written = _collect(edition, snapshot, versions, form, options.of_one_entry())
        state = snapshot.state
    info = _info(query, edition, state, f"{EVENTS_FEED}.{form.suffix}")
    return _with_links(_answer(form.join(written, info, options), form.media_type, edition, state), info)


def _changes(form: FeedFormat, write: Callable[[StoredChange, PublishedEntry], bytes]) -> Response:
    """Give the latest changes of the events of a query."""
    query, edition = _asked(), current_edition()
    with edition.store.read() as snapshot:
        found = snapshot.list_changes(query.filter, query.options.change_kinds, limit=_MOST_CHANGES)
        entries = snapshot.get_entries(sorted({one.entry_id for one in found}))
        published = {one.stored.id: one for one in publish(snapshot, entries)}
        state = snapshot.state
    info = replace(
        _info(query, edition, state, f"{CHANGES_FEED}.{form.suffix}"),
        title=_title("Space event changes", edition),
        description=_described(describe_changes(query.filter, state), edition.stand_in, ignored=ignored_parameters()),
        page_url=site().address() + changes_path(query),
    )
    written = [write(one, published[one.entry_id]) for one in found]
    return _with_links(_answer(form.join(written, info, CalendarOptions()), form.media_type, edition, state), info)


def _add(feed: str, form: FeedFormat, view: Callable[..., Response], *given: object) -> None:
    # What counts requests knows a view by its name, which a partial has not by itself.
    named = update_wrapper(partial(view, form, *given), view)
    blueprint.add_url_rule(f"{feed}.{form.suffix}", f"{view.__name__.strip('_')}_{form.suffix}", named)


for _form in EVENT_FORMATS:
    _add(EVENTS_FEED, _form, _events)
    if _form.write_change is not None:
        _add(CHANGES_FEED, _form, _changes, _form.write_change)


def _asked() -> Query:
    pairs = request.args.items(multi=True)
    return Query.parse((name, value) for name, value in pairs if tidied_name(name) not in _VIEW)


def _collect(
    edition: Edition, snapshot: Snapshot, versions: Sequence[EntryVersion], form: FeedFormat, options: CalendarOptions
) -> list[bytes]:
    # As of the day, as all feeds. Other entries than its own decide what is said of an entry's date.
    likely_at = utc_midnight(edition.clock().date()) if options.is_likely else None
    said = (likely_at, snapshot.state.generation) if likely_at else None

    def write(entry_ids: list[int]) -> dict[int, bytes]:
        published = publish(snapshot, snapshot.get_entries(entry_ids), likely_at=likely_at)
        return {one.stored.id: form.write_entry(one, options) for one in published}

    # Two stores may know the same event in the same generation, and the site may be reached by several addresses.
    variant = (edition.store, site().address(), form.suffix, options, said)
    return current_caches().fragments.collect(variant, versions, write)


def _info(query: Query, edition: Edition, state: StoreState, path: str) -> FeedInfo:
    address, asked = site().address(), query.to_query_string()
    return FeedInfo(
        title=_title("Space events", edition),
        description=_described(describe_entries(query.filter, state), edition.stand_in, ignored=ignored_parameters()),
        self_url=address + path + asked,
        page_url=address + timeline_path(query),
        updated=state.believed(edition.clock()).data_committed_at or RELEASED_AT,
        name=path.removeprefix("/").rpartition(".")[0] + asked,
        hub_url=site().hub_url if path in HUB_PATHS and not asked else "",
    )


def _answer(body: bytes, mimetype: str, edition: Edition, state: StoreState) -> Response:
    modified = last_modified(state, edition.clock())
    response = cacheable_response(body, mimetype, edition=edition, freshness=Freshness.FEED, modified=modified)
    response.headers["Content-Disposition"] = "inline"
    return add_ignored_header(response, ignored_parameters())


def _with_links(response: Response, info: FeedInfo) -> Response:
    """Name the hub in the headers too, and the feed by the address that the hub knows (WebSub, 4)."""
    if info.hub_url:
        response.headers["Link"] = f'<{info.hub_url}>; rel="hub", <{info.self_url}>; rel="self"'
    return response


def _title(name: str, edition: Edition) -> str:
    return f"{name} ({edition.stand_in.title})" if edition.stand_in else name


def _described(what: str, stand_in: StandIn | None, *, ignored: tuple[str, ...]) -> str:
    warning = f"{stand_in.warning} " if stand_in else ""
    remark = f" Ignored part of this feed’s link: {', '.join(ignored)}." if ignored else ""
    source = "" if stand_in and stand_in.is_invented else _SOURCE
    return warning + what + source + remark
