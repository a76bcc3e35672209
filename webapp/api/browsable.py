"""The page that shows an answer to a person: the exchange, the JSON, where else one can go, and what one can ask."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import request
from markupsafe import Markup

from webapp.api.envelope import Paging
from webapp.api.guide import Guide, present_guide
from webapp.api.text import highlight
from webapp.domain.modes import Mode
from webapp.domain.parameters import Format
from webapp.domain.query import Query, View
from webapp.rendering.choices import Choice
from webapp.web.addresses import API_PATH


@dataclass(frozen=True, slots=True)
class ApiPage:
    """What the page shows. `first` and `last` count from one; they are 0 where the list shows nothing here."""

    title: str
    meaning: str
    trail: tuple[tuple[str, str], ...]
    request_line: str
    status: str
    headers: tuple[tuple[str, str], ...]
    json: Markup
    formats: tuple[Choice, ...]
    modes: tuple[Choice, ...]
    paging: Paging | None
    first: int
    last: int
    guide: Guide


def present_api_page(
    data: object, *, title: str, meaning: str, status: HTTPStatus, headers: Mapping[str, str],
    query: Query, paging: Paging | None, has_modes: bool = True,
) -> ApiPage:  # fmt: skip
    """Present an answer. Other forms are offered of what went well, pages of lists, modes of those that have any."""
    shown = 0 if paging is None else max(0, min(paging.limit, paging.total - query.view.offset))
    return ApiPage(
        title=title,
        meaning=meaning,
        trail=_trail(request.path),
        request_line=f"{request.method} {request.script_root}{request.path}{_query_as_sent()}",
        status=f"{status.value} {status.phrase}",
        headers=tuple(headers.items()),
        json=highlight(data),
        formats=_formats(query) if status is HTTPStatus.OK else (),
        modes=_modes(query) if paging and has_modes else (),
        paging=paging,
        first=query.view.offset + 1 if shown else 0,
        last=query.view.offset + shown if shown else 0,
        guide=present_guide(),
    )


def _query_as_sent() -> str:
    sent = request.query_string.decode("latin-1")
    return f"?{sent}" if sent else ""


def _formats(query: Query) -> tuple[Choice, ...]:
    labels = {Format.API: "page", Format.JSON: "JSON"}
    return tuple(
        Choice(label, _path(query, replace(query.view, format=chosen)), chosen is Format.API)
        for chosen, label in labels.items()
    )


def _modes(query: Query) -> tuple[Choice, ...]:
    return tuple(
        Choice(mode.value, _path(query, replace(query.view, mode=mode)), mode is query.view.mode) for mode in Mode
    )


def _path(query: Query, view: View) -> str:
    return request.path + replace(query, view=view).to_query_string()


def _trail(path: str) -> tuple[tuple[str, str], ...]:
    """Give the addresses above this one, from the index down."""
    steps = [step for step in path.removeprefix(API_PATH).split("/") if step]
    above = [(steps[depth], API_PATH + "/".join(steps[: depth + 1]) + "/") for depth in range(len(steps) - 1)]
    return (("Index", API_PATH), *above) if steps else ()
