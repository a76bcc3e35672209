import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.bidi import EMBEDDINGS, ISOLATES, PDF, PDI, open_after
from tests.factories import hostile_texts
from webapp.domain.text import (
    clean_text,
    folded,
    host_of,
    is_host,
    isolated,
    one_line,
    paragraphs,
    scraped_line,
    search_terms,
    shortened,
    tokens,
)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("one\r\n\r\ntwo", "one\n\ntwo"),
        ("one\x0btwo\x0cthree\x1cfour\x1dfive\x1esix\x85seven\u2028eight\u2029nine", "\n".join(
            ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
        )),
        ("a\tb", "a\tb"),
        ("a\x00b\x07c\x1bd\x1fe\x7ff\x80g\x9fh", "abcdefgh"),
        ("a\ud800b\udfffc", "abc"),
        ("a\ufffeb\uffffc", "abc"),
        ("\ufeffa\u200db\u202ec", "\ufeffa\u200db\u202ec"),
        ("虚构事件, выдуманное & <b>", "虚构事件, выдуманное & <b>"),
        ("👩🏽\u200d🚀\U0010ffff", "👩🏽\u200d🚀\U0010ffff"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_text_keeps_its_words_and_loses_what_nothing_can_carry(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@given(hostile_texts() | st.text())
@example("".join(map(chr, range(0x3000))) + "\ud800\ufffe\uffff")
def test_a_cleaned_text_can_be_carried_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    assert {char for char in cleaned if unicodedata.category(char) in {"Cc", "Cs"}} <= {"\n", "\t"}
    assert len(cleaned.splitlines()) == len(cleaned.removesuffix("\n").split("\n")) - (not cleaned)
    assert cleaned.encode().decode() == cleaned
    assert clean_text(cleaned) == cleaned


@given(hostile_texts() | st.text())
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) == bool(line)
    assert line == " ".join(line.split(" ")).strip()
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Crew-11\r\n\tDocking \u00a0\u3000 2 ", "Crew-11 Docking 2"),
        ("a\x00b", "ab"),
        (" \n ", ""),
    ],
)
def test_one_line_has_single_spaces(text: str, line: str) -> None:
    assert one_line(text) == line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \r\n\r\n ", []),
        ("one", [["one"]]),
        ("one\r\ntwo\r\n\r\nthree", [["one", "two"], ["three"]]),
        ("\n\n one \n \t \n\n two\n", [["one"], ["two"]]),
        ("one\u2029\u2029two\x00", [["one"], ["two"]]),
    ],
)
def test_blank_lines_part_paragraphs(text: str, expected: list[list[str]]) -> None:
    assert paragraphs(clean_text(text)) == expected


@given(hostile_texts())
def test_paragraphs_lose_no_word(text: str) -> None:
    cleaned = clean_text(text)
    assert " ".join(line for lines in paragraphs(cleaned) for line in lines).split() == cleaned.split()


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.youtube.com/watch?v=1", "youtube.com"),
        ("https://WWW.NASA.gov:443/", "nasa.gov"),
        ("http://plus.nasa.gov/", "plus.nasa.gov"),
        ("https://user@www.example.org/", "example.org"),
    ],
)
def test_a_host_is_named_as_people_say_it(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Crew-11", ["crew", "11"]),
        ("nasa/jpl v2.0_rc (final)", ["nasa", "jpl", "v2", "0", "rc", "final"]),
        ("isn't O'Neill", ["isn", "t", "o", "neill"]),
        ("Événement e\u0301te\u0301", ["evenement", "ete"]),
        ("Straße STRASSE", ["strasse", "strasse"]),
        ("İstanbul ıstanbul", ["istanbul", "ıstanbul"]),
        ("Łódź", ["łodz"]),
        ("Σίσυφος ΣΙΣΥΦΟΣ", ["σισυφοσ", "σισυφοσ"]),
        ("ﬁnal Ⅻ ② x² ＦＵＬＬ", ["final", "xii", "2", "x2", "full"]),
        ("Ω \u2126", ["ω", "ω"]),
        ("虚构事件 выдуманное СОБЫТИЕ", ["虚构事件", "выдуманное", "событие"]),
        ("👩🏽\u200d🚀 <b>&amp;", ["b", "amp"]),
        ("w" * 70, ["w" * 64]),
        ("٣ 7", ["٣", "7"]),
    ],
)
def test_words_are_runs_of_letters_and_digits_without_accents_or_case(text: str, words: list[str]) -> None:
    assert tokens(text) == words


@given(hostile_texts() | st.text())
def test_words_cut_again_are_the_same_words(text: str) -> None:
    found = tokens(text)
    assert tokens(" ".join(found)) == found
    assert all(word.isalnum() and len(word) <= 64 and word == word.casefold() for word in found)


@given(st.text())
def test_a_words_case_and_form_do_not_matter(text: str) -> None:
    composed = tokens(unicodedata.normalize("NFC", text))
    assert tokens(unicodedata.normalize("NFD", text)) == composed
    assert tokens(text.casefold()) == tokens(text.casefold().casefold())


@pytest.mark.parametrize(
    ("text", "same"),
    [("Straße", "STRASSE"), ("ΣΊΣΥΦΟΣ", "σίσυφος"), ("Ωmega", "ωMEGA"), ("ŁÓDŹ", "łódź"), ("a\r\n b", "A B")],
)
def test_folding_ignores_case_in_every_script(text: str, same: str) -> None:
    assert folded(text) == folded(same)
    assert folded(folded(text)) == folded(text)


