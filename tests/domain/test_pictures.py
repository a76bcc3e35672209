import pytest

from webapp.domain.entry import Picture
from webapp.domain.pictures import PictureFile, PicturePolicy, PictureUse, ShownPicture, use_allowed_by, use_of

ADAPT, SCALE, LINK = PictureUse.ADAPT, PictureUse.SCALE, PictureUse.LINK


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("NASA Image and Media Guidelines", ADAPT),
        ("  nasa image  and media guidelines", ADAPT),
        ("CC0 1.0", ADAPT),
        ("CC BY 2.0", ADAPT),
        ("CC BY-NC 2.0", ADAPT),
        ("CC BY-NC-SA 4.0", ADAPT),
        ("CC BY-SA 3.0 IGO", ADAPT),
        ("CC BY-ND 2.0", SCALE),
        ("CC BY-NC-ND 4.0", SCALE),
        ("Creative Commons Attribution-NonCommercial-NoDerivs 2.0 Generic", SCALE),
        ("ESA Standard Licence", SCALE),
        ("Sierra Nevada Corporation Image Use Policy", LINK),
        ("Unknown", LINK),
        ("", LINK),
        ("not CC BY 2.0", LINK),
        ("CC BY-XX 2.0", LINK),
    ],
)
def test_a_licence_allows_what_it_says_and_an_unknown_one_nothing(name: str, use: PictureUse) -> None:
    assert use_allowed_by(name) is use


def test_the_owner_may_let_more_be_shown_uncropped_or_nothing() -> None:
    names = ("CC BY 2.0", "CC BY-ND 2.0", "Unknown")
    assert [use_of(name, PicturePolicy.LICENSED) for name in names] == [ADAPT, SCALE, LINK]
    assert [use_of(name, PicturePolicy.ALL) for name in names] == [ADAPT, SCALE, SCALE]
    assert [use_of(name, PicturePolicy.OFF) for name in names] == [LINK, LINK, LINK]


def test_files_are_found_by_their_type() -> None:
    files = [PictureFile(f"{width}.jpg", "image/jpeg", width, width // 2, 9) for width in (1280, 320)]
    other = PictureFile("a.avif", "image/avif", 320, 160, 7)
    picture = Picture("https://a.example/1.png", None, "A", "CC0", None, single_use=False)
    shown = ShownPicture(picture, ADAPT, "#102030", (*files, other))
    assert (shown.widest, shown.files_of("image/jpeg"), shown.files_of("image/avif")) == (
        files[0],
        files[::-1],
        [other],
    )
