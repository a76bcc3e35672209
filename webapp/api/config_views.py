"""What is behind the addresses of lists of terms."""

from typing import Any

from flask import Response

from webapp.api.answers import Answer, respond
from webapp.api.asked import read_request
from webapp.api.config_lists import UNDERSTOOD, ConfigList
from webapp.api.envelope import Paging
from webapp.domain.parameters import Ordering, Surface
from webapp.domain.query import Query
from webapp.domain.text import folded, search_terms
from webapp.instance.site import current_edition, site
from webapp.response_cache.responses import last_modified

_DESCENDING = {Ordering.ID_DESCENDING, Ordering.NAME_DESCENDING}
_BY_NAME = {Ordering.NAME, Ordering.NAME_DESCENDING}


def list_config(listed: ConfigList) -> Response:
    """Give a page of a list of terms."""
    asked, edition = read_request(Surface.LAUNCHES_API, only=UNDERSTOOD), current_edition()
    with edition.store.read() as snapshot:
        terms = snapshot.list_terms(listed.vocabulary)
        modified = last_modified(snapshot.state, edition.clock())
    found = _ordered([term for term in terms if _is_found(term, asked.query.filter.search)], asked.query)
    paging = Paging(site().address() + listed.path, asked.query, len(found))
    offset = asked.query.view.offset
    page = found[offset : offset + paging.limit]
    data = {"count": len(found), "next": paging.next_url, "previous": paging.previous_url, "results": page}
    return respond(Answer(data, listed.title, listed.meaning, edition, modified, paging=paging, has_modes=False), asked)


def _name(term: dict[str, Any]) -> str:
    return str(term.get("name") or term["abbrev"])


def _is_found(term: dict[str, Any], search: str) -> bool:
    return all(word in folded(_name(term)) for word in search_terms(search))


def _ordered(terms: list[dict[str, Any]], query: Query) -> list[dict[str, Any]]:
    ordering = query.view.ordering
    ordered = sorted(
        terms, key=_name if ordering in _BY_NAME else lambda term: term["id"], reverse=ordering in _DESCENDING
    )
    return [_shown(term) for term in ordered]


def _shown(term: dict[str, Any]) -> dict[str, Any]:
    if "body_id" not in term:
        return term
    shown = {key: term[key] for key in ("id", "name", "abbrev")}
    body = {"response_mode": "list", "id": term["body_id"], "name": term["body_name"]}
    return shown | {"celestial_body": None if term["body_id"] is None else body}
