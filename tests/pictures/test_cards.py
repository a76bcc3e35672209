import functools
import io
import re

import pytest
from PIL import Image, ImageChops

from tests.pictures.hostile_files import drawn, encoded
from webapp import paths
from webapp.domain.pictures import CARD_SIZE
from webapp.pictures import making_process
from webapp.pictures.maker.certainty_scale import LABELS, draw_scale
from webapp.pictures.maker.lettering import Typeface, fit
from webapp.pictures.making import CardFacts, UnusablePictureError
from webapp.pictures.making_process import path_of_card

draw_cards = functools.partial(making_process.draw_cards, timeout_s=120.0)  # However slow the machine.
PICTURE = encoded(drawn(size=(1280, 853)), "JPEG")
TALL = encoded(Image.new("RGB", (640, 960), (0, 200, 0)), "JPEG")
LEFT_EDGE, RIGHT_EDGE, MIDDLE = (640, 270), (1110, 270), (874, 270)
CAPTION = "Photo: Tidewater/I. Marsh · CC BY 4.0 · resized"


def facts(name: str = "Spacewalk 47", *, picture: bytes | None = None, caption: str = "", **more: bool) -> CardFacts:
    return CardFacts(name, "16 May 2031, 14:05 UTC", "exact", 3, "Spacewalk", picture, caption, **more)


def card_of(card: CardFacts) -> Image.Image:
    (content,) = draw_cards([card])
    assert content is not None
    assert len(content) < 100_000
    image = Image.open(io.BytesIO(content))
    assert image.size == CARD_SIZE
    assert path_of_card(content).endswith(".jpg" if card.picture else ".png")
    assert image.format == ("JPEG" if card.picture else "PNG")
    assert not image.getexif()
    return image.convert("RGB")


def is_green(card: Image.Image, place: tuple[int, int]) -> bool:
    color = card.getpixel(place)
    assert isinstance(color, tuple)
    return color[1] > 150 > color[0]


def is_paper(card: Image.Image, box: tuple[int, int, int, int]) -> bool:
    """Whether nothing is drawn there; a JPEG's shades may differ a little."""
    paper = Image.new("RGB", CARD_SIZE, "#0c1219").crop(box)
    return max(ImageChops.difference(card.crop(box), paper).tobytes()) < 12


def typeface() -> Typeface:
    (font,) = (paths.static() / "vendor").glob("fontsource-variable-stix-two-text@*/*latin-wght-normal.woff2")
    return Typeface(str(font))


def test_each_card_is_one_of_its_own_and_drawn_again_the_same() -> None:
    cards = [facts(), facts("Spacewalk 48"), facts(picture=PICTURE, caption=CAPTION)]
    drawn_once = draw_cards(cards)
    assert len(set(drawn_once)) == 3
    assert drawn_once == draw_cards(cards)


def test_a_card_with_a_drawing_has_that_of_its_type() -> None:
    assert card_of(facts()).crop((620, 0, 1200, 630)) != Image.new("RGB", (580, 630), "#0c1219")
    unknown = CardFacts("A", "May 2031", "month", 99_999, "Something new")
    assert card_of(unknown) != card_of(CardFacts("A", "May 2031", "month", 3, "Something new"))


def test_a_picture_is_cropped_only_where_that_is_allowed() -> None:
    whole = card_of(facts(picture=TALL, caption=CAPTION))
    assert [is_green(whole, place) for place in (LEFT_EDGE, MIDDLE, RIGHT_EDGE)] == [False, True, False]
    cropped = card_of(facts(picture=TALL, caption=CAPTION, may_crop=True))
    assert [is_green(cropped, place) for place in (LEFT_EDGE, MIDDLE, RIGHT_EDGE)] == [True, True, True]


@pytest.mark.parametrize("text", ["竹見 遥", "Мира Волкова", "سلمى", "Launch 🚀", "Žofie", "a\u202eb", "a\x07b"])
def test_a_text_with_letters_that_the_typeface_lacks_has_no_card(text: str) -> None:
    lacking = [facts(text), facts(picture=PICTURE, caption=text), CardFacts("A", text, "day", 3, "Spacewalk")]
    assert draw_cards([*lacking, facts("Ústav Kosmonautiky – “Ærø” & 50 %")])[:3] == [None] * 3


def test_none_of_the_others_suffers_from_it() -> None:
    none, some = draw_cards([facts("竹見 遥"), facts()])
    assert none is None
    assert some is not None


@pytest.mark.parametrize(
    "name",
    [
        "X",
        "Change of command: Lantern’s seventeenth crew takes over from the sixteenth, with a long ceremony",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3,
        "W" * 400,
        "i " * 400,
        "",
    ],
)
def test_no_name_is_too_long(name: str) -> None:
    card = card_of(facts(name))
    assert is_paper(card, (0, 0, 60, 630))
    assert is_paper(card, (574, 0, 600, 300)), "it ends before the drawing begins"


def test_a_name_shrinks_and_is_cut_with_an_ellipsis_only_then() -> None:
    letters, sizes = typeface(), (64, 40)
    short = fit("Packhorse 12 docking", letters, sizes=sizes, weight=500, width=508, most_lines=3)
    assert (short.font.size, list(short.lines)) == (64, ["Packhorse 12", "docking"])
    longer = fit("one two three four " * 4, letters, sizes=sizes, weight=500, width=508, most_lines=3)
    assert longer.font.size == 40
    cut = fit("one two three four " * 30, letters, sizes=sizes, weight=500, width=508, most_lines=3)
    assert len(cut.lines) == 3
    assert cut.lines[-1].endswith("…")
    assert all(cut.font.getlength(line) <= 508 for line in cut.lines)


def test_a_caption_is_written_whole_however_long() -> None:
    long = "Photo: " + "Institute of Planetary Science and of much else, " * 8 + "· CC BY-NC-ND 4.0 · resized"
    card = card_of(facts(picture=PICTURE, caption=long))
    assert is_paper(card, (612, 600, 1200, 630))
    assert card != card_of(facts(picture=PICTURE, caption=long[:-8]))


def test_the_scale_has_a_mark_for_each_certainty_and_the_words_of_the_pages() -> None:
    assert len({draw_scale(certainty, 144).tobytes() for certainty in LABELS}) == 6
    template = (paths.templates() / "_certainty.html").read_text("utf-8")
    assert dict(re.findall(r'"(\w+)": "([^"]+)"', template)) == LABELS


def test_a_picture_that_is_none_of_ours_is_an_error_that_is_known() -> None:
    with pytest.raises(UnusablePictureError):
        draw_cards([facts(picture=b"not a JPEG", caption=CAPTION)])


def test_ten_cards_are_drawn_at_once() -> None:
    assert all(draw_cards([facts(f"Spacewalk {number}", picture=PICTURE, caption=CAPTION) for number in range(10)]))
