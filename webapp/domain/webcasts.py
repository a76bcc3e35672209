"""Webcasts: which comes first, what to call it, and how to play it here."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from webapp.domain.text import host_of


class WebcastKind(IntEnum):
    """LL2's type of a video address. Compare ids, never words: "Unofficial" contains "official"."""

    OFFICIAL = 1
    UNOFFICIAL = 3
    RESTREAM = 4
    RECAP = 6
    OTHER = 0


@dataclass(frozen=True, slots=True)
class Webcast:
    """One place to watch: one of LL2's `vid_urls`. `url` is `http(s)`; lower `priority` is better; times are UTC."""

    url: str
    title: str
    publisher: str
    kind_id: int
    kind_name: str
    language: str
    language_code: str
    priority: int
    live: bool
    start: datetime | None
    end: datetime | None

    @property
    def kind(self) -> WebcastKind:
        """Its kind, `OTHER` for one that we do not know."""
        return WebcastKind(self.kind_id) if self.kind_id in set(WebcastKind) else WebcastKind.OTHER


_KIND_ORDER = {
    WebcastKind.OFFICIAL: 0,
    WebcastKind.OTHER: 1,
    WebcastKind.UNOFFICIAL: 2,
    WebcastKind.RESTREAM: 3,
    WebcastKind.RECAP: 4,
}
_RUBBISH_TITLES = frozenset(
    {
        "",
        "-",
        "- youtube",
        "404 not found",
        "access denied",
        "attention required! | cloudflare",
        "before you continue to youtube",
        "error",
        "javascript is disabled",
        "javascript is not available",
        "javascript is not available.",
        "just a moment...",
        "live",
        "none",
        "null",
        "page not found",
        "twitch",
        "twitter",
        "untitled",
        "vimeo",
        "x",
        "youtube",
    }
)


def ranked(webcasts: tuple[Webcast, ...]) -> tuple[Webcast, ...]:
    """Put the one to watch first: live before not, then by kind, then by priority, else as given.

    By priority alone a re-stream would come before what is official.
    """
    return tuple(sorted(webcasts, key=lambda webcast: (not webcast.live, _KIND_ORDER[webcast.kind], webcast.priority)))


def display_title(webcast: Webcast) -> str:
    """Name it for a reader: its own title unless that is what a scraper brought home, then publisher, then host."""
    title, host = webcast.title.casefold(), host_of(webcast.url)
    if title not in _RUBBISH_TITLES and title.removeprefix("www.") != host.casefold():
        return webcast.title
    return webcast.publisher or host


def embed_url(url: str, *, parent_host: str) -> str | None:
    """Give the address of a player for the video, or `None` where it can only be a link.

    Twitch plays only on pages whose host is named by `parent`. YouTube is asked through its host without cookies.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").casefold() if parts.scheme in {"http", "https"} else ""
    path = [piece for piece in parts.path.split("/") if piece]
    for hosts, embed in _EMBEDDERS:
        if host in hosts:
            return embed(host, path, parse_qs(parts.query), parent_host)
    return None


def player_name(url: str) -> str:
    """Name who serves a player, as people know it, by the player's address."""
    host = urlsplit(url).hostname or ""
    return _PLAYER_NAMES.get(host, host_of(url))


_PLAYER_NAMES = {
    "www.youtube-nocookie.com": "YouTube",
    "player.twitch.tv": "Twitch",
    "player.vimeo.com": "Vimeo",
    "vimeo.com": "Vimeo",
}

_Query = dict[str, list[str]]
_NO_YOUTUBE_IDS = {"live_stream", "videoseries"}  # A channel's and a list's place; their length is an id's.
_NO_TWITCH_CHANNELS = {"directory", "videos"}


