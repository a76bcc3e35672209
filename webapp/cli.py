"""The `perigee` command."""

import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import click

from webapp import __version__
from webapp.domain.change_words import change_words
from webapp.domain.clock import as_utc
from webapp.domain.parameter_types import LARGEST_ID
from webapp.domain.text import isolated
from webapp.domain.words import moment_words
from webapp.logs import set_up_logging
from webapp.settings import OPTIONS, InvalidSettingsError, Option, Settings, unknown_names

if TYPE_CHECKING:
    from datetime import datetime

    from webapp.domain.entry import EntryKey
    from webapp.sync.engine import Engine, Report

_EPILOG = "Settings come from environment variables; `perigee config` lists them."


@click.group(epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="perigee")
def main() -> None:
    """Perigee: a self-hosted calendar of upcoming space events.

    To get started, run `perigee serve` and open http://127.0.0.1:8000/ in a browser.
    """
    # What is in the data folder, and in copies of it, is for its owner alone.
    os.umask(0o077)


@main.command()
@click.option("--sample", is_flag=True, help="Show the bundled sample of ten events; don't sync.")
@click.option("--demo", is_flag=True, help="Show a made-up year that demonstrates everything; don't sync.")
@click.option("--no-sync", is_flag=True, help="Only serve; run `perigee sync --watch` separately to sync.")
def serve(*, sample: bool, demo: bool, no_sync: bool) -> None:
    """Start the web server and sync in the background.

    Creates or upgrades the database first. Shows a sample until the first import is complete, unless PERIGEE_SAMPLE=off
    or PERIGEE_PUBLIC_URL is set. Press Ctrl-C to stop.
    """
    settings = _settings()
    # Imported here: `perigee --help` needs no web server.
    from webapp.instance.editions import DEMO, SAMPLE  # noqa: PLC0415
    from webapp.runtime import migrate_store, prepare_demo, prepare_sample, prepare_static  # noqa: PLC0415
    from webapp.serving import serve as serve_app  # noqa: PLC0415

    if sample and demo:
        raise click.UsageError("use either --sample or --demo, not both.")
    if (sample or demo) and settings.public_url:
        flag = "--demo" if demo else "--sample"
        raise click.UsageError(f"{flag} can't be used with a public address: unset PERIGEE_PUBLIC_URL first.")
    with _plain_errors():
        migrate_store(settings)
        prepare_static(settings)
        if demo:
            prepare_demo(settings)
        elif sample or settings.may_show_sample:
            prepare_sample(settings)
        forced = DEMO if demo else SAMPLE if sample else None
        serve_app(settings, forced=forced, syncs=not (forced or no_sync), on_ready=lambda: _say_where(settings))


@main.command()
@click.option("--once", "mode", flag_value="once", help="Import everything now, then stop (the default).")
@click.option("--watch", "mode", flag_value="watch", help="Keep syncing until stopped with Ctrl-C.")
def sync(mode: str | None) -> None:
    """Sync the database with Launch Library, within the hourly call budget.

    --watch prints a line for each call. A full import takes about a dozen calls. If the budget runs out first, --once
    exits with status 1 and says when to try again; the next run picks up where it stopped.

    If a running server or another process syncs this database, --once asks that one for what is new, prints its calls,
    and waits until they are done. Ctrl-C stops the waiting alone.

    Exit status of --once: 0 when done, 1 if a call failed, must wait or was not made within a minute, 130 after Ctrl-C.
    """
    settings = _settings()
    from webapp.runtime import migrate_store, utc_now  # noqa: PLC0415
    from webapp.signals import stopped_by_signal  # noqa: PLC0415
    from webapp.source import beside_syncing, make_engine  # noqa: PLC0415
    from webapp.sync.watch import watch  # noqa: PLC0415

    with _plain_errors():
        migrate_store(settings)
        engine = make_engine(settings, utc_now)
        if mode == "watch":
            with stopped_by_signal() as stop, beside_syncing(settings, utc_now, engine.lease):
                watch(engine, utc_now, stop, lambda line: click.echo(line.words))
        elif engine.lease.hold():
            _import_once(engine)
        else:
            _request_sync(settings)


