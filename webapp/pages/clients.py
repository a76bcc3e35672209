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
        return f"{host} works only on your local network"
    try:
        if not ip_address(host).is_global:
            return f"{host} works only on your local network"
    except ValueError:
        if "." not in host:
            return f"{host} works only on your local network"
    return None if parts.scheme == "https" else "they need an https address"


def _clients(ical_url: str, webcal_url: str, title: str) -> Iterator[Client]:
    is_reachable = unreachable_reason(ical_url) is None
    add = urlencode({"url": ical_url, "name": title})
    yield Client(
        "Apple Calendar, Thunderbird and others",
        "Checks hourly by default; you can change this.",
        webcal_url,
    )
    yield Client(
        "Google Calendar",
        "Checks every 12 to 24 hours. Ignores reminders and colours.",
        f"https://calendar.google.com/calendar/r?cid={quote(webcal_url, safe='')}" if is_reachable else None,
    )
    for name, host in (("Outlook.com", "outlook.live.com"), ("Outlook for work", "outlook.office.com")):
        yield Client(
            name,
            "Checks every few hours to once a day. Ignores reminders.",
            f"https://{host}/calendar/0/addfromweb?{add}" if is_reachable else None,
        )
