"""Pictures: which may be shown, by their licence, and the files that one is served as."""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

from webapp.domain.entry import Picture

WIDTHS: Final = (320, 640, 1280)
"""How wide the files of a picture are, in pixels, as far as the original is."""

CARD_SIZE: Final = (1200, 630)
"""How wide and how high a card is, in pixels: what those who show a link ask for (Open Graph)."""


class PicturePolicy(Enum):
    """Which pictures the owner lets Perigee show: those with a licence for it, all that are named, or none."""

    LICENSED = "licensed"
    ALL = "all"
    OFF = "off"


class PictureUse(Enum):
    """What may be done with a picture: scale and crop it, scale it alone, or only name its address."""

    ADAPT = "adapt"
    SCALE = "scale"
    LINK = "link"


_USES: Final = {
    "nasa image and media guidelines": PictureUse.ADAPT,
    "public domain": PictureUse.ADAPT,
    "cc0": PictureUse.ADAPT,
    "cc0 1.0": PictureUse.ADAPT,
    "government open data license - india": PictureUse.ADAPT,
    "copernicus image use policy": PictureUse.ADAPT,
    # Free for information and education, but not to be altered.
    "esa standard licence": PictureUse.SCALE,
}
"""What licences allow, by Launch Library's name for them, in lower case. One that is not here allows nothing."""

_CREATIVE_COMMONS: Final = re.compile(
    r"(?:cc by|creative commons attribution)(?:-nc|-noncommercial)?"
    r"(?P<nd>-nd|-noderivs|-noderivatives)?(?:-sa|-sharealike)?(?: \d\.\d)?(?: [a-z ]+)?"
)


def use_allowed_by(license_name: str) -> PictureUse:
    """Give what a licence allows, by its name (LL2's `license.name`): an unknown one allows nothing."""
    name = " ".join(license_name.lower().split())
    if commons := _CREATIVE_COMMONS.fullmatch(name):
        return PictureUse.SCALE if commons["nd"] else PictureUse.ADAPT
    return _USES.get(name, PictureUse.LINK)


def use_of(license_name: str, policy: PicturePolicy) -> PictureUse:
    """Give what is done with a picture under this policy. Without a licence that allows more, none is ever cropped."""
    if policy is PicturePolicy.OFF:
        return PictureUse.LINK
    allowed = use_allowed_by(license_name)
    return PictureUse.SCALE if allowed is PictureUse.LINK and policy is PicturePolicy.ALL else allowed


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A file that a picture is served as. `path` is its place under `/pictures/`, by a hash of its content.

    `size` is its length in bytes; `width` and `height` are in pixels.
    """

    path: str
    media_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class ShownPicture:
    """A picture with its files, at least one. `color` is its average colour, as `#rrggbb`."""

    picture: Picture
    use: PictureUse
    color: str
    files: tuple[PictureFile, ...]

    @property
    def widest(self) -> PictureFile:
        """Its widest JPEG, which everything can show."""
        return max(self.files_of("image/jpeg"), key=lambda file: file.width)

    def files_of(self, media_type: str) -> list[PictureFile]:
        """Give its files of one type, the narrowest first."""
        return sorted((file for file in self.files if file.media_type == media_type), key=lambda file: file.width)