@main.command()
def migrate() -> None:
    """Create the database, or upgrade it to the latest schema. Safe to repeat."""
    settings = _settings()
    from webapp.runtime import migrate_store  # noqa: PLC0415

    with _plain_errors():
        migrate_store(settings)
    click.echo("The database is ready.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Back up the database to a new FILE. Safe while Perigee is running.

    The backup is checked once it is written. `perigee restore` puts it back. For PostgreSQL, use pg_dump and
    pg_restore.
    """
    settings = _settings()
    from webapp.runtime import open_store  # noqa: PLC0415

    with _plain_errors(), closing(open_store(settings)) as store:
        store.back_up(file)
    click.echo(f"Backed up to {file}.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Restore the database from a backup FILE. Stop Perigee first.

    Checks the backup, keeps the present database under another name, and upgrades the restored one if it is older than
    this version of Perigee.
    """
    settings = _settings()
    from webapp.runtime import migrate_store, restore_store, utc_now  # noqa: PLC0415

    with _plain_errors():
        kept = restore_store(settings, file, now=utc_now())
        migrate_store(settings)
    click.echo(f"Restored from {file}." + (f" The database that was there is now {kept}." if kept else ""))
    if _is_paused(settings):
        click.echo("It sends no notices until you run `perigee notify --resume`: its original may be sending.")


def _is_paused(settings: Settings) -> bool:
    """Whether there is somebody to send notices to, and they are paused."""
    from webapp.runtime import open_store  # noqa: PLC0415

    with closing(open_store(settings)) as store, store.read() as snapshot:
        return snapshot.notices.is_paused and bool(settings.notify or snapshot.notices.list_subscribers())


@main.command()
@click.argument("entry_id", metavar="ID")
def history(entry_id: str) -> None:
    """Print the recorded changes of an entry, latest first.

    ID is its Launch Library ID: a number for an event, a UUID for a launch.
    """
    settings = _settings()
    from webapp.runtime import open_store  # noqa: PLC0415

    key = _key_of(entry_id)
    with _plain_errors(), closing(open_store(settings)) as store, store.read() as snapshot:
        stored, changes = snapshot.get_entry(key), snapshot.list_history(key)
    if stored is None:
        raise click.ClickException(f"{key} is not in the database")
    click.echo(f"{isolated(stored.entry.name)}  ({stored.entry.date_words})")
    for change in changes:
        click.echo(f"  {moment_words(change.seen_at)}  {change_words(change.change)}")
    if not changes:
        click.echo(f"  No changes since it was first seen on {moment_words(stored.first_seen)}.")


def _key_of(entry_id: str) -> "EntryKey":
    from webapp.domain.entry import EntryKey, EntryKind  # noqa: PLC0415

    if entry_id.isascii() and entry_id.isdigit() and 0 < int(entry_id) <= LARGEST_ID:
        return EntryKey.of_event(int(entry_id))
    try:
        return EntryKey(EntryKind.LAUNCH, str(UUID(entry_id)))
    except ValueError as error:
        raise click.BadParameter("expected an event's number or a launch's UUID", param_hint="ID") from error


@main.command()
@click.option("--offline", is_flag=True, help="Don't check the connection to Launch Library (the check uses no calls).")
def doctor(*, offline: bool) -> None:
    """Check for problems and suggest fixes. Exits with status 1 if there are any."""
    settings = _settings()
    from webapp.source import examine  # noqa: PLC0415

    with _plain_errors():
        findings = examine(settings, offline=offline)
    marks = {"fine": ("ok   ", "green"), "odd": ("note ", "yellow"), "wrong": ("ERROR", "red")}
    for finding in findings:
        mark, color = marks[finding.level.value]
        click.echo(f"{click.style(mark, fg=color)}  {finding.words}")
        if finding.remedy:
            click.echo(f"       {finding.remedy}")
    wrong = sum(finding.level.value == "wrong" for finding in findings)
    click.echo("No problems found." if not wrong else f"{wrong} {'problem' if wrong == 1 else 'problems'} found.")
    if wrong:
        raise SystemExit(1)


@main.command()
def health() -> None:
    """Ask the running server whether it is up, at HOST and PORT. Exits with status 1 if it isn't.

    Made for containers and monitoring: it takes a few seconds at most, and doesn't look at the data.
    """
    settings = _settings()
    from webapp.health import UnhealthyError, ask_health  # noqa: PLC0415

    try:
        click.echo(f"{ask_health(settings)} is up.")
    except UnhealthyError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--test", "rule", is_flag=False, flag_value="", metavar="[RULE]", help="Send a test by RULE, or by all.")
@click.option("--dry-run", "since", type=click.DateTime(), metavar="SINCE", help="Print what would have been sent.")
@click.option("--resume", is_flag=True, help="Let a restored copy of the database send again.")
@click.option("--new-push-keys", is_flag=True, help="Make new keys for push services; all browsers must ask anew.")
def notify(rule: str | None, since: "datetime | None", *, resume: bool, new_push_keys: bool) -> None:
    """Try the rules of PERIGEE_NOTIFY, let a restored copy send again, or replace the keys for push services.

    --test exits with status 1 if a target doesn't take the message. --dry-run lists what the changes since a day or a
    time in UTC would have sent by the rules as they are now; reminders are not among them.
    """
    if [rule is not None, since is not None, resume, new_push_keys].count(True) != 1:
        raise click.UsageError("use one of --test, --dry-run, --resume and --new-push-keys.")
    settings = _settings()
    with _plain_errors():
        if rule is not None:
            _test_rules(settings, rule)
        elif since is not None:
            _print_past_notices(settings, as_utc(since))
        elif resume:
            _resume_notices(settings)
        else:
            _replace_push_keys(settings)


def _test_rules(settings: Settings, name: str) -> None:
    from webapp.notify.channels import Sent  # noqa: PLC0415
    from webapp.notify.trial import trial_message  # noqa: PLC0415
    from webapp.runtime import utc_now  # noqa: PLC0415
    from webapp.source import list_rules, make_target_sender  # noqa: PLC0415

    rules = list_rules(settings)
    chosen = [rule for rule in rules if name in {"", rule.subscription.name}]
    if not chosen:
        raise click.ClickException(f'there is no rule "{name}"' if name else "there are no rules: set PERIGEE_NOTIFY")
    sender, failed = make_target_sender(settings, rules, utc_now), 0
    try:
        for rule in chosen:
            outcome = sender.send_by(rule, trial_message(f"{settings.public_url}/", utc_now()))
            failed += not isinstance(outcome, Sent)
            found = "sent" if isinstance(outcome, Sent) else f"not taken: {outcome.fault}"
            click.echo(f"{rule.subscription.name}: {found}")
    finally:
        sender.stop()
    if failed:
        raise SystemExit(1)


def _print_past_notices(settings: Settings, since: "datetime") -> None:
    from webapp.notify.trial import list_past_notices  # noqa: PLC0415
    from webapp.runtime import open_store  # noqa: PLC0415
    from webapp.source import list_rules  # noqa: PLC0415

    count = 0
    with closing(open_store(settings)) as store, store.read() as snapshot:
        for count, past in enumerate(list_past_notices(snapshot, list_rules(settings), since), start=1):  # noqa: B007
            body = past.words.body.replace("\n", "; ")
            click.echo(f"{moment_words(past.at)}  {past.rule}: {past.words.title}. {body}")
    click.echo(f"{count:,} {'notice' if count == 1 else 'notices'} would have been sent.")


def _resume_notices(settings: Settings) -> None:
    from webapp.runtime import open_store, utc_now  # noqa: PLC0415

    with closing(open_store(settings)) as store, store.write() as writer:
        was_paused = writer.notices.is_paused
        if was_paused:
            writer.notices.resume(now=utc_now())
    click.echo("Notices are sent again, of what comes from now on." if was_paused else "Notices were not paused.")


def _replace_push_keys(settings: Settings) -> None:
    from webapp.notify.push.encrypting_process import EncryptionError, is_available  # noqa: PLC0415
    from webapp.notify.push.server_keys import replace_server_keys  # noqa: PLC0415
    from webapp.runtime import open_store, utc_now  # noqa: PLC0415

    if not is_available():
        raise click.ClickException("keys can't be made: install perigee[push] first")
    with closing(open_store(settings)) as store:
        try:
            forgotten = replace_server_keys(store, utc_now)
        except EncryptionError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"New keys are in use. {forgotten:,} {'subscription' if forgotten == 1 else 'subscriptions'} forgotten.")


