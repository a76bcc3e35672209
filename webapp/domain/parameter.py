"""What a parameter of a query string is, and where it is understood."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from webapp.domain.entry import EntryKind
from webapp.domain.parameter_types import ParameterType

LAUNCH_FACTS = "launch_facts"
"""The field of the filter that holds what Launch Library's own launch filters ask for, each by its name."""


class Surface(Enum):
    """Where a parameter is understood: on pages and in feeds, or under the API's paths of one kind of entry."""

    PAGES = "pages"
    EVENTS_API = "events"
    LAUNCHES_API = "launches"

    @property
    def kind(self) -> EntryKind | None:
        """The kind of all entries there; `None` where there are several."""
        return {Surface.EVENTS_API: EntryKind.EVENT, Surface.LAUNCHES_API: EntryKind.LAUNCH}.get(self)


EVERYWHERE = frozenset(Surface)
ON_PAGES = frozenset({Surface.PAGES})
ON_LAUNCHES = frozenset({Surface.LAUNCHES_API})


class Part(Enum):
    """The part of a query that a parameter belongs to: the filter, the view, or the options of feeds."""

    FILTER = "filter"
    VIEW = "view"
    OPTION = "option"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its name, the field of the query that it fills, and what it means, in a sentence.

    `aliases` are other spellings of its name; `is_ll2` says whether Launch Library has it too; `example` is a value.
    `surfaces` are where it is understood; elsewhere it is ignored. `types` are the types of those surfaces that take
    other values than `type` does.
    """

    name: str
    field: str
    part: Part
    type: ParameterType
    meaning: str
    example: str
    is_ll2: bool = True
    surfaces: frozenset[Surface] = EVERYWHERE
    aliases: tuple[str, ...] = ()
    types: Mapping[Surface, ParameterType] = dataclasses.field(default_factory=dict, hash=False)

    def type_on(self, surface: Surface) -> ParameterType:
        """Give the type of its values on a surface."""
        return self.types.get(surface, self.type)

    def example_on(self, surface: Surface) -> str:
        """Give a value that it takes on a surface."""
        return self.type_on(surface).example or self.example
