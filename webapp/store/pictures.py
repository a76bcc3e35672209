"""Pictures in the store: who names which, what is known of each, their files, and the cards of entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from webapp.domain.entry import EntryKey, StoredEntry
from webapp.domain.pictures import PictureFile, PicturePolicy, PictureUse, ShownPicture, use_of
from webapp.store.keys import chunks
from webapp.store.schema import entries, entry_cards, entry_pictures, picture_files, pictures, withdrawals

_FILE = (
    picture_files.c.path,
    picture_files.c.media_type,
    picture_files.c.width,
    picture_files.c.height,
    picture_files.c.size,
)


@dataclass(frozen=True, slots=True)
class NamedPicture:
    """A picture that an entry names. `entry_id` is the store's number of the entry."""

    entry_id: int
    url: str
    license_name: str
    is_upcoming: bool


@dataclass(frozen=True, slots=True)
class PictureState:
    """What is known of a picture that was asked for. Instants are in UTC.

    `etag` and `last_modified` are the source's validators. `asked_bytes` came when it was last asked for, at
    `asked_at`. `failures` counts the attempts in a row that failed, the last with `fault`. `color` is its average
    colour as `#rrggbb`; without one it has no files.
    """

    asked_at: datetime
    asked_bytes: int
    ask_again_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    failures: int = 0
    fault: str | None = None
    color: str | None = None


@dataclass(frozen=True, slots=True)
class CardState:
    """What an entry's card was drawn from, as a digest, and its place under `/pictures/`."""

    drawn_from: str
    path: str


@dataclass(frozen=True, slots=True)
class PictureCounts:
    """How many pictures and cards are held, how many bytes their files have, and how many pictures failed last."""

    pictures: int
    cards: int
    size: int
    failing: int


class PictureMemory:
    """Pictures and cards, as one transaction sees them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list_named(self, now: datetime) -> list[NamedPicture]:
        """List the pictures that entries name: of what is upcoming first, the soonest first, then the latest past ones.

        Withdrawn entries name none. One for single use is named by the entry that did so first alone.
        """
        is_upcoming = entries.c.range_over_at > now
        columns = select(
            entry_pictures.c.entry_id, entry_pictures.c.url, entry_pictures.c.license_name,
            is_upcoming.label("is_upcoming"),
        )  # fmt: skip
        joined = columns.join_from(entry_pictures, entries).outerjoin(withdrawals)
        named = joined.where(withdrawals.c.entry_id.is_(None), _may_use())
        ahead = named.where(is_upcoming).order_by(entries.c.sort_date, entries.c.id)
        past = named.where(~is_upcoming).order_by(entries.c.sort_date.desc(), entries.c.id)
        rows = [*self._connection.execute(ahead).mappings(), *self._connection.execute(past).mappings()]
        return [NamedPicture(**{**row, "is_upcoming": bool(row["is_upcoming"])}) for row in rows]

    def list_states(self) -> dict[str, PictureState]:
        """List what is known of each picture that was asked for, by its address."""
        rows = self._connection.execute(select(pictures)).mappings()
        return {row["url"]: PictureState(**{key: row[key] for key in row if key != "url"}) for row in rows}

    def list_files(self, url: str) -> list[PictureFile]:
        """List the files of a picture, in no particular order."""
        rows = self._connection.execute(select(*_FILE).where(picture_files.c.url == url))
        return [PictureFile(*row) for row in rows]

    def list_sizes(self) -> dict[str, int]:
        """List how many bytes the files of each picture have, by its address."""
        rows = self._connection.execute(
            select(picture_files.c.url, func.sum(picture_files.c.size)).group_by(picture_files.c.url)
        )
        return {url: int(size) for url, size in rows}

    def list_cards(self, entry_ids: Sequence[int] | None = None) -> dict[int, CardState]:
        """List the cards that are drawn, of all entries or of these, by the store's number of the entry."""
        columns = select(entry_cards.c.entry_id, entry_cards.c.drawn_from, entry_cards.c.path)
        statements = (
            [columns]
            if entry_ids is None
            else [columns.where(entry_cards.c.entry_id.in_(chunk)) for chunk in chunks(entry_ids)]
        )
        rows = (row for statement in statements for row in self._connection.execute(statement))
        return {row.entry_id: CardState(row.drawn_from, row.path) for row in rows}

    def list_shown(self, stored: Sequence[StoredEntry], policy: PicturePolicy) -> dict[EntryKey, ShownPicture]:
        """Give the pictures of these entries that are there and may be shown."""
        uses = {known.id: use_of(known.entry.picture.license_name, policy) for known in stored if known.entry.picture}
        allowed = {known.id: known.entry for known in stored if uses.get(known.id, PictureUse.LINK) != PictureUse.LINK}
        found: dict[int, tuple[str, list[PictureFile]]] = {}
        columns = select(entry_pictures.c.entry_id, pictures.c.color, *_FILE).select_from(
            entry_pictures.join(pictures, pictures.c.url == entry_pictures.c.url).join(picture_files)
        )
        for chunk in chunks(list(allowed)):
            of_these = columns.where(entry_pictures.c.entry_id.in_(chunk), _may_use())
            for row in self._connection.execute(of_these).mappings():
                _, files = found.setdefault(row["entry_id"], (row["color"], []))
                files.append(PictureFile(*(row[column.name] for column in _FILE)))
        return {
            allowed[id_].key: ShownPicture(picture, uses[id_], color, tuple(files))
            for id_, (color, files) in found.items()
            if (picture := allowed[id_].picture)
        }

    def get_content(self, path: str) -> bytes | None:
        """Give the content of a file or card by its place under `/pictures/`, if it is held."""
        for table in (picture_files, entry_cards):
            content = self._connection.execute(select(table.c.content).where(table.c.path == path).limit(1)).scalar()
            if content is not None:
                return bytes(content)
        return None

    def count(self) -> PictureCounts:
        """Count what is held."""
        held, cards, failing = (
            self._connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()
            for table, condition in (
                (pictures, pictures.c.color.is_not(None)),
                (entry_cards, entry_cards.c.path.is_not(None)),
                (pictures, pictures.c.failures > 0),
            )
        )
        return PictureCounts(held, cards, self.size(), failing)

    def size(self) -> int:
        """Give how many bytes all files and cards have."""
        sizes = (
            self._connection.execute(select(func.sum(table.c.size))).scalar() for table in (picture_files, entry_cards)
        )
        return sum(int(size or 0) for size in sizes)

    def bytes_since(self, since: datetime, *, until: datetime) -> int:
        """Give how many bytes have come from the hosts of pictures from `since` to `until`, both included.

        Of each picture only the last attempt is known: none is asked for twice within the hour.
        """
        summed = select(func.sum(pictures.c.asked_bytes)).where(pictures.c.asked_at.between(since, until))
        return int(self._connection.execute(summed).scalar() or 0)


