"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FIRST_TICKET = 1001  # four figures from the beginning: nobody takes it for a count
JSON = sa.JSON().with_variant(JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
WORD = sa.String(length=32)


def upgrade() -> None:
    people_and_tickets()
    incoming()
    conversation()
    outgoing()
    machinery()
    if op.get_bind().dialect.name == "sqlite":
        counters = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
        op.execute(sa.insert(counters).values(name="tickets", seq=FIRST_TICKET - 1))
    else:
        op.execute(f"ALTER SEQUENCE tickets_number_seq RESTART WITH {FIRST_TICKET}")
        save_space()


def people_and_tickets() -> None:
    """Who writes to us, and what became of it."""
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("written", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("language", sa.String(), nullable=True),
        sa.Column("first_seen", INSTANT, nullable=False),
        sa.Column("last_seen", INSTANT, nullable=False),
        sa.Column("suspended", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("address", name=op.f("uq_contacts_address")),
    )
    op.create_table(
        "tickets",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("opened", INSTANT, nullable=False),
        sa.Column("updated", INSTANT, nullable=False),
        sa.Column("closed", INSTANT, nullable=True),
        sa.Column("first_response", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_tickets_contact_id_contacts")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_tickets_contact_id"), "tickets", ["contact_id"])
    op.create_index(op.f("ix_tickets_department"), "tickets", ["department"])
    op.create_index(op.f("ix_tickets_owner"), "tickets", ["owner"])
    op.create_index("ix_tickets_status_updated", "tickets", ["status", "updated"])
    op.create_index(op.f("ix_tickets_updated"), "tickets", ["updated"])
    op.create_table(
        "participants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("contact_id", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["contact_id"], ["contacts.id"], name=op.f("fk_participants_contact_id_contacts")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_participants_ticket_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participants")),
        sa.UniqueConstraint("ticket", "contact_id", name=op.f("uq_participants_ticket_contact_id")),
    )
    op.create_index(op.f("ix_participants_contact_id"), "participants", ["contact_id"])
    op.create_index(op.f("ix_participants_ticket"), "participants", ["ticket"])
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["other"], ["tickets.number"], name=op.f("fk_links_other_tickets")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_links_ticket_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("ticket", "other", name=op.f("uq_links_ticket_other")),
    )
    op.create_index(op.f("ix_links_other"), "links", ["other"])