@main.command()
def config() -> None:
    """List all settings: their values, where these come from, and what they mean.

    Secrets are masked. Exits with status 1 if a setting is invalid, or a rule in the file of PERIGEE_NOTIFY.
    """
    try:
        settings = Settings.load()
        faults = {}
    except InvalidSettingsError as error:
        settings, faults = None, {fault.name: fault.expected for fault in error.faults}
    for option in OPTIONS:
        click.echo(_described(option, faults.get(option.name) or faults.get(option.file_name)))
    for words in _unknown_words():
        click.secho(words, fg="yellow")
    rule_faults = "" if settings is None else _rule_faults(settings)
    if rule_faults:
        click.secho(rule_faults, fg="red")
    if faults or rule_faults:
        raise SystemExit(1)


def _described(option: Option, fault: str | None) -> str:
    try:
        value = option.text(os.environ)
    except ValueError:
        value = ""
    shown = "********" if option.is_secret and value else value or "(none)"
    source = "environment" if option.is_set(os.environ) else "default"
    lines = [f"{click.style(option.name, bold=True)} = {shown}  [{source}]", f"    {option.meaning}"]
    if fault:
        lines.append(click.style(f"    Invalid: expected {fault}.", fg="red"))
    return "\n".join(lines)


def _settings() -> Settings:
    try:
        settings = Settings.load()
    except InvalidSettingsError as error:
        raise click.ClickException(f"invalid settings:\n{error}") from error
    if faults := _rule_faults(settings):
        raise click.ClickException(f"invalid rules:\n{faults}")
    set_up_logging(settings)
    for words in _unknown_words():
        logging.getLogger(__name__).warning("%s", words)
    return settings


