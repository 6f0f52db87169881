"""A row for each process that does a part: heartbeats are of the moment, the old ones make room."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.drop_table("parts")
    op.create_table(
        "parts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("started", INSTANT, nullable=False),
        sa.Column("beat", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("error_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", "process", name=op.f("pk_parts")),
    )
