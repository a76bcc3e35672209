"""Launches of the sizes that real ones have, made of real ones: 17 kB in normal mode and 50 kB in detailed mode.

No detailed record of a launch of today was at hand: here it is the largest normal one with the rocket, updates,
webcasts and links of detailed ones. Each has texts, ids and numbers of its own.
"""

import re
from collections.abc import Iterator
from random import Random
from typing import Any
from uuid import UUID

from tests.fake_ll2 import Record
from tests.fake_ll2.launches import real_launches

_DIGIT = re.compile(r"\d")
_DETAILED = ("updates", "vid_urls", "info_urls", "mission_patches", "timeline")


def sized_launches(*, normal: int, detailed: int) -> Iterator[Record]:
    """Give so many of each, the same at every run."""
    models = ((_normal_model(), normal), (_detailed_model(), detailed))
    for model, count in models:
        for number in range(count):
            chance = Random(f"{model['response_mode']} {number}")  # noqa: S311 - no secret
            yield _Varied(chance).record(model) | {"id": str(UUID(int=chance.getrandbits(128)))}


def _normal_model() -> Record:
    return max((one for one in real_launches() if one["response_mode"] == "normal"), key=_length)


def _detailed_model() -> Record:
    detailed = [one for one in real_launches() if one["response_mode"] == "detailed"]
    rocket = max((one["rocket"] for one in detailed), key=_length)
    parts = {name: max((one[name] for one in detailed), key=_length) for name in _DETAILED}
    several = {"rocket": rocket | {"payloads": rocket["payloads"] * 2}}
    return _normal_model() | parts | several | {"response_mode": "detailed"}


def _length(value: Any) -> int:
    return len(str(value))


class _Varied:
    """Varies what it is given: equal texts stay equal within one record, as those of an agency that is repeated do."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._texts: dict[str, str] = {}

    def record(self, record: Record) -> Record:
        return {key: self._value(key, value) for key, value in record.items()}

    def _value(self, key: str, value: Any) -> Any:
        match value:
            case dict():
                return self.record(value)
            case list():
                return [self._value(key, one) for one in value]
            case str() if " " in value or value.startswith("http"):
                if value not in self._texts:
                    self._texts[value] = self._text(value)
                return self._texts[value]
            case int() if "count" in key or "launches" in key or "landings" in key:
                return self._chance.randrange(10 ** len(str(value)))
        return value

    def _text(self, text: str) -> str:
        words = _DIGIT.sub(lambda _: str(self._chance.randrange(10)), text).split(" ")
        self._chance.shuffle(words)
        return " ".join(words)