def incoming() -> None:
    """The ledger of all mail, and its bytes."""
    op.create_table(
        "raw_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_raw_mails")),
        sa.UniqueConstraint("sha256", name=op.f("uq_raw_mails_sha256")),
    )
    op.create_table(
        "incoming",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=True),
        sa.Column("uid", sa.BigInteger(), nullable=True),
        sa.Column("raw_id", sa.Integer(), nullable=False),
        sa.Column("received", INSTANT, nullable=False),
        sa.Column("kept_at", INSTANT, nullable=False),
        sa.Column("acknowledge", sa.Boolean(), nullable=False),
        sa.Column("filed", sa.Boolean(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.String(), nullable=True),
        sa.Column("outcome", WORD, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("findings", JSON, nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("content_hash", sa.String(), nullable=True),
        sa.Column("sender", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("handled_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["raw_id"], ["raw_mails.id"], name=op.f("fk_incoming_raw_id_raw_mails")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_incoming_ticket_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint(
            "mailbox",
            "generation",
            "uidvalidity",
            "uid",
            name=op.f("uq_incoming_mailbox_generation_uidvalidity_uid"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_incoming_content_hash"), "incoming", ["content_hash"])
    op.create_index(op.f("ix_incoming_message_id"), "incoming", ["message_id"])
    op.create_index("ix_incoming_queue", "incoming", ["state", "id"])
    op.create_index(op.f("ix_incoming_raw_id"), "incoming", ["raw_id"])
    op.create_index(op.f("ix_incoming_sender"), "incoming", ["sender"])
    op.create_index(op.f("ix_incoming_ticket"), "incoming", ["ticket"])
    op.create_index("ix_incoming_to_file", "incoming", ["filed", "mailbox"])


def conversation() -> None:
    """What was said on a ticket, how it is found again, what happened to it."""
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("incoming_id", sa.Integer(), nullable=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("staff", sa.String(), nullable=True),
        sa.Column("author_name", sa.String(), nullable=True),
        sa.Column("author_address", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("full_text", sa.String(), nullable=False),
        sa.Column("attachments", JSON, nullable=False),
        sa.Column("copies", JSON, nullable=False),
        sa.Column("flags", JSON, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_messages_incoming_id_incoming")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_messages_ticket_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index(op.f("ix_messages_incoming_id"), "messages", ["incoming_id"])
    op.create_index(op.f("ix_messages_message_id"), "messages", ["message_id"])
    op.create_index(op.f("ix_messages_ticket"), "messages", ["ticket"])
    op.create_table(
        "thread_ids",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_thread_ids_ticket_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_thread_ids")),
        sa.UniqueConstraint("message_id", "ticket", name=op.f("uq_thread_ids_message_id_ticket")),
    )
    op.create_index(op.f("ix_thread_ids_ticket"), "thread_ids", ["ticket"])
    op.create_table(
        "events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("incoming_id", sa.Integer(), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_events_incoming_id_incoming")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_events_ticket_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index(op.f("ix_events_ticket"), "events", ["ticket"])


def outgoing() -> None:
    """Letters, and what they are counted by."""
    op.create_table(
        "outgoing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("outside", sa.Boolean(), nullable=False),
        sa.Column("counted", sa.Boolean(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=True),
        sa.Column("incoming_id", sa.Integer(), nullable=True),
        sa.Column("staff", sa.String(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("recipient_domain", sa.String(), nullable=False),
        sa.Column("envelope_from", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_key", sa.String(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("created", INSTANT, nullable=False),
        sa.Column("next_try", INSTANT, nullable=True),
        sa.Column("expires", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("data_started", INSTANT, nullable=True),
        sa.Column("resent", sa.Boolean(), nullable=False),
        sa.Column("response", sa.String(), nullable=True),
        sa.Column("done", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_outgoing_incoming_id_incoming")),
        sa.ForeignKeyConstraint(["ticket"], ["tickets.number"], name=op.f("fk_outgoing_ticket_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_key")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outgoing_counted", "outgoing", ["counted", "outside", "created"])
    op.create_index("ix_outgoing_domain", "outgoing", ["recipient_domain", "counted", "created"])
    op.create_index(op.f("ix_outgoing_incoming_id"), "outgoing", ["incoming_id"])
    op.create_index(op.f("ix_outgoing_message_id"), "outgoing", ["message_id"])
    op.create_index("ix_outgoing_queue", "outgoing", ["state", "next_try"])
    op.create_index("ix_outgoing_recipient", "outgoing", ["recipient", "counted", "created"])
    op.create_index(op.f("ix_outgoing_ticket"), "outgoing", ["ticket"])
    op.create_table(
        "letter_hours",
        sa.Column("hour", INSTANT, nullable=False),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("hour", name=op.f("pk_letter_hours")),
    )


def machinery() -> None:
    """What the running program remembers of itself."""
    op.create_table(
        "positions",
        sa.Column("mailbox", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("account_since", INSTANT, nullable=False),
        sa.Column("account_before", sa.String(), nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("uidvalidity", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("began", INSTANT, nullable=False),
        sa.Column("acknowledge_from", INSTANT, nullable=False),
        sa.Column("beat", INSTANT, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("error_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("mailbox", name=op.f("pk_positions")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("until", INSTANT, nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "parts",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("started", INSTANT, nullable=False),
        sa.Column("beat", INSTANT, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("error_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", "process", name=op.f("pk_parts")),
    )
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("created", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_keys")),
    )


def save_space() -> None:
    """PostgreSQL shall not try to compress again what we compressed; long texts by the faster of its two ways."""
    op.execute("ALTER TABLE raw_mails ALTER COLUMN data SET STORAGE EXTERNAL")
    op.execute("ALTER TABLE outgoing ALTER COLUMN raw SET STORAGE EXTERNAL")
    lz4 = sa.text("SELECT 1 FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)")
    if op.get_bind().execute(lz4).first():
        op.execute("ALTER TABLE messages ALTER COLUMN text SET COMPRESSION lz4")
        op.execute("ALTER TABLE messages ALTER COLUMN full_text SET COMPRESSION lz4")
