"""The owner's targets over real HTTP: signed webhooks, and chats by Apprise in its own process."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.clock import NOW, ManualClock
from tests.notify.receiver import Received, Receiver, running_receiver
from tests.notify.stage import ADDRESSES, Stage, event
from webapp.domain.clock import Clock
from webapp.domain.notices import Choices
from webapp.notify.apprise_process import AppriseProcess
from webapp.notify.channels import Gone, Outcome, Retry, Sent
from webapp.notify.outbox import Outbox
from webapp.notify.rules import Rule
from webapp.notify.targets import TargetSender, present_text
from webapp.notify.trial import list_past_notices, trial_message
from webapp.notify.webhooks import post_item
from webapp.store import Channel, Subscription

NODE = shutil.which("node") or ""
SECRET = "a secret of ours"
DOCUMENT = (Path(__file__).resolve().parents[2] / "docs" / "notices.md").read_text("utf-8")
MESSAGE = trial_message("https://space.example/", NOW)
CLOCK: Clock = ManualClock()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with running_receiver() as server:
        yield server


def make_rule(target: str, **fields: Any) -> Rule:
    return Rule(Subscription(Channel.TARGET, "club", "", Choices()), target, **fields)


def make_sender(*rules: Rule) -> TargetSender:
    return TargetSender(rules, CLOCK, user_agent="Perigee/test", about="https://space.example/")


def post(receiver: Receiver, **options: Any) -> Outcome:
    target = f"http://{receiver.address}/hook"
    return post_item(target, MESSAGE.item, SECRET, CLOCK, user_agent="Perigee/test", **options)


def test_a_webhook_gets_the_item_signed(receiver: Receiver) -> None:
    assert post(receiver) == Sent()
    (received,) = receiver.received
    assert json.loads(received.body) == MESSAGE.item
    assert received.headers["content-type"] == "application/json"
    assert received.headers["user-agent"] == "Perigee/test"
    assert received.headers["perigee-time"] == str(int(NOW.timestamp()))
    assert re.fullmatch(r"sha256=[0-9a-f]{64}", received.headers["perigee-signature"])


def test_without_a_secret_there_is_no_signature(receiver: Receiver) -> None:
    assert make_sender().send_by(make_rule(f"http://{receiver.address}/"), MESSAGE) == Sent()
    assert "perigee-signature" not in receiver.received[0].headers


@pytest.mark.parametrize(
    ("status", "headers", "outcome"),
    [
        (500, {}, Retry("it answered with status 500")),
        (404, {}, Retry("it answered with status 404")),
        (429, {"Retry-After": "90"}, Retry("it answered with status 429", timedelta(seconds=90))),
        (410, {}, Gone("it answered with status 410")),
        (302, {"Location": "http://169.254.169.254/"}, Retry("its answer redirects elsewhere (302)")),
    ],
)
def test_whatever_is_no_success_is_said(
    receiver: Receiver, status: int, headers: dict[str, str], outcome: Outcome
) -> None:
    receiver.answers.ahead.append((status, headers))
    assert post(receiver) == outcome


def test_a_webhook_that_is_not_there_is_said() -> None:
    with running_receiver() as receiver:
        pass
    assert post(receiver) == Retry("it could not be reached (ConnectionError)")


def signed(receiver: Receiver) -> Received:
    post(receiver)
    return receiver.received[0]


def altered(received: Received) -> list[Received]:
    """Give requests that nobody signed."""
    old = {"perigee-time": str(int(NOW.timestamp()) - 301)}
    return [
        replace(received, body=received.body.replace(b"test", b"jest")),
        replace(received, headers=received.headers | {"perigee-signature": "sha256=" + "0" * 64}),
        replace(received, headers=received.headers | {"perigee-signature": "0"}),
        replace(received, headers=received.headers | old),
    ]


def snippet(language: str) -> str:
    (code,) = re.findall(f"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)
    return str(code)


def test_the_documented_python_verifies_a_request(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    received, namespace = signed(receiver), dict[str, Any]()
    exec(snippet("python"), namespace)  # noqa: S102 - our own documentation
    monkeypatch.setattr("time.time", lambda: NOW.timestamp() + 200)
    found = []
    for one in [received, *altered(received)]:
        headers = {name.title(): value for name, value in one.headers.items()}
        found.append(namespace["is_from_perigee"](SECRET, headers, one.body))
    assert found == [True, False, False, False, False]


@pytest.mark.skipif(not NODE, reason="needs Node.js")
def test_the_documented_javascript_verifies_a_request(receiver: Receiver) -> None:
    received = signed(receiver)
    cases = [[one.headers, one.body.decode()] for one in [received, *altered(received)]]
    script = f"""{snippet("javascript")}
    Date.now = () => {int(NOW.timestamp() * 1000) + 200_000};
    const cases = {json.dumps(cases)};
    const judge = ([headers, body]) => isFromPerigee({json.dumps(SECRET)}, headers, Buffer.from(body));
    console.log(JSON.stringify(cases.map(judge)));"""
    found = subprocess.run([NODE, "-e", script], capture_output=True, text=True, check=True)
    assert json.loads(found.stdout) == [True, False, False, False, False]


def test_the_examples_that_verify_have_about_twelve_lines() -> None:
    assert [len(snippet(language).strip().splitlines()) for language in ("python", "javascript")] == [11, 10]


def test_discord_is_given_the_instant_for_each_readers_zone() -> None:
    _, body = present_text(make_rule("discord://1/2"), MESSAGE)
    seconds = int(NOW.timestamp())
    assert body == f"{MESSAGE.body}\n<t:{seconds}:F>, <t:{seconds}:R>\nhttps://space.example/"
    vague = replace(MESSAGE, item={"_perigee": {}})
    assert present_text(make_rule("discord://1/2"), vague)[1] == f"{MESSAGE.body}\nhttps://space.example/"


def test_the_owners_words_stand_in_place_of_ours() -> None:
    rule = make_rule("ntfy://topic", words="{title} | {body} | {url}")
    assert present_text(rule, MESSAGE) == ("", f"{MESSAGE.title} | {MESSAGE.body} | https://space.example/")


@pytest.mark.slow
def test_a_chat_is_told_by_apprise_from_a_process_of_its_own(receiver: Receiver) -> None:
    sender = make_sender()
    try:
        rule = make_rule(f"json://{receiver.address}/chat")
        assert sender.send_by(rule, MESSAGE) == Sent()
        receiver.answers.ahead.append((500, {}))
        outcome = sender.send_by(rule, MESSAGE)
        assert isinstance(outcome, Retry)
        assert "500" in outcome.fault
        assert sender.send_by(make_rule("nonsense://a"), MESSAGE) == Retry("Apprise does not understand its address")
        child = sender._apprise._child  # noqa: SLF001 - the process that is killed
        assert child is not None
        child.kill()
        child.wait()
        assert sender.send_by(rule, MESSAGE) == Sent()
        assert sender._apprise._child is not child  # noqa: SLF001 - as above
    finally:
        sender.stop()
    first, second = (json.loads(one.body) for one in receiver.received)
    assert (first["title"], first["message"]) == (MESSAGE.title, f"{MESSAGE.body}\nhttps://space.example/")
    assert first == second
    assert "apprise" not in sys.modules


def test_a_chat_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = (sys.executable, "-c", "import time; time.sleep(60)")
    monkeypatch.setattr("webapp.notify.apprise_process._COMMAND", silent)
    process = AppriseProcess("https://space.example/", timeout_s=0.2)
    assert process.send("json://127.0.0.1/", "a", "b") == Retry("it took longer than 0.2 s")
    monkeypatch.setattr("webapp.notify.apprise_process._COMMAND", (sys.executable, "-c", ""))
    assert process.send("json://127.0.0.1/", "a", "b") == Retry("the process that sends by Apprise failed")
    process.stop()


def test_without_apprise_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    outcome = AppriseProcess("https://space.example/").send("ntfy://topic", "a", "b")
    assert outcome == Retry("perigee[notify] is not installed")


def test_a_rule_that_is_gone_sends_nothing(stage: Stage) -> None:
    stage.subscribe()
    with stage.store.read() as snapshot:
        (subscriber,) = snapshot.notices.list_subscribers()
    assert make_sender().send(subscriber, MESSAGE) == Retry("there is no such rule any more")


def test_the_outbox_reaches_a_webhook(stage: Stage, receiver: Receiver) -> None:
    rule = make_rule(f"http://{receiver.address}/hook", secret=SECRET)
    outbox = Outbox(
        stage.store,
        write=stage.lease.write,
        is_held=stage.lease.hold,
        clock=stage.clock,
        senders={Channel.TARGET: make_sender(rule)},
        rules=[rule.subscription],
        addresses=ADDRESSES,
    )
    stage.outbox = outbox
    stage.settle()
    stage.receive(event())
    stage.settle()
    assert [json.loads(one.body)["title"] for one in receiver.received] == ["New: Docking 1"]


def test_a_dry_run_says_what_would_have_been_sent(stage: Stage) -> None:
    stage.receive(*(event(number) for number in range(1, 8)))
    stage.clock.advance(timedelta(hours=1))
    stage.receive(event(1, date=NOW + timedelta(days=2)), event(2, date=NOW + timedelta(days=3)))
    chosen = Rule(Subscription(Channel.TARGET, "one", "?id=2", Choices()), "ntfy://a")
    with stage.store.read() as snapshot:
        rules = [make_rule("ntfy://a"), chosen]
        all_ = [(one.at, one.rule, one.words.title) for one in list_past_notices(snapshot, rules, NOW)]
        late = list(list_past_notices(snapshot, rules, stage.clock.now))
    hour = NOW + timedelta(hours=1)
    assert all_ == [
        (NOW, "club", "7 entries have changed"),
        (NOW, "one", "New: Docking 2"),
        (hour, "club", "Docking 1 moved later"),
        (hour, "club", "Docking 2 moved later"),
        (hour, "one", "Docking 2 moved later"),
    ]
    assert len(late) == 3
