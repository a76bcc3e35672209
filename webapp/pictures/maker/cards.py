"""Cards: what an entry looks like where a link to it is shown. Words on the left, a picture or drawing on the right."""

import io
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageDraw, ImageOps

from webapp.domain.pictures import CARD_SIZE
from webapp.pictures.frames import write_frame
from webapp.pictures.maker.certainty_scale import LABELS, draw_scale
from webapp.pictures.maker.lettering import Block, Typeface, fit, plain

# As tokens.css has them by night.
_PAPER, _RAISED, _INK, _SOFT, _RULE, _RULE_FIRM = "#0c1219", "#131c26", "#e6e9e4", "#bfc9d0", "#3c4955", "#64737e"
_INK_OF_TYPES: Final = {
    "#93bcf5": {2, 4, 8, 12, 13, 25, 29},
    "#d3a8ec": {3, 15, 17},
    "#7dd0b3": {7, 9},
    "#e7bc63": {6, 11, 16, 23, 24, 31},
    "#c9bca4": {5, 10, 14, 18, 19, 21, 22, 30},
}
_INK_OF_OTHERS: Final = "#adbac3"

_EDGE: Final = 64
_WORDS_WIDTH: Final = 508
_PICTURE: Final = (612, 96, 1136, 445)
"""Where a picture stands, 3:2: left, top, right, bottom."""
_DRAWN_AT: Final = (56, 40, 600, 590)
"""Where a type's own card has its drawing."""
_NAME_SIZES: Final = (64, 58, 52, 46, 40)
_CAPTION_SIZES: Final = (19, 17, 15, 13)
_SITE: Final = "Perigee"
_JPEG_QUALITIES: Final = (86, 78, 68, 56)
_MOST_BYTES: Final = 100_000


def draw_cards(head: Any, pictures: list[bytes]) -> bytes:
    """Draw the cards that a request asks for. The head names those that could be drawn."""
    typeface = Typeface(head["font"])
    cards = [
        _draw_card(facts, picture if has_picture else None, typeface, Path(head["drawings"]))
        for facts, has_picture, picture in zip(head["cards"], head["has_picture"], pictures, strict=True)
    ]
    return write_frame({"drawn": [card is not None for card in cards]}, [card or b"" for card in cards])


def _draw_card(facts: dict[str, Any], picture: bytes | None, typeface: Typeface, drawings: Path) -> bytes | None:
    words = {name: plain(facts[name]) for name in ("name", "date_words", "type_name", "caption")}
    if not all(typeface.has_letters_of(text) for text in words.values()):
        return None
    card = Image.new("RGB", CARD_SIZE, _PAPER)
    _draw_words(card, words, facts["certainty"], _ink_of(facts["type_id"]), typeface)
    if picture is None:
        _paste_drawing(card, drawings, facts["type_id"])
        return _encode_drawing(card)
    _paste_picture(card, picture, may_crop=facts["may_crop"])
    _draw_caption(card, words["caption"], typeface)
    return _encode_picture(card)


def _ink_of(type_id: int) -> str:
    return next((ink for ink, types in _INK_OF_TYPES.items() if type_id in types), _INK_OF_OTHERS)


def _draw_words(card: Image.Image, words: dict[str, str], certainty: str, ink: str, typeface: Typeface) -> None:
    def one_line(text: str, size: int) -> Block:
        return fit(text, typeface, sizes=(size,), weight=400, width=_WORDS_WIDTH, most_lines=1)

    top = one_line(words["type_name"], 28).draw(card, _EDGE, 88, ink) + 18
    name = fit(words["name"], typeface, sizes=_NAME_SIZES, weight=500, width=_WORDS_WIDTH, most_lines=3)
    top = name.draw(card, _EDGE, top, _INK) + 30
    date = fit(words["date_words"], typeface, sizes=(34, 30), weight=400, width=_WORDS_WIDTH, most_lines=2)
    top = date.draw(card, _EDGE, top, _INK) + 16
    scale = draw_scale(certainty, 144)
    card.paste(_INK, (_EDGE, top + 5), scale)
    label = one_line(LABELS.get(certainty, certainty), 26)
    label.draw(card, _EDGE + scale.width + 20, top + 5 + (scale.height - label.leading) // 2, _SOFT)
    one_line(_SITE, 28).draw(card, _EDGE, 518, _SOFT)


def _paste_drawing(card: Image.Image, drawings: Path, type_id: int) -> None:
    """Put the type's drawing, which stands on the left of its own card, on the right of this one."""
    own = drawings / f"type-{type_id}.png"
    with Image.open(own if own.is_file() else drawings / "events.png") as drawing:
        cut = drawing.convert("RGB").crop(_DRAWN_AT)
    card.paste(cut, (CARD_SIZE[0] - cut.width - 32, (CARD_SIZE[1] - cut.height) // 2))


def _paste_picture(card: Image.Image, picture: bytes, *, may_crop: bool) -> None:
    left, top, right, bottom = _PICTURE
    size = (right - left, bottom - top)
    with Image.open(io.BytesIO(picture), formats=("JPEG",)) as opened:
        whole = opened.convert("RGB")
    place = ImageOps.fit(whole, size) if may_crop else ImageOps.pad(whole, size, color=_RAISED)
    card.paste(place, (left, top))
    pen = ImageDraw.Draw(card)
    pen.rectangle((left - 1, top - 1, right, bottom), outline=_RULE)
    for number in range(61):  # The tick scale along its lower edge, as pages have it.
        x = left + round(number * (right - left - 1) / 60)
        pen.line((x, bottom + 5, x, bottom + (15 if number % 10 == 0 else 10)), fill=_RULE_FIRM)


def _draw_caption(card: Image.Image, caption: str, typeface: Typeface) -> None:
    """Write the credit and the licence under the picture: whole, however long they are."""
    left, _, right, bottom = _PICTURE
    room = CARD_SIZE[1] - 40 - (bottom + 24)
    for size in _CAPTION_SIZES:
        block = fit(caption, typeface, sizes=(size,), weight=400, width=right - left, most_lines=len(caption) + 1)
        if block.height <= room:
            break
    block.draw(card, left, bottom + 24, _SOFT)


def _encode_drawing(card: Image.Image) -> bytes:
    file = io.BytesIO()
    card.quantize(64, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()


def _encode_picture(card: Image.Image) -> bytes:
    for quality in _JPEG_QUALITIES:
        file = io.BytesIO()
        # Letters need their colours in full, and the picture hardly costs more for it.
        card.save(file, "JPEG", quality=quality, subsampling=0, progressive=True, optimize=True)
        if len(file.getvalue()) <= _MOST_BYTES:
            break
    return file.getvalue()
