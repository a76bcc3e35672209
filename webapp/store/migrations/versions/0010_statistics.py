"""Statistics: the ledger of dates, slips and their totals, made of the changes that are stored."""

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime
from webapp.store.statistics.keeping import rebuild

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = ("dated_entries", "date_cases", "case_totals", "slip_totals", "launch_totals")


def upgrade() -> None:
    op.create_table(
        "dated_entries",
        _entry_id(),
        _number("type_id", nullable=False),
        *(_number(name) for name in ("provider_id", "site_id")),
        *(_text(name) for name in ("cases", "slips")),
        *(_number(name) for name in ("launched_year", "launched_status_id")),
        sa.Column("drift", sa.BigInteger()),
        sa.Column("known_at", UtcDateTime(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        _to_entry("dated_entries"),
        sa.PrimaryKeyConstraint("entry_id", name="pk_dated_entries"),
    )
    op.create_index("ix_dated_entries_drift", "dated_entries", ["drift", "entry_id"])
    op.create_index("ix_dated_entries_known_at", "dated_entries", ["is_counted", "known_at"])
    _create_cases()
    _create_totals()
    rebuild(op.get_bind())


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


def _create_cases() -> None:
    op.create_table(
        "date_cases",
        _entry_id(),
        _number("lead", nullable=False),
        sa.Column("crossed_at", UtcDateTime(), nullable=False),
        sa.Column("announced", UtcDateTime(), nullable=False),
        _number("precision_id"),
        _number("step", nullable=False),
        _number("status_id"),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("error", sa.BigInteger()),
        _to_entry("date_cases"),
        sa.PrimaryKeyConstraint("entry_id", "lead", name="pk_date_cases"),
    )
    op.create_index("ix_date_cases_crossed_at", "date_cases", ["crossed_at"])


def _create_totals() -> None:
    op.create_table(
        "case_totals",
        *(_text(name) for name in ("kind", "dimension")),
        *(_number(name, nullable=False) for name in ("member_id", "lead", "step")),
        _text("outcome"),
        sa.Column("is_early", sa.Boolean(), nullable=False),
        *_total("case_totals", "kind", "dimension", "member_id", "lead", "step", "outcome", "is_early"),
    )
    op.create_table(
        "slip_totals",
        *(_text(name) for name in ("kind", "size", "time")),
        sa.Column("is_later", sa.Boolean(), nullable=False),
        *_total("slip_totals", "kind", "size", "time", "is_later"),
    )
    op.create_table(
        "launch_totals",
        _text("dimension"),
        *(_number(name, nullable=False) for name in ("member_id", "status_id")),
        *_total("launch_totals", "dimension", "member_id", "status_id"),
    )


def _total(table: str, *key: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    return _number("total", nullable=False), sa.PrimaryKeyConstraint(*key, name=f"pk_{table}")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _number(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), autoincrement=False, nullable=nullable)


def _entry_id() -> sa.Column[int]:
    kind = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Column("entry_id", kind, autoincrement=False, nullable=False)


def _to_entry(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["entry_id"], ["entries.id"], name=f"fk_{table}_entry_id", ondelete="CASCADE")
