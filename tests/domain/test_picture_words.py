import pytest

from webapp.domain.entry import EntryKind, Picture
from webapp.domain.picture_words import Caption, alternative_of, caption_of

BY_NC = "https://creativecommons.org/licenses/by-nc/2.0/"


def picture(
    credit: str = "NASA/Joel Kowsky", licence: str = "CC BY-NC 2.0", url: str | None = BY_NC, *,
    single_use: bool = True, name: str = "",
) -> Picture:  # fmt: skip
    return Picture("https://a.example/1.jpg", None, credit, licence, url, single_use, name)


def test_a_caption_names_the_maker_the_licence_and_the_change() -> None:
    caption = caption_of(picture(), EntryKind.EVENT)
    assert caption == Caption("Photo: NASA/Joel Kowsky", "NASA/Joel Kowsky", "CC BY-NC 2.0", BY_NC)
    assert str(caption) == "Photo: NASA/Joel Kowsky · CC BY-NC 2.0 · resized"


@pytest.mark.parametrize(
    ("kind", "single_use", "lead"),
    [
        (EntryKind.LAUNCH, False, "File photo: A"),
        (EntryKind.LAUNCH, True, "Photo: A"),
        (EntryKind.EVENT, False, "Photo: A"),
        (EntryKind.EVENT, True, "Photo: A"),
    ],
)
def test_that_of_a_rocket_in_general_is_a_file_photo(kind: EntryKind, *, single_use: bool, lead: str) -> None:
    assert caption_of(picture("A", single_use=single_use), kind).lead == lead


@pytest.mark.parametrize("licence", ["", "Unknown", "unknown"])
def test_what_is_not_known_is_not_guessed(licence: str) -> None:
    caption = caption_of(picture(credit="", licence=licence, url=None), EntryKind.EVENT)
    assert str(caption) == "Photo · licence unknown · resized"


def test_a_name_written_from_right_to_left_turns_nothing_round() -> None:
    assert alternative_of(picture(name="אירוע")) == "Photograph: \u2068אירוע\u2069"
    assert caption_of(picture(credit="אירוע"), EntryKind.EVENT).lead == "Photo: \u2068אירוע\u2069"


def test_the_alternative_is_its_name() -> None:
    assert alternative_of(picture(name="Crew Dragon splashdown")) == "Photograph: Crew Dragon splashdown"
    assert alternative_of(picture()) == "Photograph"
