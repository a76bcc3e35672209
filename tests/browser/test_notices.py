"""Notices in a real Chromium: turned on, changed and stopped, shown by the worker, and every reason why not."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.chromium import FLAGS, find_chromium
from tests.browser.conftest import Visitor
from tests.browser.secure_front import secure_front
from tests.fake_ll2 import make_launch, make_record
from tests.processes import Server, free_port, running_server, wait_until
from tests.site import parse_record
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours
from webapp.domain.zones import zone_named
from webapp.ll2.parse import serialize_record
from webapp.runtime import utc_now
from webapp.store import Channel, ServerKeys, Store, Subscription

KEY = "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8"
ENDPOINT = "https://fcm.googleapis.com/fcm/send/one"
P256DH = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
# This Chromium has no push service to ask. The rest is real; and what is subscribed stays so from page to page.
PUSH_MANAGER = """
const kept = "test-subscription";
function subscription() {
  const given = JSON.parse(localStorage.getItem(kept));
  if (given === null) return null;
  const letters = atob(given.key.replaceAll("-", "+").replaceAll("_", "/"));
  const serverKey = Uint8Array.from(letters, (letter) => letter.charCodeAt(0)).buffer;
  const options = { userVisibleOnly: true, applicationServerKey: serverKey };
  const keys = { p256dh: "%s", auth: "%s" };
  return {
    endpoint: given.endpoint, options, expirationTime: given.until,
    toJSON: () => ({ endpoint: given.endpoint, keys, expirationTime: given.until }),
    unsubscribe: async () => { localStorage.removeItem(kept); return true; },
  };
}
PushManager.prototype.getSubscription = async () => subscription();
PushManager.prototype.subscribe = async ({ applicationServerKey: key, userVisibleOnly }) => {
  if (!userVisibleOnly) throw new Error("a notice must be shown");
  const letters = typeof key === "string" ? key : btoa(String.fromCharCode(...new Uint8Array(key)));
  const count = Number(localStorage.getItem("test-count") ?? 0) + 1;
  localStorage.setItem("test-count", count);
  // The first one ends within a week.
  const until = count === 1 && location.search === "?live=true" ? Date.now() + 3 * 24 * 3600 * 1000 : null;
  const endpoint = until ? "%s-old" : "%s";
  localStorage.setItem(kept, JSON.stringify({ key: letters, endpoint, until }));
  return subscription();
};
""" % (P256DH, AUTH, ENDPOINT, ENDPOINT)  # noqa: UP031 - braces are JavaScript's


@pytest.fixture(scope="module")
def pushing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store]]:
    """Give the https address of a server that sends notices, and its store."""
    folder, front = tmp_path_factory.mktemp("pushing"), free_port()
    store = Store(f"sqlite:///{folder / 'perigee.db'}")
    store.migrate()
    records = [make_record(1, name="Alpha docks"), make_launch(7)]
    with store.write() as writer:
        arrived = [ReceivedEntry(parse_record(one), serialize_record(one)) for one in records]
        writer.upsert_entries(arrived, now=utc_now())
        for kind in EntryKind:
            writer.update_progress(kind, imported_at=utc_now(), history_at=utc_now())
        writer.update_state(reached_at=utc_now())
        writer.browsers.put_server_keys(ServerKeys("AAAA", KEY), now=utc_now())
    public = f"https://127.0.0.1:{front}"
    with (
        running_server(folder, "--no-sync", PERIGEE_PUBLIC_URL=public) as server,
        secure_front(folder, front, to=server.port),
    ):
        yield public, store
    store.close()


@pytest.fixture(scope="module")
def trusting_browser(browser: Browser) -> Iterator[Browser]:
    """Give a Chromium that takes our certificate: it registers no service worker otherwise."""
    trusting = browser.browser_type.launch(
        executable_path=find_chromium(), args=[*FLAGS, "--ignore-certificate-errors"]
    )
    yield trusting
    trusting.close()


@pytest.fixture
def context(trusting_browser: Browser, pushing: tuple[str, Store]) -> Iterator[BrowserContext]:
    context = trusting_browser.new_context(timezone_id="Europe/Berlin", ignore_https_errors=True)
    context.grant_permissions(["notifications"], origin=pushing[0])
    context.add_init_script(PUSH_MANAGER)
    yield context
    context.close()


def list_stored(store: Store) -> list[Subscription]:
    with store.read() as snapshot:
        return [one.subscription for one in snapshot.notices.list_subscribers()]


def list_shown(page: Page) -> list[dict[str, Any]]:
    """Give the notices that the page's worker shows."""
    shown: list[dict[str, Any]] = page.evaluate(
        """async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(
            ({ title, body, tag, data, icon }) => ({ title, body, tag, data, icon }))"""
    )
    return shown


def turn_on(page: Page) -> None:
    """Turn notices on by the page's button, and wait until it says so."""
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#notices-state")).to_have_text("On. This device will be told.")


