"""Every text of an entry is clean, as `Entry` says, whatever arrives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser.hostile_texts import TEXTS
from tests.clean_texts import MULTI_LINE, entries_of, record_of, text_fields, texts_of, unclean_texts
from tests.factories import hostile_texts
from webapp.domain.comparison import compare
from webapp.ll2.parse import parse_event

SLUG = {"slug": "x"}


def test_a_record_can_have_every_text_of_an_entry() -> None:
    found = {name for entry in entries_of("x") for name, text in texts_of(entry) if text}
    assert found == text_fields() > MULTI_LINE


@settings(max_examples=200)
@given(st.sampled_from(TEXTS) | hostile_texts() | st.text())
def test_every_text_is_clean(text: str) -> None:
    assert [unclean_texts(entry) for entry in entries_of(text)] == [[], []]


@pytest.mark.parametrize(
    ("arrived", "title"),
    [
        ("NASA&#39;s Crew-11 &amp; more", "NASA's Crew-11 & more"),
        ("&nbsp;YouTube&#10;", "YouTube"),
        ("a&#x2028;b&#0;", "a b\ufffd"),
        ("&amp;amp;", "&amp;"),
    ],
)
def test_the_character_references_of_a_scraped_title_are_resolved_once(arrived: str, title: str) -> None:
    entry = parse_event(record_of(arrived))
    assert (entry.webcasts[0].title, entry.links[0].title) == (title, title)
    assert entry.webcasts[0].publisher == arrived


@pytest.mark.parametrize(("one", "same"), [("Crew-11 docks", " Crew-11\r\n\tdocks\x00 "), ("A & B", "A  & B\u2029")])
def test_what_looks_alike_is_no_change(one: str, same: str) -> None:
    assert compare(parse_event(record_of(one) | SLUG), parse_event(record_of(same) | SLUG)) == ()


def test_a_title_that_a_scraper_escaped_or_did_not_is_the_same() -> None:
    titled = [
        {name: [{"url": "https://a.example/", "title": title}] for name in ("vid_urls", "info_urls")}
        for title in ("NASA&#39;s &amp; ESA&#39;s", "NASA's & ESA's")
    ]
    escaped, plain = (parse_event(record_of("x") | links) for links in titled)
    assert compare(escaped, plain) == compare(plain, escaped) == ()
