"""What is asked of the process that makes pictures small and draws cards, and what comes back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from webapp.domain.pictures import PictureFile


class UnusablePictureError(Exception):
    """An original that no files can be made of; the message ends a sentence that begins with "the picture"."""


class MakingFailedError(UnusablePictureError):
    """The process that makes files failed: it took too long, was ended, or could not be started.

    The original may be sound, and is worth another attempt.
    """


@dataclass(frozen=True, slots=True)
class MadePicture:
    """The files made of an original, and its average colour as `#rrggbb`."""

    color: str
    files: Mapping[PictureFile, bytes]


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What is drawn on the card of an entry.

    `certainty` is the word of the certainty scale (`Entry.certainty_word`). `picture` is a JPEG of ours with its
    `caption`, or `None`: then the scene of the type is drawn. `may_crop` says whether the picture may be cropped.
    """

    name: str
    date_words: str
    certainty: str
    type_id: int
    type_name: str
    picture: bytes | None = None
    caption: str = ""
    may_crop: bool = False


@dataclass(frozen=True, slots=True)
class Maker:
    """What makes files of originals and draws cards; `path_of_card` gives a card's place under `/pictures/`.

    `stop` ends what is being made.
    """

    make_files: Callable[[bytes], MadePicture]
    draw_cards: Callable[[Sequence[CardFacts]], list[bytes | None]]
    path_of_card: Callable[[bytes], str]
    stop: Callable[[], object] = lambda: None
