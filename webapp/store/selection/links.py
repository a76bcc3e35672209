"""Conditions on rows of other tables that link to entries."""

from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, FromClause, Select, func, literal, not_, select

from webapp.store.schema import entries

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class LinkCondition:
    """A condition on rows of another table that link to entries: those linked match, or, if `negated`, all others.

    `key` is that table's column of entry ids, in which none stands twice if `is_unique`; `where` is the condition on
    its rows. `is_keyed` says that its rows are found by `key` as quickly as by `where`: the text index's are not.
    """

    source: FromClause
    key: ColumnElement[int]
    where: Condition
    is_unique: bool = True
    negated: bool = False
    is_keyed: bool = True

    def ids(self) -> Select[int]:
        """Select the ids of the linked entries, each once."""
        ids = select(self.key).select_from(self.source).where(self.where)
        return ids if self.is_unique else ids.distinct()

    def condition(self, *, correlated: bool) -> Condition:
        """Give the condition on an entry's row: whether its id is among the linked ones.

        `correlated` looks for each row's own links and does not gather all ids first: quick for a page of many.
        """
        if correlated and self.is_keyed:
            links = select(literal(1)).select_from(self.source).where(self.where, self.key == entries.c.id)
            is_linked: Condition = links.correlate(entries).exists()
        else:
            is_linked = entries.c.id.in_(self.ids())
        return not_(is_linked) if self.negated else is_linked


def contains(column: Column[str], part: str, dialect: str) -> Condition:
    """Give the condition that a text contains this part."""
    # Not LIKE, which has wildcards to escape and its own idea of case.
    return (func.instr(column, part) if dialect == "sqlite" else func.strpos(column, part)) > 0
