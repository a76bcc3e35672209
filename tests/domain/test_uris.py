import re
import sys

import idna
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.factories import hostile_texts
from webapp.domain.text import host_of, one_line
from webapp.domain.uris import ascii_host, readable_host, web_url

_UNRESERVED, _SUB_DELIMS, _ENCODED = r"A-Za-z0-9\-._~", r"!$&'()*+,;=", r"%[0-9A-Fa-f]{2}"
_CHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_ENCODED})"
_HOST = rf"(?:\[[0-9A-Fa-f:.]+\]|(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_ENCODED})+)"
_USER = rf"(?:(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_ENCODED})*@)?"
URI = re.compile(
    rf"[Hh][Tt][Tt][Pp][Ss]?://{_USER}{_HOST}(?::[0-9]*)?(?:/{_CHAR}*)*(?:\?(?:{_CHAR}|[/?])*)?(?:#(?:{_CHAR}|[/?])*)?"
)
"""The grammar of RFC 3986, appendix A, as far as it concerns an address of `http` or `https` with a host."""

TOUGH = {
    "https://пример.example/эфир": "https://xn--e1afmkfd.example/%D1%8D%D1%84%D0%B8%D1%80",
    "https://münchen.example:8443/": "https://xn--mnchen-3ya.example:8443/",
    "https://straße.example": "https://xn--strae-oqa.example",
    "https://例え。テスト/": "https://xn--r8jz45g.xn--zckzah/",
    "https://example.org/a b": "https://example.org/a%20b",
    "https://example.org/a\u00a0b": "https://example.org/a%C2%A0b",
    "https://example.org/a\r\n\tb": "https://example.org/ab",
    "https://example.org/é/事件?é=ü&a[]=1#ф#x": (
        "https://example.org/%C3%A9/%E4%BA%8B%E4%BB%B6?%C3%A9=%C3%BC&a%5B%5D=1#%D1%84%23x"
    ),
    "https://example.org/100%/%zz/%20/%C3%A9": "https://example.org/100%25/%25zz/%20/%C3%A9",
    'https://example.org/"onload="alert(1)': "https://example.org/%22onload=%22alert(1)",
    "https://example.org/<script>": "https://example.org/%3Cscript%3E",
    "https://example.org/{id}|^`": "https://example.org/%7Bid%7D%7C%5E%60",
    "https://us er:p@ss@example.org/'": "https://us%20er:p%40ss@example.org/'",
}
"""Addresses as they are found, and how they are written."""


@pytest.mark.parametrize(
    "url",
    [
        "https://www.nasa.gov/",
        "http://plus.nasa.gov/video/a,b;c",
        "HTTPS://example.org:8443/a?b=c&d=%20#e",
        "https://example.org/?",
        "https://example.org?x#",
        "https://my_box.example:",
        "https://[2001:db8::1]/",
        "https://user:pass@example.org/'",
        "https://xn--mnchen-3ya.example/",
    ],
)
def test_a_uri_is_kept_as_it_is(url: str) -> None:
    assert (web_url(url), web_url(f" {url}\r\n")) == (url, url)


@pytest.mark.parametrize(("url", "written"), TOUGH.items())
def test_any_other_is_encoded_as_browsers_do(url: str, written: str) -> None:
    assert web_url(url) == written


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "   ",
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "JavaScript:alert(1)//https://example.org/",
        "data:text/html,<script>alert(1)</script>",
        "ftp://example.org/",
        "file:///etc/passwd",
        "//example.org/",
        "/video",
        "example.org/video",
        "https:",
        "https://",
        "https:///video",
        "https://:443/",
        "https://user@/",
        "https://./",
        "https://example.org:port/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:٣/",
        "https://[::1/",
        "https://[example]/",
        "https://[fe80::1%eth0]/",
        "https://exa mple.org/",
        "https://example%2eorg/",
        "https://пример\u202e.example/",
        f"https://{'ф' * 64}.example/",
        "https://example.org/\x00",
        "https://example.org/\x9b",
        "https://example.org/\ud800",
        "https://example.org/\\..\\",
        "https://example.org\uff0fevil.example/",
    ],
)
def test_what_is_no_web_address_is_none(url: str | None) -> None:
    assert web_url(url) is None


@given(hostile_texts() | st.text().map("https://".__add__) | st.text().map("http://example.org/".__add__))
@example("https://" + "".join(map(chr, range(0x20, 0x3000))))
def test_any_text_is_a_uri_or_none_and_a_uri_stays_as_it_is(text: str) -> None:
    url = web_url(text)
    if url is not None:
        assert URI.fullmatch(url)
        assert (web_url(url), one_line(url), host_of(url) != "") == (url, url, True)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\\")))
def test_whatever_stands_in_a_path_is_encoded_and_never_dropped(path: str) -> None:
    assert web_url(f"https://example.org/{path}") is not None


def test_a_host_is_the_one_that_browsers_find() -> None:
    """For each letter that the rules of domain names know, in every script; a newer Unicode may know more of them."""
    known, others = 0, []
    for char in map(chr, range(0x80, sys.maxunicode + 1, 7)):
        host = f"a{char}b.example"
        try:
            expected = idna.encode(host, uts46=True).decode()
        except UnicodeError:
            continue
        known += 1
        if ascii_host(host) not in {expected, None}:
            others.append(char)
    assert known > 15_000
    # Variants of glyphs beyond those in use, and mathematical and archaic sigmas.
    assert {char for char in others if not 0xE0100 <= ord(char) <= 0xE01EF} <= set("ϲ𝛓𝜍𝝇𝞁𝞻")


@pytest.mark.parametrize(
    ("host", "readable"),
    [
        ("xn--e1afmkfd.example", "пример.example"),
        ("XN--E1AFMKFD.example", "пример.example"),
        ("www.example.org", "www.example.org"),
        ("xn--a", "xn--a"),
        ("xn--", "xn--"),
        ("xn--\ud800", "xn--\ud800"),
        ("xn--ab-g4t", "xn--ab-g4t"),
    ],
)
def test_a_host_can_be_read(host: str, readable: str) -> None:
    assert readable_host(host) == readable


@given(st.text(st.characters(codec="ascii"), max_size=20).map("xn--".__add__))
def test_a_host_that_is_read_is_the_same_host(host: str) -> None:
    found = readable_host(host)
    assert found == host or ascii_host(found) == host.lower()