class PictureWriter(PictureMemory):
    """The same, in a write transaction of whoever syncs."""

    def put_state(self, url: str, state: PictureState) -> None:
        """Note what came of asking for a picture."""
        values = asdict(state)
        if self._connection.execute(update(pictures).where(pictures.c.url == url).values(values)).rowcount == 0:
            self._connection.execute(insert(pictures).values(url=url, **values))

    def put_files(self, url: str, files: Mapping[PictureFile, bytes]) -> None:
        """Hold these files of a picture, in place of any other."""
        self._connection.execute(delete(picture_files).where(picture_files.c.url == url))
        rows = [{"url": url, **asdict(file), "content": content} for file, content in files.items()]
        if rows:
            self._connection.execute(insert(picture_files), rows)

    def forget(self, urls: Iterable[str]) -> None:
        """Forget pictures, with their files."""
        for chunk in chunks(list(urls)):
            self._connection.execute(delete(picture_files).where(picture_files.c.url.in_(chunk)))
            self._connection.execute(delete(pictures).where(pictures.c.url.in_(chunk)))

    def list_naming(self, urls: Iterable[str]) -> list[int]:
        """List the store's numbers of the entries that name any of these pictures."""
        named = select(entry_pictures.c.entry_id)
        return [
            entry_id
            for chunk in chunks(list(urls))
            for entry_id in self._connection.execute(named.where(entry_pictures.c.url.in_(chunk))).scalars()
        ]

    def put_card(self, entry_id: int, drawn_from: str, path: str, content: bytes) -> None:
        """Hold the card of an entry, in place of any other."""
        self.forget_cards([entry_id])
        values = {"drawn_from": drawn_from, "path": path, "size": len(content), "content": content}
        self._connection.execute(insert(entry_cards).values(entry_id=entry_id, **values))

    def forget_cards(self, entry_ids: Iterable[int]) -> None:
        """Forget the cards of entries."""
        for chunk in chunks(list(entry_ids)):
            self._connection.execute(delete(entry_cards).where(entry_cards.c.entry_id.in_(chunk)))


def _may_use() -> ColumnElement[bool]:
    """Whether an entry may use the picture that it names: one for single use is that of whoever named it first."""
    others = entry_pictures.alias("others")
    first = select(func.min(others.c.entry_id)).where(others.c.url == entry_pictures.c.url).scalar_subquery()
    return or_(entry_pictures.c.single_use.is_(False), entry_pictures.c.entry_id == first)
