"""What a first visit costs a reader's line."""

from playwright.sync_api import Browser

from tests.processes import Server

KILOBYTE = 1000


def test_a_first_visit_takes_at_most_8_requests_and_80_kilobytes_beside_its_picture(
    demo_server: Server, browser: Browser
) -> None:
    context = browser.new_context()  # With an empty cache of its own.
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    asked: dict[str, str] = {}
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}
    line.on("Network.requestWillBeSent", lambda seen: asked.update({seen["requestId"]: seen["request"]["url"]}))
    line.on("Network.responseReceived", lambda seen: kinds.update({seen["requestId"]: seen["type"]}))
    line.on("Network.loadingFinished", lambda seen: weights.update({seen["requestId"]: seen["encodedDataLength"]}))
    page.goto(demo_server.url + "/", wait_until="networkidle")
    context.close()
    pictures = {number for number, url in asked.items() if "/pictures/" in url}  # The hero's, once the demo has it.
    others = [url for number, url in asked.items() if number not in pictures and not url.startswith("data:")]
    requests = [url.partition("?")[0].rpartition("/")[2] for url in others]
    assert len(pictures) <= 1
    assert len(requests) <= 8
    assert sorted(set(requests) - {"favicon.svg"}) == [  # Which a browser asks for now and then.
        "",
        "glyphs.svg",
        "htmx.min.js",
        "lists.js",
        "main.js",
        "perigee.css",
        "stix-two-text-latin-wght-normal.woff2",
    ]
    scripts = sum(weight for number, weight in weights.items() if kinds.get(number) == "Script")
    assert scripts <= 25 * KILOBYTE
    assert sum(weight for number, weight in weights.items() if number not in pictures) <= 80 * KILOBYTE
    assert sum(weights.values()) <= 190 * KILOBYTE


def test_in_another_zone_it_asks_once_more_for_the_page_alone(demo_server: Server, browser: Browser) -> None:
    context = browser.new_context(timezone_id="Asia/Tokyo")
    page = context.new_page()
    documents: list[str] = []
    page.on("request", lambda request: documents.append(request.url) if request.resource_type == "document" else None)
    page.goto(demo_server.url + "/", wait_until="networkidle")
    context.close()
    assert documents == [demo_server.url + "/", demo_server.url + "/?tz=Asia/Tokyo"]
