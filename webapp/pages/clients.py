"""The calendar programs that people subscribe from: how each is given an address, and what it makes of a feed."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import quote, urlencode, urlsplit


@dataclass(frozen=True, slots=True)
class Client:
    """A program. `url` takes one there with the feed filled in, and is `None` where it could not reach the feed.

    `note` says how often it looks and what it ignores.
    """

    name: str
    note: str
    url: str | None


def list_clients(ical_url: str, webcal_url: str, *, title: str) -> list[Client]:
    """List them for a feed, whose addresses are absolute."""
    return list(_clients(ical_url, webcal_url, title))


def unreachable_reason(url: str) -> str | None:
    """Say why programs that fetch from their own servers cannot reach an address; `None` where they can."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal", ".lan", ".home.arpa")):
        return f"{host} is known on this network alone"
    try:
        if not ip_address(host).is_global:
            return f"{host} is an address of this network alone"
    except ValueError:
        if "." not in host:
            return f"{host} is known on this network alone"
    return None if parts.scheme == "https" else "they fetch from https addresses alone"


def _clients(ical_url: str, webcal_url: str, title: str) -> Iterator[Client]:
    is_reachable = unreachable_reason(ical_url) is None
    add = urlencode({"url": ical_url, "name": title})
    yield Client(
        "Apple Calendar, Thunderbird and others",
        "Looks as often as you set it to, hourly if you leave it to us.",
        webcal_url,
    )
    yield Client(
        "Google Calendar",
        "Looks every 12 to 24 hours, whatever we ask for, and ignores alarms and colours.",
        f"https://calendar.google.com/calendar/r?cid={quote(webcal_url, safe='')}" if is_reachable else None,
    )
    for name, host in (("Outlook.com", "outlook.live.com"), ("Outlook for work", "outlook.office.com")):
        yield Client(
            name,
            "Looks every few hours to once a day, and ignores alarms.",
            f"https://{host}/calendar/0/addfromweb?{add}" if is_reachable else None,
        )
