"""What asks Launch Library, put together from the settings: a process that only serves loads none of it."""

import os
import secrets
import shutil
import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from random import SystemRandom

from webapp import __version__
from webapp.domain.clock import Clock
from webapp.domain.push_endpoints import PUSH_SERVICES
from webapp.ll2.client import LaunchLibrary
from webapp.notify.apprise_process import is_available as is_apprise_available
from webapp.notify.channels import ChannelSender
from webapp.notify.messages import Addresses
from webapp.notify.outbox import Outbox
from webapp.notify.push.channel import PushChannel
from webapp.notify.push.encrypting_process import EncryptingProcess
from webapp.notify.push.encrypting_process import is_available as can_encrypt
from webapp.notify.push.sending import PushSender
from webapp.notify.push.server_keys import KeptServerKeys
from webapp.notify.rules import Rule, load_rules
from webapp.notify.targets import TargetSender
from webapp.notify.websub import WebSubPublisher
from webapp.pictures.connections import Network
from webapp.pictures.engine import PictureEngine
from webapp.pictures.fetch import Fetcher
from webapp.pictures.making_process import find_maker, is_available
from webapp.runtime import store_exists, utc_now
from webapp.settings import Settings, unknown_names
from webapp.store import Channel, Snapshot, Store, StoreUnavailableError
from webapp.sync.diagnosis import (
    Finding,
    Level,
    examine_clock,
    examine_damage,
    examine_folder,
    examine_names,
    examine_notices,
    examine_pictures,
    examine_schema,
    examine_source,
    examine_space,
    examine_store,
)
from webapp.sync.engine import Engine
from webapp.sync.lease import LeaseHolder
from webapp.sync.push_diagnosis import examine_push
from webapp.sync.redis_diagnosis import examine_redis
from webapp.sync.watch_steps import steps_watched
from webapp.web.addresses import CHANGES_PATH, HUB_PATHS, entry_path

_LOOK_FOR_NOTICES_SECONDS = 1.0
_USER_AGENT = f"Perigee/{__version__} (a self-hosted calendar of space events)"


def make_engine(settings: Settings, clock: Clock) -> Engine:
    """Make what syncs. Each process makes its own, after it forked."""
    source = _open_source(settings, clock)
    # Two processes may have one number, on two machines or one after the other: chance tells them apart.
    name = f"{socket.gethostname()}, process {os.getpid()}, {secrets.token_hex(4)}"
    return Engine(
        Store(settings.database_url),
        source,
        clock,
        budget=settings.ll2_hourly_budget,
        name=name,
        chance=SystemRandom().random,
        kinds=settings.kinds,
    )


def make_picture_engine(settings: Settings, clock: Clock, lease: LeaseHolder) -> PictureEngine:
    """Make what fetches pictures for as long as the lease is held."""
    return PictureEngine(
        Store(settings.database_url, kinds=settings.kinds),
        write=lease.write,
        is_held=lambda: lease.is_held,
        clock=clock,
        fetch=Fetcher(Network(), clock, _USER_AGENT),
        maker=find_maker(),
        policy=settings.pictures,
        most_bytes=settings.pictures_mib * 2**20,
    )


@contextmanager
def beside_syncing(settings: Settings, clock: Clock, lease: LeaseHolder) -> Iterator[None]:
    """Do what goes on beside the syncing for as long as the block lasts: pictures, notices, and WebSub."""
    with ExitStack() as stack:
        stack.enter_context(steps_watched(make_picture_engine(settings, clock, lease), "pictures"))
        if (outbox := make_outbox(settings, clock, lease)) is not None:
            stack.enter_context(steps_watched(outbox, "notices", look_again=_LOOK_FOR_NOTICES_SECONDS))
        if (publisher := make_publisher(settings, clock, lease)) is not None:
            stack.enter_context(steps_watched(publisher, "websub", look_again=_LOOK_FOR_NOTICES_SECONDS))
        yield


def make_outbox(settings: Settings, clock: Clock, lease: LeaseHolder) -> Outbox | None:
    """Make what sends notices for as long as the lease is held; none without a public address to lead readers to."""
    addresses = make_addresses(settings)
    if addresses is None:
        return None
    rules = list_rules(settings)
    store = Store(settings.database_url, kinds=settings.kinds)
    senders: dict[Channel, ChannelSender] = {Channel.TARGET: make_target_sender(settings, rules, clock)}
    keys = make_server_keys(settings, store, clock, lease)
    if keys is not None:
        senders[Channel.PUSH] = make_push_channel(settings, keys, clock)
    return Outbox(
        store,
        write=lease.write,
        is_held=lambda: lease.is_held,
        clock=clock,
        senders=senders,
        rules=[rule.subscription for rule in rules],
        addresses=addresses,
        prepare=(lambda: None) if keys is None else keys.ensure,
    )


