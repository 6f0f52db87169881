"""What is known of a restored backup: which mails come again, and for which numbers a signing key vouches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("incoming", sa.Column("again", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("positions", sa.Column("restored", INSTANT, nullable=True))
    op.add_column("positions", sa.Column("done_again_from", INSTANT, nullable=True))
    op.add_column("positions", sa.Column("done_again_folder", sa.String(), nullable=True))
    op.add_column("positions", sa.Column("done_again_uidvalidity", sa.BigInteger(), nullable=True))
    op.add_column("positions", sa.Column("done_again_uid", sa.BigInteger(), nullable=True))
    op.add_column("positions", sa.Column("done_folder", sa.String(), nullable=True))
    op.add_column("positions", sa.Column("done_uidvalidity", sa.BigInteger(), nullable=True))
    op.add_column("positions", sa.Column("done_uidnext", sa.BigInteger(), nullable=True))
    op.create_table(
        "restores",
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("backup", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_restores")),
    )
    op.add_column("signing_keys", sa.Column("last_ticket", sa.Integer(), nullable=True))
    op.add_column("signing_keys", sa.Column("last_letter", sa.Integer(), nullable=True))
