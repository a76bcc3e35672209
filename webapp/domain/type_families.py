"""Families of types: which types of entry are alike enough to be counted together, and what several are called."""

from dataclasses import dataclass

from webapp.domain.entry import LAUNCH_TYPE


@dataclass(frozen=True, slots=True)
class TypeFamily:
    """Types that go together: what several of them are called, and their ids."""

    words: str
    type_ids: tuple[int, ...]


_TYPE_WORDS = {
    2: "dockings", 3: "spacewalks", 4: "berthings", 5: "static fires", 6: "spacecraft events", 7: "Moon landings",
    8: "undockings", 9: "landings", 12: "hatch openings", 13: "spacecraft releases", 14: "test flights",
    15: "changes of command", 17: "farewell ceremonies", 18: "rehearsals", 19: "ambient pressure tests",
    20: "press events", 21: "cryoproof tests", 22: "wet dress rehearsals", 23: "flybys", LAUNCH_TYPE.id: "launches",
    25: "spacecraft relocations", 29: "spacecraft captures", 30: "vehicle tests", 31: "sounding rocket launches",
}  # fmt: skip
_FAMILIES = (
    TypeFamily("arrivals at stations and departures from them", (2, 4, 8, 13, 25, 29)),
    TypeFamily("landings of any sort", (7, 9)),
    TypeFamily("tests and rehearsals on the ground", (5, 10, 18, 19, 21, 22, 30)),
    TypeFamily("briefings, ceremonies and hearings", (15, 17, 20, 28)),
)


def type_words(type_id: int) -> str:
    """Say what several entries of a type are called."""
    return _TYPE_WORDS.get(type_id, "events of this type")


def family_of(type_id: int) -> TypeFamily | None:
    """Give the family of a type, if it is of one."""
    return next((family for family in _FAMILIES if type_id in family.type_ids), None)
