"""A database as it is after years: made by the database itself, a million messages in a minute."""

from __future__ import annotations

from sqlmodel import Session

EACH = 10  # messages a ticket

# Numbers begin above those of a fresh database. $n: how many messages; $t: how many tickets.
_SERIES = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) "
_AT = "'2026-01-05 08:00:00.000000'"
_FILL = (
    (
        "t",
        "INSERT INTO contacts (id, address, written, first_seen, last_seen) "
        f"SELECT i, 'p' || i || '@x.test', 'p' || i || '@x.test', {_AT}, {_AT} FROM n",
    ),
    ("n", "INSERT INTO raw_mails (id, sha256, size, data) SELECT i, 'sha' || i, 1, {bytes} FROM n"),
    (
        "t",
        "INSERT INTO tickets (number, status, subject, department, mailbox, priority, language, contact_id, tags, "
        "flags, opened, updated) SELECT 1000 + i, 'open', 's', 'support', 'support', 'normal', 'hu', i, '[]', '[]', "
        f"{_AT}, {_AT} FROM n",
    ),
    (
        "n",
        "INSERT INTO incoming (id, mailbox, source, generation, uidvalidity, uid, raw_id, received, kept_at, "
        "acknowledge, filed, state, attempts, released, outcome, findings, message_id, content_hash, sender, ticket) "
        f"SELECT i, 'support', 'imap', 1, 7, i, i, {_AT}, {_AT}, true, true, 'done', 1, false, 'ticket', '[]', "
        "'<m' || i || '@x.test>', 'hash' || i, 'p' || (1 + i / 10) || '@x.test', {ticket} FROM n",
    ),
    (
        "n",
        "INSERT INTO messages (id, ticket, incoming_id, kind, author_address, message_id, subject, text, full_text, "
        "attachments, copies, flags, at) SELECT i, {ticket}, i, 'customer', 'p' || (1 + i / 10) || '@x.test', "
        f"'<m' || i || '@x.test>', 's', 'text', 'text', '[]', '[]', '[]', {_AT} FROM n",
    ),
    (
        "t",
        "INSERT INTO participants (id, ticket, contact_id, since, reason) "
        f"SELECT i, 1000 + i, i, {_AT}, 'wrote' FROM n",
    ),
    (
        "n",
        "INSERT INTO thread_ids (id, message_id, ticket, source) "
        "SELECT i, '<m' || i || '@x.test>', {ticket}, 'mail' FROM n",
    ),
    (
        "n",
        "INSERT INTO outgoing (id, key, kind, automatic, outside, counted, ticket, incoming_id, recipient, "
        "recipient_domain, envelope_from, message_id, subject, subject_key, raw, size, state, created, expires, "
        "attempts, resent, done) SELECT i, 'k' || i, 'acknowledgement', true, true, true, {ticket}, i, "
        "'p' || (1 + i / 10) || '@x.test', 'd' || (i - i / 5000 * 5000) || '.test', '', '<l' || i || '@x.test>', "
        "'s', 's' || i, "
        f"{{bytes}}, 1, 'sent', {_AT}, {_AT}, 1, false, {_AT} FROM n",
    ),
    (
        "n",
        "INSERT INTO events (id, ticket, at, kind, actor, reason, data) "
        f"SELECT i, {{ticket}}, {_AT}, 'message', 'contact', 'wrote', '{{{{}}}}' FROM n",
    ),
)
_COUNTED = ("contacts", "raw_mails", "incoming", "messages", "participants", "thread_ids", "outgoing", "events")


def fill(session: Session, messages: int) -> None:
    """So many mails, messages and letters in the database, a tenth as many tickets and people; and its statistics."""
    connection = session.connection()
    postgresql = connection.dialect.name == "postgresql"
    tickets = messages // EACH
    words = {"bytes": "'\\x78'" if postgresql else "x'78'", "ticket": f"1001 + (i - 1) / {EACH}"}
    for rows, statement in _FILL:
        series = _SERIES.format(rows=tickets if rows == "t" else messages)
        sql = statement.format(**words)
        # Both write the list of values after the table: WITH goes before the whole statement.
        connection.exec_driver_sql(series + sql)
    if postgresql:
        for name in _COUNTED:
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), {messages})")
        connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('tickets', 'number'), {1000 + tickets})")
    connection.exec_driver_sql("ANALYZE")
