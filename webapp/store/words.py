"""The text index behind `q`: SQLite's FTS5 and PostgreSQL's tsvector, fed by our one tokenizer.

Both are given tokens encoded in ASCII, so that neither engine's own idea of letters plays a part.
"""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import (
    ColumnElement,
    Connection,
    TableClause,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal_column,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY

from webapp.domain.entry import Entry
from webapp.domain.launch import LaunchDetail
from webapp.domain.text import tokens

_MOST_TOKENS = 20_000

entry_words: TableClause = table("entry_words", column("entry_id"), column("words"))


def tokens_of(entry: Entry) -> list[str]:
    """Give the words under which an entry is found, each once, in a fixed order."""
    parts = [entry.name, entry.description, entry.location]
    parts += [text for agency in entry.agencies for text in (agency.name, agency.abbrev)]
    parts += [program.name for program in entry.programs]
    if isinstance(entry.detail, LaunchDetail):
        parts += _words_of_launch(entry.detail)
    return sorted({word for part in parts for word in tokens(part)})[:_MOST_TOKENS]


def _words_of_launch(launch: LaunchDetail) -> list[str]:
    """Give the texts that only launches have. Their pad is their location, their provider one of their agencies."""
    rocket, mission = launch.rocket, launch.mission
    return [*([rocket.name, rocket.full_name] if rocket else []), *([mission.name, mission.type] if mission else [])]


def index_words(connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
    """Index these entries under these words, instead of whatever they were indexed under before."""
    if not words:
        return
    key = words_key(connection.dialect.name)
    connection.execute(delete(entry_words).where(key.in_(list(words))))
    lexemes = {entry_id: [_encode(word) for word in chosen] for entry_id, chosen in words.items()}
    if connection.dialect.name == "sqlite":
        index = table("entry_words", column("rowid"), column("words"))
        rows = [{"rowid": entry_id, "words": " ".join(encoded)} for entry_id, encoded in lexemes.items()]
        connection.execute(insert(index), rows)
    else:
        vector = func.array_to_tsvector(bindparam("lexemes", type_=ARRAY(Text)))
        rows = [{"id": entry_id, "lexemes": encoded} for entry_id, encoded in lexemes.items()]
        connection.execute(insert(entry_words).values(entry_id=bindparam("id"), words=vector), rows)


def words_key(dialect: str) -> ColumnElement[int]:
    """Give the column of the index that holds an entry's id."""
    return literal_column("entry_words.rowid") if dialect == "sqlite" else entry_words.c.entry_id


def has_words(dialect: str, words: str) -> ColumnElement[bool]:
    """Give the condition that a row of the index has every word; the last may be only begun. `words` are tokens."""
    *whole, begun = [_encode(word) for word in words.split()]
    if dialect == "sqlite":
        asked = " ".join([*(f'"{word}"' for word in whole), f'"{begun}"*'])
        return literal_column("entry_words").op("MATCH", is_comparison=True)(asked)
    asked = " & ".join([*(f"'{word}'" for word in whole), f"'{begun}':*"])
    return entry_words.c.words.op("@@", is_comparison=True)(cast(asked, TSQUERY))


def relevance(dialect: str, words: str) -> ColumnElement[float]:
    """Give how well an entry meets the words, lower is better, for statements that join `entry_words`.

    The engines weigh differently: they agree on which entries are found, not on their order.
    """
    if dialect == "sqlite":
        return literal_column("bm25(entry_words)")
    asked = " | ".join(f"'{_encode(word)}':*" for word in words.split())
    return -func.ts_rank(entry_words.c.words, cast(asked, TSQUERY))


def _encode(word: str) -> str:
    """Encode a token in ASCII letters, digits and underscores; what begins alike still begins alike."""
    return re.sub(r"[^a-z0-9]", lambda char: f"_{ord(char[0]):06x}", word)
