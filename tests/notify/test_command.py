"""`perigee notify`, and what other commands say of rules."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from tests.clock import NOW
from tests.factories import make_entry
from tests.notify.receiver import running_receiver
from tests.processes import run_here
from webapp.domain.entry import EntryKind, ReceivedEntry
from webapp.store import Store

pytestmark = pytest.mark.slow

PUBLIC = {"PERIGEE_PUBLIC_URL": "https://space.example"}


def rules(folder: Path, *targets: str) -> dict[str, str]:
    """Write a file of rules, called a, b and so on, and give the environment that names it."""
    file = folder / "rules.toml"
    tables = [f'[[rule]]\nname = "{name}"\ntarget = "{target}"\n' for name, target in zip("abc", targets, strict=False)]
    file.write_text("\n".join(tables))
    return PUBLIC | {"PERIGEE_NOTIFY": str(file)}


def test_a_test_is_sent_by_each_rule_or_by_one(tmp_path: Path) -> None:
    with running_receiver() as receiver:
        environ = rules(tmp_path, f"http://{receiver.address}/a", f"http://{receiver.address}/b")
        done = run_here("notify", "--test", data=tmp_path, **environ)
        assert (done.returncode, done.stdout) == (0, "a: sent\nb: sent\n")
        one = run_here("notify", "--test", "b", data=tmp_path, **environ)
        assert (one.returncode, one.stdout) == (0, "b: sent\n")
        receiver.answers.ahead.append((500, {}))
        failed = run_here("notify", "--test", data=tmp_path, **environ)
        assert (failed.returncode, failed.stdout) == (1, "a: not taken: it answered with status 500\nb: sent\n")
        unknown = run_here("notify", "--test", "c", data=tmp_path, **environ)
        assert (unknown.returncode, unknown.stderr) == (1, 'Error: there is no rule "c"\n')
    assert [one.path for one in receiver.received] == ["/a", "/b", "/b", "/b"]
    assert json.loads(receiver.received[0].body)["title"] == "A test from Perigee"


def test_without_rules_it_is_said_what_to_set(tmp_path: Path) -> None:
    done = run_here("notify", "--test", data=tmp_path)
    assert (done.returncode, done.stderr) == (1, "Error: there are no rules: set PERIGEE_NOTIFY\n")
    assert run_here("notify", data=tmp_path).returncode == 2


def test_a_dry_run_prints_what_would_have_been_sent(tmp_path: Path) -> None:
    environ = rules(tmp_path, "https://a.example/")
    assert run_here("migrate", data=tmp_path, **environ).returncode == 0
    with closing(Store(f"sqlite:///{tmp_path / 'perigee.db'}")) as store, store.write() as writer:
        writer.update_progress(EntryKind.EVENT, imported_at=NOW)
        writer.upsert_entries([ReceivedEntry(make_entry(), "{}")], now=NOW)
    done = run_here("notify", "--dry-run", "2026-03-01", data=tmp_path, **environ)
    assert done.stdout.splitlines() == [
        "1 March 2026, 09:30 UTC  a: New: Meridian 1 Docking. Added: 14 March 2026, 07:12 UTC.",
        "1 notice would have been sent.",
    ]
    later = run_here("notify", "--dry-run", "2026-03-02", data=tmp_path, **environ)
    assert later.stdout == "0 notices would have been sent.\n"


def test_a_restored_copy_is_paused_until_it_is_resumed(tmp_path: Path) -> None:
    environ, copy = rules(tmp_path, "https://a.example/"), tmp_path / "copy.db"
    for command in (("migrate",), ("backup", str(copy))):
        assert run_here(*command, data=tmp_path, **environ).returncode == 0
    (tmp_path / "perigee.db").unlink()
    restored = run_here("restore", str(copy), data=tmp_path, **environ)
    assert restored.stdout.splitlines()[1:] == [
        "It sends no notices until you run `perigee notify --resume`: its original may be sending."
    ]
    said = [run_here("notify", "--resume", data=tmp_path, **environ).stdout for _ in range(2)]
    assert said == ["Notices are sent again, of what comes from now on.\n", "Notices were not paused.\n"]


@pytest.mark.parametrize("command", ["config", "doctor", "migrate", "serve"])
def test_rules_with_a_fault_are_refused_by_every_command(tmp_path: Path, command: str) -> None:
    environ = rules(tmp_path, "nowhere")
    done = run_here(command, data=tmp_path, **environ)
    fault = f'{environ["PERIGEE_NOTIFY"]}: rule "a", target: expected an https address of a webhook, or an address of'
    assert done.returncode == 1
    assert fault in (done.stdout if command == "config" else done.stderr)
