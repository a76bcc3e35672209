"""The menu of a page's time zone."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from webapp.domain.query import Query
from webapp.domain.zones import UTC_ZONE, in_zone, zone_label


@dataclass(frozen=True, slots=True)
class ZoneMenu:
    """In which zone a page tells days and times: its `name` in the tz database, and its `label` now, such as `CEST`.

    `utc_path` leads to the same in UTC, unless that is what is told. A form that asks for another leads to `path` and
    carries the pairs of `hidden` along.
    """

    name: str
    label: str
    utc_path: str | None
    path: str
    hidden: tuple[tuple[str, str], ...]

    @property
    def words(self) -> str:
        """Its name as people write it: `America/New York`."""
        return self.name.replace("_", " ")


def present_zone(query: Query, path_of: Callable[[Query], str], now: datetime) -> ZoneMenu:
    """Say in which zone a page tells days and times; `path_of` gives its address for a query."""
    zone = query.view.zone
    in_utc = replace(query, view=replace(query.view, zone=UTC_ZONE))
    path, _, _ = path_of(in_utc).partition("?")
    return ZoneMenu(
        name=str(zone),
        label=zone_label(in_zone(now, zone)),
        utc_path=None if query == in_utc else path_of(in_utc),
        path=path,
        hidden=tuple(in_utc.to_pairs()),
    )