def make_server_keys(settings: Settings, store: Store, clock: Clock, lease: LeaseHolder) -> KeptServerKeys | None:
    """Make what keeps the keys for push services; none where browsers take no notices, or nothing can encrypt them."""
    if not settings.is_https or not can_encrypt():
        return None
    return KeptServerKeys(store, EncryptingProcess(), write=lease.write, clock=clock)


def make_push_channel(settings: Settings, keys: KeptServerKeys, clock: Clock) -> PushChannel:
    """Make what sends to browsers."""
    sender = PushSender(Network(), _USER_AGENT, (*PUSH_SERVICES, *settings.push_hosts))
    return PushChannel(keys.process, sender, server_keys=keys.get, subject=settings.public_url or "", clock=clock)


def make_target_sender(settings: Settings, rules: Sequence[Rule], clock: Clock) -> TargetSender:
    """Make what sends to the targets of the owner's rules."""
    return TargetSender(rules, clock, user_agent=_USER_AGENT, about=f"{settings.public_url}/")


def list_rules(settings: Settings) -> tuple[Rule, ...]:
    """List the owner's rules. Raises `InvalidRulesError`."""
    return () if settings.notify is None else load_rules(settings.notify)


def make_addresses(settings: Settings) -> Addresses | None:
    """Give the addresses that notices lead to; `None` without a public address."""
    if settings.public_url is None:
        return None
    return Addresses(
        entry=lambda stored: f"{settings.public_url}{entry_path(stored.entry)}",
        changes=lambda query: f"{settings.public_url}{CHANGES_PATH}{query}",
    )


def make_publisher(settings: Settings, clock: Clock, lease: LeaseHolder) -> WebSubPublisher | None:
    """Make what announces new data to the WebSub hub for as long as the lease is held, where a hub is named."""
    if settings.websub_hub is None or settings.public_url is None:
        return None
    return WebSubPublisher(
        settings.websub_hub,
        [settings.public_url + path for path in HUB_PATHS],
        Store(settings.database_url),
        write=lease.write,
        is_held=lambda: lease.is_held,
        clock=clock,
        user_agent=_USER_AGENT,
    )


def examine(settings: Settings, *, offline: bool) -> list[Finding]:
    """Look for what is wrong with the store, the syncing and the source."""
    now, store = utc_now(), Store(settings.database_url)
    folder = next(path for path in (settings.data_dir, *settings.data_dir.parents) if path.exists())
    findings = [*examine_names(unknown_names()), *examine_folder(folder), examine_space(shutil.disk_usage(folder).free)]
    try:
        present, newest = store.schema_revisions() if store_exists(settings) else (None, "")
        findings.append(examine_schema(present, newest or ""))
        damage = None if present is None else store.list_damage()
        if damage is not None:
            findings.append(examine_damage(damage))
        if present == newest:
            with store.read() as snapshot:
                findings += examine_store(
                    snapshot,
                    budget=settings.ll2_hourly_budget,
                    now=now,
                    are_kinds_chosen=settings.kinds is not None,
                )
                findings += _examine_notices(settings, snapshot, now)
                if settings.public_url is not None:
                    findings += examine_push(snapshot, is_https=settings.is_https, can_encrypt=can_encrypt())
                findings += examine_pictures(
                    snapshot, settings.pictures, can_make=is_available(), most_bytes=settings.pictures_mib * 2**20
                )
    except StoreUnavailableError as error:
        findings.append(Finding(Level.WRONG, f"The database is unavailable: {error}."))
    finally:
        store.close()
    if settings.redis_url is not None:
        findings += examine_redis(settings.redis_url)
    if not offline:
        with _open_source(settings, utc_now) as source:
            findings += [examine_source(source), *examine_clock(source.date, utc_now())]
    return findings


def _examine_notices(settings: Settings, snapshot: Snapshot, now: datetime) -> Iterator[Finding]:
    rules = list_rules(settings)
    needs_apprise = any(not rule.is_webhook for rule in rules)
    return examine_notices(
        snapshot,
        now,
        rules=len(rules),
        has_address=settings.public_url is not None,
        has_apprise=not needs_apprise or is_apprise_available(),
        hub_url=settings.websub_hub,
    )


def _open_source(settings: Settings, clock: Clock) -> LaunchLibrary:
    cache, token = settings.redis_url or settings.http_cache, settings.ll2_token
    return LaunchLibrary(settings.ll2_url, cache=cache, clock=clock, user_agent=_USER_AGENT, token=token)