@pytest.mark.service
def test_one_turns_notices_on_changes_them_and_stops(pushing: tuple[str, Store], context: BrowserContext) -> None:
    url, store = pushing
    page = context.new_page()
    page.goto(f"{url}/?type__ids=2")
    page.get_by_role("link", name="Tell me", exact=True).first.click()
    expect(page).to_have_url(f"{url}/notices?type__ids=2")
    state, stop = page.locator("#notices-state"), page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_hidden()
    page.get_by_label("New webcasts").uncheck()
    page.get_by_label("Not at night").check()
    turn_on(page)
    (stored,) = list_stored(store)
    assert (stored.channel, stored.address, stored.query) == (Channel.PUSH, ENDPOINT, "?type__ids=2")
    assert json.loads(stored.keys or "") == {"p256dh": P256DH, "auth": AUTH}
    kinds = frozenset({NoticeKind.MOVES, NoticeKind.LIVE, NoticeKind.OUTCOME})
    quiet = QuietHours.parse("22:00-07:00")
    assert stored.choices == Choices(kinds, Lead.HOUR, zone_named("Europe/Berlin"), quiet)
    # Another time it says that it is on, with what was chosen; and what else is.
    page.goto(f"{url}/notices?id=1")
    expect(page.locator("#notices-others a")).to_have_text(["Docking"])
    page.get_by_label("Remind me").select_option("")
    turn_on(page)
    page.locator("#notices-others a").click()
    expect(state).to_have_text("On. This device will be told.")
    expect(page.get_by_label("New webcasts")).not_to_be_checked()
    expect(page.get_by_label("Not at night")).to_be_checked()
    page.get_by_label("Remind me").select_option("1 day")
    page.get_by_role("button", name="Save changes").click()
    expect(state).to_have_text("Saved.")
    assert [(one.query, one.choices.lead) for one in list_stored(store)] == [
        ("?type__ids=2", Lead.DAY),
        ("?id=1", None),
    ]
    stop.click()
    expect(state).to_contain_text("Off. Nothing about this is sent")
    assert [one.query for one in list_stored(store)] == ["?id=1"]
    page.get_by_role("button", name="Stop everything").click()
    expect(state).to_contain_text("Off. Nothing at all is sent")
    assert list_stored(store) == []
    assert page.evaluate("localStorage.getItem('test-subscription')") is None


@pytest.mark.service
def test_a_subscription_about_to_end_is_taken_anew(pushing: tuple[str, Store], context: BrowserContext) -> None:
    url, store = pushing
    page = context.new_page()
    page.goto(f"{url}/notices?live=true")
    turn_on(page)
    (ending,) = list_stored(store)
    assert ending.address == f"{ENDPOINT}-old"
    assert ending.expires_at is not None
    page.reload()
    expect(page.locator("#notices-state")).to_have_text("On. This device will be told.")
    (fresh,) = list_stored(store)
    assert (fresh.address, fresh.query, fresh.choices, fresh.expires_at) == (
        ENDPOINT, ending.query, ending.choices, None,
    )  # fmt: skip
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#notices-state")).to_contain_text("Off.")
    assert list_stored(store) == []


@pytest.mark.service
def test_the_worker_takes_along_what_the_browser_has_ended(pushing: tuple[str, Store], context: BrowserContext) -> None:
    url, store = pushing
    page = context.new_page()
    page.goto(f"{url}/notices?id=1")
    turn_on(page)
    (before,) = list_stored(store)
    wait_until(lambda: context.service_workers != [])
    worker = context.service_workers[0]
    # A browser either gives the new subscription, or leaves it to the worker to ask for one, as the old one was.
    change = """async ([oldEndpoint, endpoint, isGiven, keys]) => {
        const given = { toJSON: () => ({ endpoint, keys }) };
        const options = { userVisibleOnly: true };
        self.registration.pushManager.subscribe = async (asked) => {
            if (asked !== options) throw new Error("it was asked for otherwise");
            return given;
        };
        let done = null;
        self.onpushsubscriptionchange({
            oldSubscription: { endpoint: oldEndpoint, options },
            newSubscription: isGiven ? given : null,
            waitUntil: (promise) => { done = promise; },
        });
        await done;
    }"""
    keys, old = {"p256dh": P256DH, "auth": AUTH}, ENDPOINT
    for number, is_given in enumerate((True, False)):
        worker.evaluate(change, [old, f"{ENDPOINT}-{number}", is_given, keys])
        (after,) = list_stored(store)
        old = f"{ENDPOINT}-{number}"
        assert (after.address, after.query, after.choices) == (old, before.query, before.choices)
    with store.write() as writer:
        assert writer.notices.remove_subscribers(Channel.PUSH, [after.name]) == 1


