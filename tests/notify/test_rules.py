from datetime import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from webapp.domain.notices import Choices, Lead, NoticeKind, QuietHours
from webapp.notify.rules import InvalidRulesError, Rule, load_rules
from webapp.store import Channel, Subscription

WHOLE = """
[[rule]]
name = "club"
target = "discord://1/2"
query = "?type__ids=3,2&tz=Europe/Paris"
kinds = ["moves", "live"]
lead = "1 hour"
zone = "europe/berlin"
quiet = "22:00-07:00"
words = "{title}: {body} {url}"

[[rule]]
name = "my program"
target_file = "target.txt"
secret_file = "secret.txt"
kinds = []
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(folder: Path, text: str) -> tuple[Rule, ...]:
    file = folder / "rules.toml"
    file.write_text(text, "utf-8")
    return load_rules(file)


def faults(folder: Path, text: str) -> list[str]:
    with pytest.raises(InvalidRulesError) as caught:
        load(folder, text)
    return [str(fault) for fault in caught.value.faults]


def test_rules_are_read_with_their_defaults(folder: Path) -> None:
    (folder / "target.txt").write_text("http://10.0.0.7:8080/hook\n")
    (folder / "secret.txt").write_text("sixteen letters!\n")
    club, program = load(folder, WHOLE)
    choices = Choices(
        frozenset({NoticeKind.MOVES, NoticeKind.LIVE}),
        Lead.HOUR,
        ZoneInfo("Europe/Berlin"),
        QuietHours(time(22), time(7)),
    )
    subscription = Subscription(Channel.TARGET, "club", "?type__ids=2,3", choices)
    assert club == Rule(subscription, "discord://1/2", None, "{title}: {body} {url}")
    subscription = Subscription(Channel.TARGET, "my program", "", Choices(kinds=frozenset()))
    assert program == Rule(subscription, "http://10.0.0.7:8080/hook", "sixteen letters!")
    assert [club.is_webhook, program.is_webhook] == [False, True]


def test_no_target_and_no_secret_stands_in_a_log() -> None:
    rule = Rule(Subscription(Channel.TARGET, "a", "", Choices()), "tgram://token/1", "sixteen letters!")
    assert "token" not in repr(rule)
    assert "sixteen" not in repr(rule)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("target = 'example.org/hook'", "target: expected an https address of a webhook, or an address of Apprise"),
        ("target = 7", "target: expected an https address of a webhook, or an address of Apprise"),
        ("target_file = 'nowhere'", "target_file: expected a file that can be read"),
        ("secret = 'short'", "secret: expected at least 16 characters"),
        ("query = 'type__ids=x'", "query: expected a filter as in the address of a page, such as type__ids=3&webcast"),
        ("query = 'typ=3'", "query: expected a filter as in the address of a page, such as type__ids=3&webcast=true"),
        ("query = 'spacewalks'", "query: expected a filter as in the address of a page, such as type__ids=3&webcast"),
        ("kinds = 'moves'", "kinds: expected a list of any of added, moves, webcast, live, outcome"),
        ("kinds = ['slips']", "kinds: expected a list of any of added, moves, webcast, live, outcome"),
        ("lead = '2 hours'", "lead: expected one of 1 day, 1 hour, 10 minutes"),
        ("zone = 'Berlin'", "zone: expected a time zone such as Europe/Berlin"),
        ("quiet = '22-7'", "quiet: expected hours such as 22:00-07:00"),
        ("words = '{title.__class__}'", "words: expected a text with no other places than {title}, {body} and {url}"),
        ("words = '{'", "words: expected a text with no other places than {title}, {body} and {url}"),
        (
            "word = ''",
            "word: expected one of name, target, secret, query, kinds, lead, zone, quiet, words, target_file",
        ),
    ],
)
def test_a_fault_names_its_rule_and_what_was_expected(folder: Path, line: str, fault: str) -> None:
    target = "" if line.startswith("target") else "target = 'https://a.example/'\n"
    found = faults(folder, f"[[rule]]\nname = 'club'\n{target}{line}")
    assert found[0].startswith(f'rule "club", {fault}')


def test_all_faults_are_told_at_once(folder: Path) -> None:
    text = """
    rule = [{target = "https://a.example/"}, {name = "b", target = "a b", lead = ""},
            {name = "c", target = "ntfy://c"}, {name = "c", target = "ntfy://c"}]
    """
    assert faults(folder, text) == [
        "rule 1, name: expected a name of letters, digits, blanks, dots, hyphens and underscores",
        'rule "b", target: expected an https address of a webhook, or an address of Apprise',
        'rule "b", lead: expected one of 1 day, 1 hour, 10 minutes',
        'rule "c", name: expected a name that no other rule has',
    ]


def test_a_value_stands_in_the_file_or_in_one_of_its_own(folder: Path) -> None:
    (folder / "target.txt").write_text("ntfy://topic")
    text = "[[rule]]\nname = 'a'\ntarget = 'ntfy://a'\ntarget_file = 'target.txt'"
    assert faults(folder, text) == ['rule "a", target: expected this or target_file, not both']


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("rule", "it is no TOML: "),
        ("", "expected rules, each under [[rule]], and nothing else"),
        ("[rule]", "expected rules, each under [[rule]], and nothing else"),
        ("[[rules]]", "expected rules, each under [[rule]], and nothing else"),
        ("rule = [1]", "expected rules, each under [[rule]], and nothing else"),
    ],
)
def test_what_is_no_file_of_rules_is_refused(folder: Path, text: str, fault: str) -> None:
    assert faults(folder, text)[0].startswith(fault)


def test_a_file_that_cannot_be_read_is_refused(folder: Path) -> None:
    (folder / "rules.toml").mkdir()
    with pytest.raises(InvalidRulesError, match=r"rules\.toml: it cannot be read \(Is a directory\)$"):
        load_rules(folder / "rules.toml")
