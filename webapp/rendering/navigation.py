"""The navigation: the pages that every page leads to."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from webapp.rendering.feed_links import FeedLinks
from webapp.web.addresses import CALENDAR_PATH, CHANGES_PATH, HORIZON_PATH, STATISTICS_PATH, SUBSCRIBE_PATH, zone_query


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """A page: its words, its path, and the name by which a template says that it is shown.

    On a phone, where one line has no room for all, one that `is_minor` stands at the foot of the page alone.
    """

    words: str
    path: str
    name: str
    is_minor: bool = False


def navigation_links(zone: ZoneInfo, feeds: FeedLinks | None) -> tuple[NavigationLink, ...]:
    """Give the links, which carry the zone along; `feeds` is what the present page invites to."""
    in_zone = zone_query(zone)
    subscribe = (feeds.subscribe_path if feeds else None) or SUBSCRIBE_PATH
    return (
        NavigationLink("Upcoming", f"/{in_zone}", "upcoming"),
        NavigationLink("Calendar", f"{CALENDAR_PATH}{in_zone}", "calendar"),
        NavigationLink("Horizon", f"{HORIZON_PATH}{in_zone}", "horizon"),
        NavigationLink("Changes", f"{CHANGES_PATH}{in_zone}", "changes"),
        NavigationLink("Dates", f"{STATISTICS_PATH}{in_zone}", "statistics", is_minor=True),
        NavigationLink("Subscribe", subscribe, "subscribe"),
    )
