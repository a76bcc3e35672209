"""What is behind each address of the API: parse, ask the store, answer."""

from collections.abc import Callable
from dataclasses import replace

from flask import Response

from webapp import RELEASED_AT
from webapp.admission.rate_limits import Allowance
from webapp.api.answers import Answer, respond
from webapp.api.asked import read_request
from webapp.api.collection import COLLECTIONS, Collection
from webapp.api.config_lists import CONFIG_LISTS
from webapp.api.envelope import PAGE_SIZE, Paging, envelop, show_record
from webapp.domain.chain import NO_LIMIT
from webapp.domain.entry import EntryKind
from webapp.domain.modes import Mode
from webapp.domain.parameters import Ordering
from webapp.domain.query import Filter
from webapp.instance.site import current_edition, site
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import last_modified
from webapp.web.addresses import API_PATH
from webapp.web.errors import event_key, launch_key, no_such_entry

_NO_LIMIT_SECONDS = 60
_ON_ONE_ENTRY = {"format", "hide_recent_previous"}


def list_collection(collection: Collection) -> Response:
    """Give a page of a list."""
    asked, edition, address = read_request(collection.surface), current_edition(), site().address()
    now = edition.clock()
    query, view = asked.query, asked.query.view
    wanted, scope = collection.narrowed(query.filter), collection.scope(view, now)
    # Relevance to nothing is no order.
    is_ordered = view.ordering is not None and (query.filter.words or view.ordering is not Ordering.RELEVANCE)
    ordering = view.ordering if is_ordered else collection.ordering
    with edition.store.read() as snapshot:
        page = replace(view, ordering=ordering, limit=view.limit or PAGE_SIZE)
        records = [record for _, record in snapshot.list_records(wanted, scope, page)]
        paging = Paging(address + collection.path, query, snapshot.count_entries(wanted, scope))
        modified = last_modified(snapshot.state, now)
        passed = collection.changed_at(snapshot, scope, now)
    answer = Answer(
        envelop(records, collection.kind, paging, address),
        collection.title,
        collection.meaning,
        edition,
        max(modified, passed or modified),
        paging=paging,
    )
    return respond(answer, asked)


def show_entry(collection: Collection, source_id: str) -> Response:
    """Give one entry, detailed, if the list holds it."""
    asked, edition = read_request(collection.surface, only=_ON_ONE_ENTRY), current_edition()
    now, kind = edition.clock(), collection.kind
    key = launch_key(source_id) if kind is EntryKind.LAUNCH else event_key(source_id)
    wanted = Filter(ids=(key,))
    with edition.store.read() as snapshot:
        records = snapshot.list_records(wanted, collection.scope(asked.query.view, now))
        modified = last_modified(snapshot.state, now)
    if not records:
        raise no_such_entry(key)
    data = show_record(records[0][1], kind, Mode.DETAILED, site().address())
    meaning = f"One {kind.value}, in full detail."
    return respond(Answer(data, kind.value.title(), meaning, edition, modified), asked)


def show_throttle(current_allowance: Callable[[], Allowance | None]) -> Response:
    """Say how much one may ask, and how much of it one has had; what is cached is not counted."""
    allowance = current_allowance()
    data = {
        "your_request_limit": allowance.limit if allowance else NO_LIMIT,
        "limit_frequency_secs": allowance.seconds if allowance else _NO_LIMIT_SECONDS,
        "current_use": allowance.used if allowance else 0,
        "next_use_secs": 0,
        "ident": "anonymous",
    }
    meaning = (
        "How many typical requests your IP address can make in this many seconds. Expensive ones count as several, "
        f"cached responses as none. {NO_LIMIT} means no limit."
    )
    return respond(Answer(data, "Throttle", meaning, freshness=Freshness.NEVER), read_request(only={"format"}))


def show_index() -> Response:
    """Say what there is."""
    address = site().address()
    paths = [listed.path for listed in (*COLLECTIONS, *CONFIG_LISTS)]
    lists = {path.removeprefix(API_PATH).strip("/"): address + path for path in paths}
    data = {"api-throttle": f"{address}{API_PATH}api-throttle/", **lists}
    meaning = "Space events and launches from this server’s own database, compatible with Launch Library 2.3.0."
    return respond(Answer(data, "Index", meaning, modified=RELEASED_AT), read_request(only={"format"}))
