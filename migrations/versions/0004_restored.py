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
    op.add_column("signing_keys", sa.Column("last_ticket", sa.Integer(), nullable=True))
    op.add_column("signing_keys", sa.Column("last_letter", sa.Integer(), nullable=True))
