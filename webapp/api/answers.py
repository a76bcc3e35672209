"""The API's answers, as JSON for programs or as a page that shows the JSON to people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from flask import Response, render_template, request
from werkzeug.http import http_date

from webapp.api.asked import Asked
from webapp.api.browsable import present_api_page
from webapp.api.envelope import Paging
from webapp.api.text import serialize
from webapp.domain.chain import CHAIN_HEADER, CHAIN_VERSION, SAMPLE_HEADER
from webapp.domain.words import day_words
from webapp.instance.editions import Edition
from webapp.instance.site import site
from webapp.rendering.pages import bare_context
from webapp.response_cache.freshness import Freshness
from webapp.response_cache.responses import JSON, cacheable_response
from webapp.web.ignored_parameters import HEADER

ATTRIBUTION = "Launch Library 2 by The Space Devs, https://thespacedevs.com/llapi"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API says, whatever its form: a JSON value under a title.

    `edition` is `None` where nothing stored is in it. `freshness` is that of the JSON. `has_modes` says of a list
    whether it can be had in Launch Library's modes.
    """

    data: object
    title: str
    meaning: str
    edition: Edition | None = None
    modified: datetime | None = None
    status: int = 200
    paging: Paging | None = None
    freshness: Freshness = Freshness.API
    has_modes: bool = True


def respond(answer: Answer, asked: Asked) -> Response:
    """Answer a request that went well."""
    headers = _own_headers(answer, asked)
    if asked.wants_page:
        # A page says besides when the source was last reached, so the age of the data is not its own.
        body, mimetype, modified = _page(answer, asked, headers).encode(), "text/html", None
        freshness = _freshness_of_page(answer)
    else:
        body, mimetype, modified = serialize(answer.data).encode(), JSON, answer.modified
        freshness = answer.freshness
    response = cacheable_response(
        body, mimetype, edition=answer.edition, freshness=freshness, modified=modified, vary=asked.vary
    )
    response.headers.update(headers)
    return response


def respond_badly(answer: Answer, asked: Asked) -> Response:
    """Answer with an error; whoever handles errors sets its status and headers."""
    if asked.wants_page:
        response = Response(_page(answer, asked, {}), content_type="text/html; charset=utf-8")
    else:
        response = Response(serialize(answer.data), content_type=JSON)
    response.vary.update(asked.vary)
    return response


def _own_headers(answer: Answer, asked: Asked) -> dict[str, str]:
    headers = {CHAIN_HEADER: CHAIN_VERSION}
    if answer.edition:
        headers["Perigee-Attribution"] = ATTRIBUTION
        if answer.edition.stand_in:
            headers[SAMPLE_HEADER] = f"shown as of {day_words(answer.edition.clock().date())}"
    if asked.ignored:
        headers[HEADER] = ", ".join(asked.ignored)
    return headers


def _freshness_of_page(answer: Answer) -> Freshness:
    # A page has the sample's banner even where no event is in its answer, which then is not marked as the sample's.
    is_cacheable = answer.freshness is not Freshness.NEVER and answer.edition is not None
    return Freshness.PAGE if is_cacheable else Freshness.NEVER


def _page(answer: Answer, asked: Asked, headers: Mapping[str, str]) -> str:
    shown = {"Content-Type": JSON, **_caching(answer), **headers}
    page = present_api_page(
        answer.data,
        title=answer.title,
        meaning=answer.meaning,
        status=HTTPStatus(answer.status),
        headers=shown,
        query=asked.query,
        paging=answer.paging,
        has_modes=answer.has_modes,
    )
    canonical = site().address() + request.path if answer.status == HTTPStatus.OK else None
    return render_template("api.html", context=bare_context(canonical_url=canonical), page=page)


def _caching(answer: Answer) -> dict[str, str]:
    if answer.status != HTTPStatus.OK:
        return {"Cache-Control": "no-store"}
    modified = {"Last-Modified": http_date(answer.modified)} if answer.modified else {}
    return {"Cache-Control": answer.freshness.cache_control, **modified}
