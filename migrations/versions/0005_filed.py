"""How far mail was filed and is read again after a restore, and when backups were put back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    # For some days step 0004 made these itself: a database of those days has some of them, or all.
    there = sa.inspect(op.get_bind())
    known = {column["name"] for column in there.get_columns("positions")}
    for column in (
        sa.Column("done_again_folder", sa.String(), nullable=True),
        sa.Column("done_again_uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("done_again_uid", sa.BigInteger(), nullable=True),
        sa.Column("done_folder", sa.String(), nullable=True),
        sa.Column("done_uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("done_uidnext", sa.BigInteger(), nullable=True),
    ):
        if column.name not in known:
            op.add_column("positions", column)
    if not there.has_table("restores"):
        op.create_table(
            "restores",
            sa.Column("at", INSTANT, nullable=False),
            sa.Column("backup", INSTANT, nullable=False),
            sa.PrimaryKeyConstraint("at", name=op.f("pk_restores")),
        )
