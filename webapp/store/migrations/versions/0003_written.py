"""When each event's row was last written, as a generation: what was made of it since need not be made again."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("events", sa.Column("written", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("events", "written")
