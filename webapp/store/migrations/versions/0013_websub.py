"""WebSub: up to which generation the hub has been told."""

import sqlalchemy as sa
from alembic import op

from webapp.store.schema import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "websub_hub",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("announced", "failures")),
        *(sa.Column(name, UtcDateTime()) for name in ("failing_since", "retry_at")),
        sa.Column("fault", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_websub_hub"),
    )


def downgrade() -> None:
    op.drop_table("websub_hub")