@pytest.mark.service
def test_with_the_keyboard_alone(pushing: tuple[str, Store], context: BrowserContext) -> None:
    url, store = pushing
    page = context.new_page()
    page.goto(f"{url}/notices?id=1")
    page.get_by_label("Date changes").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices-state")).to_have_text("On. This device will be told.")
    page.get_by_role("button", name="Stop", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#notices-state")).to_contain_text("Off.")
    assert list_stored(store) == []


@pytest.mark.service
def test_the_worker_shows_what_a_push_service_brings_once_and_opens_its_page(
    pushing: tuple[str, Store], context: BrowserContext
) -> None:
    url, _ = pushing
    page = context.new_page()
    page.goto(f"{url}/notices?id=1")
    turn_on(page)
    line = context.new_cdp_session(page)
    registrations: list[dict[str, Any]] = []
    line.on("ServiceWorker.workerRegistrationUpdated", lambda seen: registrations.extend(seen["registrations"]))
    line.send("ServiceWorker.enable")
    page.wait_for_timeout(300)
    number = next(one["registrationId"] for one in registrations if one["scopeURL"].startswith(url))

    def deliver(data: str) -> None:
        line.send("ServiceWorker.deliverPushMessage", {"origin": url, "registrationId": number, "data": data})
        page.wait_for_timeout(500)

    told = {"title": "Alpha docks moved later", "body": "Delayed by 1 d.", "tag": "event-1", "lang": "en"}
    message = {"web_push": 8030, "notification": {**told, "navigate": f"{url}/events/1", "renotify": True}}
    deliver(json.dumps(message))
    deliver(json.dumps(message))
    (shown,) = list_shown(page)
    assert {name: shown[name] for name in ("title", "body", "tag", "data")} == {
        "title": told["title"], "body": told["body"], "tag": "event-1", "data": {"navigate": f"{url}/events/1"},
    }  # fmt: skip
    assert context.request.get(shown["icon"]).headers["content-type"] == "image/png"
    message["notification"] |= {"body": "Delayed by 2 d."}  # type: ignore[operator]
    deliver(json.dumps(message))
    assert [one["body"] for one in list_shown(page)] == ["Delayed by 2 d."]
    deliver("no JSON")
    assert {one["title"] for one in list_shown(page)} == {"Alpha docks moved later", "Perigee"}


@pytest.mark.service
def test_whoever_may_not_or_cannot_is_told_why(pushing: tuple[str, Store], trusting_browser: Browser) -> None:
    url, store = pushing
    before = list_stored(store)
    cases = {
        "Object.defineProperty(Notification, 'permission', { get: () => 'denied' })": "blocks notices from this site",
        "delete window.PushManager": "This browser can’t show notices",
        "delete window.PushManager; Object.defineProperty(navigator, 'standalone', { get: () => false })":
            "first add Perigee to your home screen",
        "Object.defineProperty(window, 'isSecureContext', { get: () => false })": "only allow notices from https",
    }  # fmt: skip
    for script, words in cases.items():
        context = trusting_browser.new_context(ignore_https_errors=True)
        context.add_init_script(script)
        page = context.new_page()
        page.goto(f"{url}/notices")
        expect(page.locator("#notices-state")).to_contain_text(words)
        expect(page.locator("#notices-form")).to_be_hidden()
        context.close()
    context = trusting_browser.new_context(ignore_https_errors=True, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/notices?live=true")
    expect(page.locator("#notices-form")).to_be_hidden()
    # Chromium shows no <noscript> where only its protocol forbids scripts.
    assert page.locator("noscript a").first.get_attribute("href") == "/subscribe?live=true"
    context.close()
    context = trusting_browser.new_context(ignore_https_errors=True)
    context.add_init_script("Notification.requestPermission = async () => 'default'")
    page = context.new_page()
    page.goto(f"{url}/notices")
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#notices-state")).to_have_text("Notices were not allowed, so they stay off.")
    context.close()
    assert list_stored(store) == before


def test_the_demo_shows_changes_by_its_own_worker(demo_server: Server, visit: Visitor) -> None:
    visited = visit(f"{demo_server.url}/about", permissions=["notifications"])
    page = visited.page
    feeds: list[str] = []

    def answer(route: Route) -> None:
        """Give the feed of changes without its newest item at first, and with it from the second time on."""
        feeds.append(route.request.url)
        feed = route.fetch().json()
        if len(feeds) == 1:
            del feed["items"][0]
        route.fulfill(json=feed)

    page.route("**/feeds/changes.json*", answer)
    visited.open(f"{demo_server.url}/notices")
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#notices-state")).to_contain_text("On, while this page stays open")
    wait_until(lambda: list_shown(page) != [])
    (shown,) = list_shown(page)
    assert shown["title"]
    assert "2031" in shown["body"]
    assert shown["data"]["navigate"].startswith(demo_server.url)
    expect(page.locator("#notices-shown a")).to_have_text([shown["title"]])
    assert "change=slipped" in feeds[0]
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(page.locator("#notices-state")).to_contain_text("Off.")
    assert visited.complaints == []
