from hypothesis import given
from hypothesis import strategies as st

from webapp.pages.text_widths import cut_to_width, text_width


def test_wide_letters_count_for_more_than_narrow_ones() -> None:
    assert text_width("ill", 10) < text_width("eat", 10) < text_width("MWM", 10)
    assert text_width("Zürich", 10) == text_width("Zurich", 10)
    assert text_width("\u2068ab\u2069", 10) == text_width("ab", 10)
    assert text_width("事件", 10) == 20
    assert text_width("ab", 20) == 2 * text_width("ab", 10)


@given(st.text(max_size=60), st.floats(20, 600))
def test_what_is_cut_fits_and_what_fits_is_not_cut(text: str, room: float) -> None:
    shown = cut_to_width(text, room, 15)
    assert text_width(shown, 15) <= room + 1e-6
    if text_width(text, 15) <= room:
        assert shown == text
    else:
        assert shown.endswith("…")
        assert text.startswith(shown.removesuffix("…"))
