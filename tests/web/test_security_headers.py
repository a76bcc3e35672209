from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256

import pytest

from tests.fake_ll2 import make_record
from tests.site import Site
from webapp import paths


def inline_script_hash() -> str:
    """Give the hash of the one script that stands in pages, as it stands there."""
    text = (paths.templates() / "_zone.js").read_text("utf-8").removesuffix("\n")
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def test_every_kind_of_answer_carries_the_security_headers(site: Callable[..., Site]) -> None:
    one = site(make_record(1))
    players = "https://www.youtube-nocookie.com https://player.vimeo.com https://vimeo.com https://player.twitch.tv"
    quoted = " ".join(f'"{origin}"' for origin in players.split())
    expected = {
        "Content-Security-Policy": (
            f"default-src 'none'; script-src 'self' '{inline_script_hash()}'; style-src 'self'; img-src 'self'; "
            f"font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
            f"frame-src {players}; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        ),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Permissions-Policy": (
            f"autoplay=(self {quoted}), encrypted-media=(self {quoted}), fullscreen=(self {quoted}), "
            f"picture-in-picture=(self {quoted}), camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        ),
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    for address in ("/", "/events/1", "/nowhere", "/?limit=x", "/feeds/events.ics", "/feeds/events.rss?past=x"):
        headers = one.client.get(address).headers
        assert {name: headers.get_all(name) for name in expected} == {
            name: [value] for name, value in expected.items()
        }, address
        assert "Set-Cookie" not in headers, address


def test_what_a_page_is_dressed_with_carries_one(site: Callable[..., Site]) -> None:
    one = site(make_record(1))
    html = one.get("/")[1]
    sheet = html.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    drawing = html.partition('<link rel="icon" type="image/svg+xml" href="')[2].partition('"')[0]
    with one.client.get(sheet) as answer:
        assert "Content-Security-Policy" not in answer.headers
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with one.client.get(drawing) as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "default-src" in one.client.get("/static/x/nothing.css").headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("public_url", "expected"),
    [("", None), ("http://events.example", None), ("https://events.example", "max-age=31536000")],
)
def test_https_is_asked_for_once_the_public_address_is_https(
    site: Callable[..., Site], public_url: str, expected: str | None
) -> None:
    one = site(make_record(1), PERIGEE_PUBLIC_URL=public_url)
    for path in ("/", "/feeds/events.ics", "/no-such-page", "/cards/events.png"):
        with one.client.get(path) as answer:
            assert answer.headers.get("Strict-Transport-Security") == expected
