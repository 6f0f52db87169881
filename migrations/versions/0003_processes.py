"""A row for each process that does a part."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("parts") as parts:
        parts.drop_constraint("pk_parts", type_="primary")
        parts.create_primary_key("pk_parts", ["name", "process"])
