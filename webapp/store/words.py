"""The text index behind `q`: SQLite's FTS5 and PostgreSQL's tsvector, fed by our one tokenizer.

Both are given tokens spelled in ASCII, so that neither engine's own idea of letters plays a part.
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

from webapp.domain.event import Event
from webapp.domain.text import tokens

_MOST_TOKENS = 20_000

event_words: TableClause = table("event_words", column("event_id"), column("words"))


def tokens_of(event: Event) -> list[str]:
    """Give the words under which an event is found, each once, in a fixed order."""
    parts = [event.name, event.description, event.location]
    parts += [text for agency in event.agencies for text in (agency.name, agency.abbrev)]
    parts += [program.name for program in event.programs]
    return sorted({word for part in parts for word in tokens(part)})[:_MOST_TOKENS]


def index_words(connection: Connection, words: Mapping[int, Sequence[str]]) -> None:
    """Index these events under these words, instead of whatever they were indexed under before."""
    if not words:
        return
    key = words_key(connection.dialect.name)
    connection.execute(delete(event_words).where(key.in_(list(words))))
    spelled = {event_id: [_spelled(word) for word in found] for event_id, found in words.items()}
    if connection.dialect.name == "sqlite":
        index = table("event_words", column("rowid"), column("words"))
        rows = [{"rowid": event_id, "words": " ".join(found)} for event_id, found in spelled.items()]
        connection.execute(insert(index), rows)
    else:
        lexemes = func.array_to_tsvector(bindparam("lexemes", type_=ARRAY(Text)))
        rows = [{"id": event_id, "lexemes": found} for event_id, found in spelled.items()]
        connection.execute(insert(event_words).values(event_id=bindparam("id"), words=lexemes), rows)


def words_key(dialect: str) -> ColumnElement[int]:
    """Give the column of the index that holds an event's id."""
    return literal_column("event_words.rowid") if dialect == "sqlite" else event_words.c.event_id


def has_words(dialect: str, words: str) -> ColumnElement[bool]:
    """Give the condition that a row of the index has every word; the last may be only begun. `words` are tokens."""
    *whole, begun = [_spelled(word) for word in words.split()]
    if dialect == "sqlite":
        asked = " ".join([*(f'"{word}"' for word in whole), f'"{begun}"*'])
        return literal_column("event_words").op("MATCH", is_comparison=True)(asked)
    asked = " & ".join([*(f"'{word}'" for word in whole), f"'{begun}':*"])
    return event_words.c.words.op("@@", is_comparison=True)(cast(asked, TSQUERY))


def relevance(dialect: str, words: str) -> ColumnElement[float]:
    """Give how well an event meets the words, lower is better, for statements that join `event_words`.

    The engines weigh differently: they agree on which events are found, not on their order.
    """
    if dialect == "sqlite":
        return literal_column("bm25(event_words)")
    asked = " | ".join(f"'{_spelled(word)}':*" for word in words.split())
    return -func.ts_rank(event_words.c.words, cast(asked, TSQUERY))


def _spelled(word: str) -> str:
    """Spell a token in ASCII letters, digits and underscores; what begins alike still begins alike."""
    return re.sub(r"[^a-z0-9]", lambda char: f"_{ord(char[0]):06x}", word)
