"""The words that stand beside a picture, the same on pages, on cards and in feeds: its caption and its alternative."""

from dataclasses import dataclass

from webapp.domain.entry import EntryKind, Picture
from webapp.domain.text import isolated

_UNKNOWN = ("", "unknown")


@dataclass(frozen=True, slots=True)
class Caption:
    """What must stand beside a picture: whose it is, its licence with a link, if it has one, and that it was resized.

    All parts are plain text on one line. `lead` says whose it is, with the `credit` in it.
    """

    lead: str
    credit: str
    license_words: str
    license_url: str | None
    changes: str = "resized"

    def __str__(self) -> str:
        """Say it where nothing can be a link: `Photo: NASA · CC BY-NC 2.0 · resized`."""
        return " · ".join((self.lead, self.license_words, self.changes))


def caption_of(picture: Picture, kind: EntryKind) -> Caption:
    """Give the caption of a picture beside an entry of this kind.

    Launch Library gives a launch that has no picture of its own that of its rocket, which is not for single use: then
    the caption says that it is a file photo. One of an event is chosen for the event.
    """
    is_general = kind is EntryKind.LAUNCH and not picture.single_use
    noun, credit = "File photo" if is_general else "Photo", isolated(picture.credit)
    return Caption(
        lead=f"{noun}: {credit}" if credit else noun,
        credit=credit,
        license_words="licence unknown"
        if picture.license_name.casefold() in _UNKNOWN
        else isolated(picture.license_name),
        license_url=picture.license_url,
    )


def alternative_of(picture: Picture) -> str:
    """Say what a picture is to those who do not see it."""
    return f"Photograph: {isolated(picture.name)}" if picture.name else "Photograph"
