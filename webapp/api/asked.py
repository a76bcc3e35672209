"""What a request asks of the API: its query, what of it means nothing here, and in which form to answer."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import request

from webapp.domain.parameters import Format, Surface
from webapp.domain.query import Query, tidied_name, unknown_names
from webapp.web.ignored_parameters import encode_names


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, understood. `ignored` names the parameters without effect, percent-encoded for a header."""

    query: Query
    ignored: tuple[str, ...]
    wants_page: bool

    @property
    def vary(self) -> tuple[str, ...]:
        """The headers that chose the form of the answer."""
        return () if self.query.view.format else ("Accept",)


def read_request(surface: Surface = Surface.EVENTS_API, *, only: Collection[str] | None = None) -> Asked:
    """Read the request; `only` names the parameters that mean anything here. Raises `InvalidQueryError`."""
    pairs = [(tidied_name(name), value) for name, value in request.args.items(multi=True)]
    idle = {name for name, _ in pairs if only is not None and name not in only}
    query = Query.parse(((name, value) for name, value in pairs if name not in idle), lenient=True, surface=surface)
    idle.update(unknown_names(pairs, surface))
    ignored = [name for name, _ in pairs if name in idle]
    return Asked(query, encode_names(ignored), wants_page(query.view.format))


def read_bad_request() -> Asked:
    """Read of a request that cannot be understood what its error page needs: the form of the answer."""
    return read_request(only={"format"})


def wants_page(asked: Format | None) -> bool:
    """Say whether to show a page: if told so, or if the client, like a browser, likes HTML better than JSON."""
    if asked is not None:
        return asked is Format.API
    accepted = request.accept_mimetypes
    return accepted.best_match(("application/json", "text/html"), "application/json") == "text/html"
