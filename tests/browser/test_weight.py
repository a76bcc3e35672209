"""What a first visit costs a reader's line."""

from playwright.sync_api import Browser

from tests.processes import Server

KILOBYTE = 1000


def test_a_first_visit_weighs_at_most_100_kilobytes_of_which_40_are_scripts(
    demo_server: Server, browser: Browser
) -> None:
    context = browser.new_context()  # With an empty cache of its own.
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    kinds: dict[str, str] = {}
    weights: dict[str, float] = {}
    line.on("Network.responseReceived", lambda seen: kinds.update({seen["requestId"]: seen["type"]}))
    line.on("Network.loadingFinished", lambda seen: weights.update({seen["requestId"]: seen["encodedDataLength"]}))
    page.goto(demo_server.url + "/", wait_until="networkidle")
    context.close()
    kind_of = {number: kinds[number] for number in weights}
    assert {"Document", "Script", "Stylesheet", "Font"} <= set(kind_of.values())
    scripts = sum(weight for number, weight in weights.items() if kind_of[number] == "Script")
    everything = sum(weight for number, weight in weights.items() if kind_of[number] != "Image")
    assert scripts <= 40 * KILOBYTE
    assert everything <= 100 * KILOBYTE
