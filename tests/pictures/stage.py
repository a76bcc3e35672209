"""An engine of pictures over a store of its own: what tests of hours and days need."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from tests.clock import ManualClock
from tests.databases import migrated_store
from tests.factories import make_entry
from webapp.domain.entry import Entry, EntryKey, Picture, ReceivedEntry
from webapp.domain.pictures import PictureFile, PicturePolicy
from webapp.pictures.engine import PictureEngine
from webapp.pictures.fetch import Fetch, Original, Outcome, Validators
from webapp.pictures.making import CardFacts, MadePicture, Maker, MakingFailedError, UnusablePictureError
from webapp.store import PictureState, Store, StoreUnavailableError, Writer
from webapp.sync.lease import LeaseHolder

MIB = 2**20


def path_of(content: bytes, end: str = "jpg") -> str:
    return f"{hashlib.sha256(content).hexdigest()[:20]}.{end}"


def make_files(original: bytes) -> MadePicture:
    """Make one file that is the original itself; of one that begins with `bad` or `slow`, none."""
    if original.startswith(b"slow"):
        raise MakingFailedError("took more than 20 seconds")
    if original.startswith(b"bad"):
        raise UnusablePictureError("is no picture")
    file = PictureFile(path_of(original), "image/jpeg", 320, 180, len(original))
    return MadePicture("#102030", {file: original})


@dataclass
class DrawnCards:
    """Draws cards that hold the name alone; `None` for one that cannot be drawn. `asked` are the facts, each batch."""

    asked: list[list[CardFacts]] = field(default_factory=list)
    fault: str | None = None
    size: int = 0

    def __call__(self, cards: Sequence[CardFacts]) -> list[bytes | None]:
        self.asked.append(list(cards))
        if self.fault is not None:
            raise UnusablePictureError(self.fault)
        return [None if "虚" in card.name else repr(card).encode().ljust(self.size) for card in cards]

    def names(self) -> list[list[str]]:
        """Give the names on the cards of each batch."""
        return [[card.name for card in batch] for batch in self.asked]


class PretendedHosts:
    """Gives originals at once, each as large as it pretends to be; `asked` tells when and for what it was asked."""

    def __init__(self, clock: ManualClock) -> None:
        self._clock = clock
        self.originals: dict[str, bytes | Outcome] = {}
        self.size = 1000
        self.asked: list[tuple[Any, str, Validators]] = []

    def __call__(self, url: str, validators: Validators) -> Outcome:
        self.asked.append((self._clock.now, url, validators))
        known = self.originals[url]
        return Original(known, Validators(), self.size) if isinstance(known, bytes) else known

    def urls(self) -> list[str]:
        """Give what was asked for, in order."""
        return [url for _, url, _ in self.asked]


class PictureStage:
    """A store with entries that name pictures, and engines over it that share one lease."""

    def __init__(self, folder: Path, clock: ManualClock) -> None:
        self.clock = clock
        self.store: Store = migrated_store(folder / "store.db")
        self.lease = LeaseHolder(self.store, clock, "one")
        self.hosts = PretendedHosts(clock)
        self.cards = DrawnCards()
        self.full_writes: list[bool] = []
        """Whether the disk is full at each write to come."""

    def make_engine(
        self, fetch: Fetch | None = None, *, policy: PicturePolicy = PicturePolicy.LICENSED, mib: int = 200,
        has_maker: bool = True,
    ) -> PictureEngine:  # fmt: skip
        """Make an engine that works for as long as the lease is held."""
        maker = Maker(make_files, self.cards, path_of) if has_maker else None
        return PictureEngine(
            self.store, write=self._write, is_held=self.lease.hold, clock=self.clock, fetch=fetch or self.hosts,
            maker=maker, policy=policy, most_bytes=mib * MIB,
        )  # fmt: skip

    def name(
        self, number: int, url: str | None, *, days: float, license_name: str = "CC0", name: str = "",
        original: bytes | Outcome | None = None,
    ) -> str:  # fmt: skip
        """Let an event so many days from now name a picture, which its host has."""
        picture = url and Picture(url, None, "Ada", license_name, None, single_use=False)
        date = self.clock.now + timedelta(days=days)
        entry = make_entry(key=EntryKey.of_event(number), name=name or f"Event {number}", date=date)
        self.keep(replace(entry, picture=picture or None))
        if url is not None:
            self.hosts.originals[url] = f"original {url}".encode() if original is None else original
        return url or ""

    def keep(self, entry: Entry) -> None:
        """Store an entry."""
        with self.store.write() as writer:
            writer.upsert_entries([ReceivedEntry(entry, "{}")], now=self.clock.now)

    def run(self, engine: PictureEngine, lasting: timedelta) -> None:
        """Let the engine step for so long, as its loop does, if more rarely while there is nothing to do."""
        every = max(timedelta(seconds=30), lasting / 60)
        end = self.clock.now + lasting
        while self.clock.now < end:
            self.clock.advance(timedelta(seconds=1) if engine.step() else every)

    def held(self) -> dict[str, list[bytes | None]]:
        """Give the content of all files by the address of their picture."""
        with self.store.read() as snapshot:
            pictures = snapshot.pictures
            return {
                url: [pictures.get_content(file.path) for file in pictures.list_files(url)]
                for url in pictures.list_sizes()
            }

    def states(self) -> dict[str, PictureState]:
        """Give what is known of all pictures."""
        with self.store.read() as snapshot:
            return snapshot.pictures.list_states()

    def size(self) -> int:
        """Give how many bytes all files and cards have."""
        with self.store.read() as snapshot:
            return snapshot.pictures.size()

    def card_names(self) -> list[str]:
        """Give the names of the entries that have a card, in order of their numbers."""
        with self.store.read() as snapshot:
            return [
                stored.entry.name
                for stored in sorted(snapshot.get_entries(list(snapshot.pictures.list_cards())), key=lambda one: one.id)
            ]

    def generation(self) -> int:
        """Give the store's generation."""
        with self.store.read() as snapshot:
            return snapshot.state.generation

    @property
    def _write(self) -> Callable[[], AbstractContextManager[Writer]]:
        @contextmanager
        def write() -> Iterator[Writer]:
            with self.lease.write() as writer:
                yield writer
                if self.full_writes and self.full_writes.pop(0):
                    raise StoreUnavailableError("database or disk is full")

        return write
