"""Browsers in the store: those subscribed at an endpoint, and the keys by which push services know this server."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from webapp.store.notice_rows import Channel, Subscription, subscriber_of
from webapp.store.schema import push_keys, subscribers

_OF_BROWSERS = subscribers.c.channel == Channel.PUSH.value


@dataclass(frozen=True, slots=True)
class ServerKeys:
    """The keys by which push services know this server (RFC 8292), in base64url."""

    private: str = field(repr=False)
    public: str


class BrowserMemory:
    """Browsers, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def server_keys(self) -> ServerKeys | None:
        """Give this server's keys; `None` before any were made."""
        row = self._connection.execute(select(push_keys.c.private, push_keys.c.public)).one_or_none()
        return None if row is None else ServerKeys(row.private, row.public)

    def list_at(self, endpoint: str) -> list[Subscription]:
        """List the subscriptions of the browser that has an endpoint, in the order in which they came."""
        statement = select(subscribers).where(_OF_BROWSERS, subscribers.c.address == endpoint)
        rows = self._connection.execute(statement.order_by(subscribers.c.id)).mappings()
        return [subscriber_of(row).subscription for row in rows]

    def count(self) -> int:
        """Count the subscriptions of all browsers."""
        return self._connection.execute(select(func.count()).select_from(subscribers).where(_OF_BROWSERS)).scalar_one()


class BrowserWriter(BrowserMemory):
    """The same, in a write transaction."""

    def put_server_keys(self, keys: ServerKeys, *, now: datetime) -> int:
        """Keep keys in place of those there are, and forget all browsers: each believes the keys it was given alone.

        Give how many subscriptions that were.
        """
        self._connection.execute(delete(push_keys))
        self._connection.execute(insert(push_keys).values(id=1, private=keys.private, public=keys.public, made_at=now))
        return self._connection.execute(delete(subscribers).where(_OF_BROWSERS)).rowcount

    def move(self, subscription: Subscription, to: Subscription) -> None:
        """Let a browser be reached elsewhere: it is told of what it would have been told of, by another address."""
        is_other = subscribers.c.name == to.name, subscribers.c.name != subscription.name
        self._connection.execute(delete(subscribers).where(_OF_BROWSERS, *is_other))
        same = update(subscribers).where(_OF_BROWSERS, subscribers.c.name == subscription.name)
        self._connection.execute(same.values(name=to.name, address=to.address, keys=to.keys, expires_at=to.expires_at))
