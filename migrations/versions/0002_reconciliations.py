"""Where each mailbox was begun, and how the ledger and its server compared the last time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # Unknown for a mailbox that was begun before: its old mail is told by the time of arrival.
    op.add_column("positions", sa.Column("start_uid", sa.BigInteger(), nullable=True))
    op.create_table(
        "reconciliations",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("at", INSTANT, nullable=True),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("accounted", sa.Integer(), nullable=False),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("told", JSON, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("error_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_reconciliations")),
    )
