"""The addresses: a browser's subscriptions to queries, all of a browser at once, and this server's public key."""

import hashlib
import json
from typing import Any

from flask import Blueprint, Response
from werkzeug.exceptions import BadRequest, Conflict
from werkzeug.exceptions import NotImplemented as NotSupported

from webapp.domain.notices import Choices
from webapp.instance.editions import Edition
from webapp.instance.site import site
from webapp.store import Channel, Subscription
from webapp.subscriptions.push.checks import refuse_body, refuse_other_origins
from webapp.subscriptions.push.heads import (
    Browser,
    read_browser,
    read_choices,
    read_endpoint,
    read_query,
    write_choices,
    write_keys,
)
from webapp.subscriptions.push.limits import PushLimits
from webapp.web.addresses import PUSH_PATH

_MOST_OF_A_BROWSER = 100
_MOST_IN_ALL = 50_000


def make_blueprint(limits: PushLimits) -> Blueprint:
    """Make the addresses, with what every request to them must pass first."""
    blueprint = Blueprint("push", __name__, url_prefix=PUSH_PATH.rstrip("/"))
    for check in (refuse_body, limits.charge, refuse_other_origins):
        blueprint.before_request(check)
    blueprint.get("/key")(key)
    blueprint.get("/subscriptions")(subscriptions)
    blueprint.put("/subscriptions")(subscribe)
    blueprint.delete("/subscriptions")(unsubscribe)
    blueprint.put("/endpoint")(move)
    blueprint.delete("/endpoint")(forget)
    return blueprint


def key() -> Response:
    """Give the public key by which push services know this server."""
    return _json({"key": _server_key()})


def subscriptions() -> Response:
    """List what the browser is subscribed to."""
    endpoint = read_endpoint()
    with _edition().store.read() as snapshot:
        found = snapshot.browsers.list_at(endpoint)
    return _json({"subscriptions": [{"query": one.query, **write_choices(one.choices)} for one in found]})


def subscribe() -> Response:
    """Subscribe the browser to a query, or change what it chose."""
    _server_key()
    wanted, endpoint = _wanted(), read_endpoint()
    edition = _edition()
    with edition.store.write() as writer:
        known = {one.name for one in writer.browsers.list_at(endpoint)}
        if wanted.name not in known:
            _refuse_too_many(len(known), writer.browsers.count())
        writer.notices.put_subscription(wanted, now=edition.clock())
    return _done()


def unsubscribe() -> Response:
    """End the browser's subscription to a query, if it has one."""
    name = _name(read_endpoint(), read_query())
    with _edition().store.write() as writer:
        writer.notices.remove_subscribers(Channel.PUSH, [name])
    return _done()


def move() -> Response:
    """Take all subscriptions of the browser to its new endpoint."""
    old, new = read_endpoint("Perigee-Old-Endpoint"), read_browser()
    with _edition().store.write() as writer:
        for one in writer.browsers.list_at(old):
            writer.browsers.move(one, _at(new, one.query, one.choices))
    return _done()


def forget() -> Response:
    """End all subscriptions of the browser."""
    endpoint = read_endpoint()
    with _edition().store.write() as writer:
        names = [one.name for one in writer.browsers.list_at(endpoint)]
        writer.notices.remove_subscribers(Channel.PUSH, names)
    return _done()


def _wanted() -> Subscription:
    browser, choices, query = read_browser(), read_choices(), read_query()
    if not choices.kinds and choices.lead is None:
        raise BadRequest("Choose at least one thing to be told of.")
    return _at(browser, query, choices)


def _at(browser: Browser, query: str, choices: Choices) -> Subscription:
    name, keys = _name(browser.endpoint, query), write_keys(browser.keys)
    return Subscription(Channel.PUSH, name, query, choices, browser.endpoint, keys, browser.expires_at)


def _name(endpoint: str, query: str) -> str:
    """Give the name of a browser's subscription to a query: one browser may have several."""
    return hashlib.sha256(f"{endpoint}\n{query}".encode()).hexdigest()


def _edition() -> Edition:
    """Give the real edition, if this server can send notices. Raises Werkzeug's `NotImplemented` (501)."""
    if not site().sends_push:
        raise NotSupported("This server can’t send notices: it has no public https address.")
    return site().editions.real


def _server_key() -> str:
    with _edition().store.read() as snapshot:
        keys = snapshot.browsers.server_keys()
    if keys is None:
        raise NotSupported("This server can’t send notices yet: its operator must install perigee[push].")
    return keys.public


def _refuse_too_many(of_browser: int, in_all: int) -> None:
    if of_browser >= _MOST_OF_A_BROWSER:
        raise Conflict(f"This browser is told of {_MOST_OF_A_BROWSER} lists already, which is the most.")
    if in_all >= _MOST_IN_ALL:
        raise Conflict("This server sends notices to as many browsers as it can.")


def _json(value: dict[str, Any]) -> Response:
    return Response(json.dumps(value), content_type="application/json", headers={"Cache-Control": "no-store"})


def _done() -> Response:
    return Response(status=204, headers={"Cache-Control": "no-store"})