def _rule_faults(settings: Settings) -> str:
    """Say what is wrong in the file of rules, one fault a line."""
    if settings.notify is None:
        return ""
    from webapp.notify.rules import InvalidRulesError, load_rules  # noqa: PLC0415

    try:
        load_rules(settings.notify)
    except InvalidRulesError as error:
        return str(error)
    return ""


def _unknown_words() -> list[str]:
    """Say which names in the environment look like settings and are none."""
    return [
        f"{name} is not a setting." + (f" Did you mean {meant}?" if meant else " `perigee config` lists all of them.")
        for name, meant in unknown_names().items()
    ]


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Turn what can go wrong in a command into one line and a status, without a traceback."""
    from webapp.ll2.errors import SourceError  # noqa: PLC0415
    from webapp.store import CopyError, NoBackupError, StoreUnavailableError  # noqa: PLC0415
    from webapp.sync.engine import BudgetSpentError  # noqa: PLC0415
    from webapp.sync.lease import AlreadySyncingError, LeaseLostError  # noqa: PLC0415
    from webapp.sync.request import RequestUnmetError  # noqa: PLC0415

    try:
        yield
    except (
        SourceError, NoBackupError, StoreUnavailableError, AlreadySyncingError, LeaseLostError, BudgetSpentError,
        CopyError, RequestUnmetError, OSError,
    ) as error:  # fmt: skip
        raise click.ClickException(_error_words(error)) from error


def _error_words(error: Exception) -> str:
    """Say what is wrong; where the system names a file, with what to look at."""
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}. Check that the path is right and this user may use it"
    return str(error)


def _import_once(engine: "Engine") -> None:
    changes = 0
    # Off a terminal click's bar would print its label alone; the log tells instead.
    with click.progressbar(length=1, label="Importing", hidden=not sys.stdout.isatty()) as bar:

        def show(report: "Report") -> None:
            nonlocal changes
            changes += len(report.outcome.changes) if report.outcome else 0
            met, total = (report.outcome and report.outcome.progress) or (0, 1)
            bar.length = total
            bar.update(met - bar.pos)

        try:
            done = engine.import_everything(show)
        finally:
            engine.lease.release()
    outcomes = {kind: report.outcome for kind, report in done.items() if report.outcome is not None}
    lacks = [outcome.lack for outcome in outcomes.values() if outcome.lack is not None]
    met = [f"{one.progress[0]} {kind.plural}" for kind, one in outcomes.items() if one.progress is not None]
    if lacks:
        click.echo(f"Import finished, but incomplete: {' '.join(lacks)}. {changes} changes recorded.")
    else:
        click.echo(f"Import complete: {' and '.join(met)}, {changes} changes recorded.")


def _request_sync(settings: Settings) -> None:
    """Ask the process that syncs to do so now, and print its calls."""
    from webapp.runtime import utc_now  # noqa: PLC0415
    from webapp.store import Store  # noqa: PLC0415
    from webapp.sync.lease import AlreadySyncingError  # noqa: PLC0415
    from webapp.sync.request import follow, request_sync  # noqa: PLC0415

    with closing(Store(settings.database_url)) as store:
        request = request_sync(store, utc_now, settings.kinds)
        if request is None:
            raise AlreadySyncingError("another process has just stopped syncing: try again")
        try:
            click.echo(f"Asked {request.holder} to sync now.")
            follow(request, store, utc_now, lambda line: click.echo(line.words), time.sleep)
        except KeyboardInterrupt:
            click.echo("Stopped waiting. The request stands.", err=True)
            raise SystemExit(130) from None
    click.echo("Done.")


def _say_where(settings: Settings) -> None:
    is_everywhere = settings.host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not listened on
    address = settings.public_url or f"http://{f'localhost:{settings.port}' if is_everywhere else settings.bind}"
    click.echo(f"Perigee {__version__} is running at {address}/")
    click.echo(f"  calendar  {address}/feeds/events.ics")
    click.echo(f"  RSS       {address}/feeds/events.rss")
    click.echo(f"  data      {settings.data_dir}")
    if is_everywhere and not settings.public_url:
        click.echo(
            "To use it from other machines, add this one's name to PERIGEE_TRUSTED_HOSTS or set PERIGEE_PUBLIC_URL."
        )
    click.echo("Press Ctrl-C to stop.")