def test_folding_keeps_accents() -> None:
    assert folded("é") != folded("e")


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("", []),
        (" , ,, ", []),
        ("Crew Dragon", ["crew", "dragon"]),
        ("crew,dragon\tcrew", ["crew", "dragon"]),
        ('"Space  Walk" one', ["space walk", "one"]),
        ('"a, b"', ["a, b"]),
        ('one"two three"four', ["one", "two three", "four"]),
        ('"crew dragon', ["crew", "dragon"]),
        ('""', []),
        ('" "', []),
        ("100% a_b it's", ["100%", "a_b", "it's"]),
        ("Crew-11", ["crew-11"]),
    ],
)
def test_a_search_is_cut_at_white_space_and_commas_and_quotes_group(text: str, terms: list[str]) -> None:
    assert search_terms(text) == terms


@given(hostile_texts() | st.text())
def test_every_term_of_a_search_can_be_found_in_it(text: str) -> None:
    terms = search_terms(text)
    assert len(terms) == len(set(terms))
    assert all(term and term in folded(text) for term in terms)


@pytest.mark.parametrize("text", ["box", "a-b.example", "A.example:8000", "127.0.0.1", "[::1]", "[::1]:80"])
def test_what_an_address_can_name_is_a_host(text: str) -> None:
    assert is_host(text)


@pytest.mark.parametrize("text", ["", "my_box", "a b", "x@a", "a/b", "a:", "a:x", "a:123456", "::1", "bücher", "a\n"])
def test_anything_else_is_none(text: str) -> None:
    assert not is_host(text)


BIDI = st.lists(st.sampled_from([*EMBEDDINGS, *ISOLATES, PDI, PDF, "\u200f", "\u061c", "א", "ع", "١", "a", " "]))
DEEP = st.builds(lambda chars, times: "".join(chars) * times, BIDI, st.integers(1, 80))
LINES = (DEEP | hostile_texts() | st.text()).map(one_line)


@given(LINES)
@example("\u202e" * 200)
@example("\u2069" * 3 + "\u202e")
@example("\u2067\u202e\u2069\u202e")
def test_at_the_seam_nothing_of_an_isolated_line_is_open(line: str) -> None:
    found = isolated(line)
    assert open_after(found) == (0, 0, 0)
    # Nor does any of it reach beyond: within what comes before, it closes nothing.
    assert open_after(f"\u202b\u2067{found}") == (2, 0, 0)


@given(LINES)
def test_isolated_or_not_a_line_says_the_same(line: str) -> None:
    controls = dict.fromkeys(map(ord, EMBEDDINGS + ISOLATES + PDI + PDF))
    assert isolated(line).translate(controls) == line.translate(controls)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Crew-11 Docking", "Crew-11 Docking"),
        ("Événement, 虚构事件, 👩🏽\u200d🚀", "Événement, 虚构事件, 👩🏽\u200d🚀"),
        ("שלום", "\u2068שלום\u2069"),
        ("\u202eturned", "\u2068\u202eturned\u202c\u2069"),
        ("a\u202c\u2069b", "\u2068ab\u2069"),
        ("\u202aa\u2067b", "\u2068\u202aa\u2067b\u2069\u202c\u2069"),
        ("\u2067a\u202eb\u2069c", "\u2068\u2067a\u202eb\u202c\u2069c\u2069"),
        ("", ""),
    ],
)
def test_only_what_could_turn_words_round_is_isolated(text: str, found: str) -> None:
    assert isolated(text) == found


def test_an_unclosed_override_would_be_open_at_the_seam() -> None:
    assert open_after("\u202eturned") == (1, 0, 0)


@pytest.mark.parametrize(
    ("scraped", "title"),
    [
        ("NASA&#39;s Crew-11", "NASA's Crew-11"),
        ("Launch &amp; Landing &#x2014; Live", "Launch & Landing — Live"),
        ("&amp;#39; once", "&#39; once"),
        ("&lt;b&gt;", "<b>"),
        ("Q&A, AT&T, R&D; rock &copy roll", "Q&A, AT&T, R&D; rock &copy roll"),
        ("&notanentity; &nosuch;", "&notanentity; &nosuch;"),
        ("&nbsp;&#10;&#0;&#xD800;", "\ufffd\ufffd"),
        ("&#99999999; &#;", "&#99999999; &#;"),
    ],
)
def test_a_scraped_titles_references_are_resolved_once(scraped: str, title: str) -> None:
    assert scraped_line(scraped) == title


@pytest.mark.parametrize(
    ("text", "most", "found"),
    [("One two", 7, "One two"), ("One two three", 9, "One two…"), ("Onetwothree", 6, "Onetwo…"), ("", 0, "")],
)
def test_a_long_text_is_cut_at_the_end_of_a_word(text: str, most: int, found: str) -> None:
    assert shortened(text, most) == found


@given(st.text(), st.integers(1, 50))
def test_a_shortened_text_is_the_beginning_and_no_longer(text: str, most: int) -> None:
    found = shortened(text, most)
    assert found == text or text.startswith(found.removesuffix("…"))
    assert len(found) <= most + 1
