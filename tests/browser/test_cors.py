"""What a script of another web site gets of our feeds, in a real browser: preflights, conditions, errors, headers."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page

from tests.processes import Server

pytestmark = pytest.mark.browser

ASK = """
async ([address, headers]) => {
  const answer = await fetch(address, { headers, cache: "no-store" });
  const body = await answer.text();
  return [answer.status, answer.headers.get("etag"), body.length > 0];
}
"""


class Elsewhere(BaseHTTPRequestHandler):
    """Another web site, of one empty page."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser, elsewhere: str) -> Iterator[Page]:
    """Give a page of another origin."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(elsewhere)
    yield page
    context.close()


@pytest.mark.parametrize("path", ["/feeds/events.ics", "/feeds/events.json?q=docking", "/feeds.opml"])
def test_a_script_reads_a_feed_and_asks_again_by_its_etag(page: Page, sample_server: Server, path: str) -> None:
    address = sample_server.url + path
    status, etag, has_body = page.evaluate(ASK, [address, {}])
    assert (status, etag[:1], has_body) == (200, '"', True)
    # This header alone makes the browser ask first whether it may be sent.
    assert page.evaluate(ASK, [address, {"If-None-Match": etag}]) == [304, etag, False]


@pytest.mark.parametrize(("path", "status"), [("/feeds/events.ics?alarm=x", 400), ("/events/1.ics", 404)])
def test_a_script_that_is_refused_learns_why(page: Page, sample_server: Server, path: str, status: int) -> None:
    assert page.evaluate(ASK, [sample_server.url + path, {"If-None-Match": '"x"'}]) == [status, None, True]


def test_a_script_is_led_to_the_address_meant(page: Page, sample_server: Server) -> None:
    assert page.evaluate(ASK, [sample_server.url + "/feeds/events.rss/", {}])[0] == 200