def _embed_youtube(host: str, path: list[str], query: _Query, _parent: str) -> str | None:
    video = _youtube_id(host, path, query)
    if video is None:
        return None
    start = _seconds((query.get("t") or query.get("start") or [""])[0])
    wanted = {"autoplay": "1", "rel": "0"} | ({"start": str(start)} if start else {})
    return f"https://www.youtube-nocookie.com/embed/{video}?{urlencode(wanted)}"


def _youtube_id(host: str, path: list[str], query: _Query) -> str | None:
    if host.endswith("youtu.be"):
        video_id = path[0] if path else ""
    elif path == ["watch"]:
        video_id = query.get("v", [""])[0]
    elif len(path) > 1 and path[0] in {"live", "embed", "shorts", "v"}:
        video_id = path[1]
    else:
        video_id = ""
    return video_id if re.fullmatch(r"[A-Za-z0-9_-]{11}", video_id) and video_id not in _NO_YOUTUBE_IDS else None


def _seconds(text: str) -> int:
    """Read YouTube's `t`: `90`, `90s` or `1h2m3s`; 0 for anything else."""
    match = re.fullmatch(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6})s?)?", text, re.ASCII)
    hours, minutes, seconds = (int(group or 0) for group in match.groups()) if match else (0, 0, 0)
    return hours * 3600 + minutes * 60 + seconds


def _embed_vimeo(_host: str, path: list[str], query: _Query, _parent: str) -> str | None:
    at = next((index for index, piece in enumerate(path) if re.fullmatch(r"\d{1,12}", piece, re.ASCII)), None)
    if at is None or (at > 0 and path[0] not in {"video", "channels", "groups", "event"}):
        return None
    if path[0] == "event":
        return f"https://vimeo.com/event/{path[at]}/embed?autoplay=1"
    # An unlisted video is known by a second, secret part, in the path or as `h`.
    secret = query.get("h", [""])[0] or (path[at + 1] if at == 0 and len(path) > 1 else "")
    wanted = ({"h": secret} if re.fullmatch(r"[0-9a-f]{6,20}", secret) else {}) | {"autoplay": "1", "dnt": "1"}
    return f"https://player.vimeo.com/video/{path[at]}?{urlencode(wanted)}"


def _embed_twitch(_host: str, path: list[str], query: _Query, parent: str) -> str | None:
    if path[:1] == ["videos"] and len(path) > 1 and path[1].isdigit():
        wanted = {"video": path[1]}
    elif not path and "channel" in query:
        wanted = {"channel": query["channel"][0]}
    elif not path and "video" in query:
        wanted = {"video": query["video"][0]}
    elif len(path) == 1 and path[0] not in _NO_TWITCH_CHANNELS:
        wanted = {"channel": path[0]}
    else:
        return None
    if not re.fullmatch(r"v?[A-Za-z0-9_]{1,25}", next(iter(wanted.values()))):
        return None
    return f"https://player.twitch.tv/?{urlencode(wanted)}&parent={quote(parent)}&autoplay=true"


_YOUTUBE_HOSTS = frozenset(
    {
        "youtube.com",
        "www.youtube.com",
        "m.youtube.com",
        "music.youtube.com",
        "youtube-nocookie.com",
        "www.youtube-nocookie.com",
        "youtu.be",
        "www.youtu.be",
    }
)
_VIMEO_HOSTS = frozenset({"vimeo.com", "www.vimeo.com", "player.vimeo.com"})
_TWITCH_HOSTS = frozenset({"twitch.tv", "www.twitch.tv", "m.twitch.tv", "player.twitch.tv", "go.twitch.tv"})
_EMBEDDERS = (
    (_YOUTUBE_HOSTS, _embed_youtube),
    (_VIMEO_HOSTS, _embed_vimeo),
    (_TWITCH_HOSTS, _embed_twitch),
)
PLAYER_ORIGINS = (
    "https://www.youtube-nocookie.com",
    "https://player.vimeo.com",
    "https://vimeo.com",
    "https://player.twitch.tv",
)
"""The hosts that `embed_url` leads to: all that a page may frame."""
