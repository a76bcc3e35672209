"""The shape of the records of each kind: Launch Library's keys in each mode, in order, and what they hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from webapp.domain.entry import EntryKind
from webapp.domain.modes import Mode


@dataclass(frozen=True, slots=True)
class RecordShape:
    """What a kind of record looks like.

    `keys` are those of each mode. `missing` is what stands for a key that the source left out; one that cannot be made
    up is none of them, and stays out. `types` are those of values that can be read, of `moments` that they can be, too.
    """

    keys: Mapping[Mode, tuple[str, ...]]
    missing: Mapping[str, Any]
    types: Mapping[str, type]
    moments: tuple[str, ...]


_EVENT_LIST = (
    "id", "url", "name", "info_urls", "vid_urls", "image", "date", "slug", "type", "description", "webcast_live",
    "location", "date_precision", "response_mode", "duration",
)  # fmt: skip
_EVENT_NORMAL = (*_EVENT_LIST, "updates", "last_updated")
_EVENT_DETAILED = (*_EVENT_NORMAL, "agencies", "launches", "expeditions", "spacestations", "program", "astronauts")
_EVENT_LISTS = ("info_urls", "vid_urls", "updates", "agencies", "launches", "expeditions", "spacestations", "program")

_COUNTS = tuple(
    f"{what}_launch_attempt_count{of}" for of in ("", "_year") for what in ("orbital", "location", "pad", "agency")
)
_LAUNCH_LIST = (
    "id", "url", "name", "response_mode", "slug", "launch_designator", "status", "last_updated", "net",
    "net_precision", "window_end", "window_start", "image", "infographic",
)  # fmt: skip
_LAUNCH_NORMAL = (
    *_LAUNCH_LIST, "probability", "weather_concerns", "failreason", "hashtag", "launch_service_provider", "rocket",
    "mission", "pad", "webcast_live", "program", *_COUNTS,
)  # fmt: skip
_LAUNCH_DETAILED = (
    *_LAUNCH_NORMAL, "flightclub_url", "updates", "info_urls", "vid_urls", "timeline", "pad_turnaround",
    "mission_patches",
)  # fmt: skip
_LAUNCH_LISTS = ("program", "updates", "info_urls", "vid_urls", "timeline", "mission_patches")
_LAUNCH_PARTS = ("status", "net_precision", "image", "launch_service_provider", "rocket", "mission", "pad")
_LAUNCH_TEXTS = (
    "launch_designator", "infographic", "weather_concerns", "failreason", "hashtag", "flightclub_url", "pad_turnaround",
)  # fmt: skip
_LAUNCH_MOMENTS = ("last_updated", "net", "window_end", "window_start")
_NUMBERS = ("probability", *_COUNTS)

SHAPES = {
    EntryKind.EVENT: RecordShape(
        keys={Mode.LIST: _EVENT_LIST, Mode.NORMAL: _EVENT_NORMAL, Mode.DETAILED: _EVENT_DETAILED},
        missing={
            **{key: [] for key in (*_EVENT_LISTS, "astronauts")},
            **dict.fromkeys(("image", "date", "location", "date_precision", "duration")),
            **dict.fromkeys(("name", "slug", "description"), ""),
            "type": {"id": 1, "name": "Unknown"},
            "webcast_live": False,
        },
        types={
            **dict.fromkeys((*_EVENT_LISTS, "astronauts"), list),
            **dict.fromkeys(("image", "date_precision", "type"), dict),
            **dict.fromkeys(("slug", "description", "location", "duration", "date", "last_updated"), str),
            "webcast_live": bool,
        },
        moments=("date", "last_updated"),
    ),
    EntryKind.LAUNCH: RecordShape(
        keys={Mode.LIST: _LAUNCH_LIST, Mode.NORMAL: _LAUNCH_NORMAL, Mode.DETAILED: _LAUNCH_DETAILED},
        missing={
            **{key: [] for key in _LAUNCH_LISTS},
            **dict.fromkeys((*_LAUNCH_PARTS, *_LAUNCH_TEXTS, *_NUMBERS)),
            **dict.fromkeys(("name", "slug"), ""),
            "webcast_live": False,
        },
        types={
            **dict.fromkeys(_LAUNCH_LISTS, list),
            **dict.fromkeys(_LAUNCH_PARTS, dict),
            **dict.fromkeys(("slug", *_LAUNCH_TEXTS, *_LAUNCH_MOMENTS), str),
            **dict.fromkeys(_NUMBERS, int),
            "webcast_live": bool,
        },
        moments=_LAUNCH_MOMENTS,
    ),
}
