"""The lists of terms under `/config/`: what the stored launches have been seen to name."""

from dataclasses import dataclass

from webapp.store.vocabularies import Vocabulary
from webapp.web.addresses import API_PATH

UNDERSTOOD = ("search", "limit", "offset", "ordering", "format")
"""The parameters that mean something here."""


@dataclass(frozen=True, slots=True)
class ConfigList:
    """A list of terms at a path of its own."""

    vocabulary: Vocabulary
    title: str
    meaning: str

    @property
    def path(self) -> str:
        """Its address."""
        return f"{API_PATH}config/{self.vocabulary.value}/"


CONFIG_LISTS = (
    ConfigList(Vocabulary.LAUNCH_STATUSES, "Launch statuses", "The statuses of the launches stored here."),
    ConfigList(
        Vocabulary.MISSION_TYPES,
        "Mission types",
        "The mission types of the launches stored here. Launches name them without an id: these ids are this server’s.",
    ),
    ConfigList(Vocabulary.ORBITS, "Orbits", "The orbits of the launches stored here."),
    ConfigList(
        Vocabulary.TIMELINE_EVENT_TYPES, "Timeline event types", "The timeline steps of the launches stored here."
    ),
)
