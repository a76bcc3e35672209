"""What every surface needs of the site it is served from, kept by the Flask app under one name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from flask import current_app, request

from webapp.domain.pictures import PicturePolicy
from webapp.domain.push_endpoints import PUSH_SERVICES
from webapp.instance.editions import Edition, Editions


@dataclass(frozen=True, slots=True)
class Site:
    """`public_url` is the configured public address, without a slash at its end, or `None`.

    `hourly_budget` is how many calls an hour the syncing may make to Launch Library. `has_api` says whether the API
    is served, and so whether pages may link to its documentation. `card_types` are the types of event that have a
    drawing as a picture. `pictures` says which pictures may be shown, `pictures_mib` how much room they have, and
    `makes_pictures` whether what makes them small is installed here. `hub_url` is the WebSub hub that is told of
    changes, or nothing. `are_kinds_chosen` says whether the owner chose which kinds of entry there are. `source_url` is
    the address of Launch Library, or of the Perigee in its place. `push_services` are those whose browsers may
    subscribe (see `webapp.domain.push_endpoints`). `trouble` says what keeps the syncing of this very process from
    writing to the store, if anything does: the store cannot tell that.
    """

    editions: Editions
    public_url: str | None
    hourly_budget: int
    has_api: bool = True
    card_types: frozenset[int] = frozenset()
    pictures: PicturePolicy = PicturePolicy.LICENSED
    pictures_mib: int = 200
    makes_pictures: bool = True
    hub_url: str = ""
    are_kinds_chosen: bool = True
    source_url: str = ""
    push_services: tuple[str, ...] = PUSH_SERVICES
    trouble: Callable[[], str | None] = lambda: None

    def address(self) -> str:
        """Give the public address: the configured one, or else the host that was asked, which is a trusted one.

        Raises Werkzeug's `SecurityError` (400) for a host that is not.
        """
        # Werkzeug's `host_url` would spell A-labels as the letters that they stand for.
        return self.public_url or f"{request.scheme}://{request.host}"

    @property
    def sends_push(self) -> bool:
        """Whether browsers may be told of changes: they take notices from https addresses alone."""
        return (self.public_url or "").startswith("https:")

    def origin(self) -> str:
        """Give the origin of the public address, as browsers name it (RFC 6454, 6.2)."""
        parts = urlsplit(self.address())
        return f"{parts.scheme}://{parts.netloc}".lower()

    @property
    def base_path(self) -> str:
        """The path of the public address, percent-encoded and without a slash at its end; nothing for a host's root."""
        return urlsplit(self.public_url or "").path

    def host(self) -> str:
        """Give the host name of the public address, without its port."""
        return urlsplit(self.address()).hostname or ""


def site() -> Site:
    """Give the site of the present request."""
    return cast("Site", current_app.extensions["perigee"])


def current_edition() -> Edition:
    """Give the edition to answer from. Raises `FirstImportPendingError` while there is none."""
    return site().editions.current()
