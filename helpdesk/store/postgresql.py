"""PostgreSQL: how its connections are opened, and how long they may wait."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Engine

from helpdesk.store import driver, texts

CONNECTIONS = 5  # kept open; ten more for a moment
WAIT_SECONDS = 30  # for a free connection, and for the server to be reached
STATEMENT_MS = 60_000  # nothing of ours takes a second; a statement that hangs is an error
LOCK_MS = 30_000
# A process that was stopped inside a transaction must not block the others: its locks are gone before they give up.
IDLE_MS = 20_000
# Every question of ours has its index. A plan that was made while a table was short would read it whole, and is kept as
# long as the connection or until the server looks at the table anew. To compile a plan takes longer than we ask for.
BY_INDEX = "-c enable_seqscan=off -c jit=off"
# A server whose machine vanished says nothing at all; without these we would wait for it for two hours.
ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": LOCK_MS * 2}


def engine(url: URL) -> Engine:
    """A small pool; each connection is asked for a sign of life before it is used."""
    options = (
        f"-c statement_timeout={STATEMENT_MS} -c lock_timeout={LOCK_MS}"
        f" -c idle_in_transaction_session_timeout={IDLE_MS} {BY_INDEX}"
    )
    made = sa.create_engine(
        url,
        connect_args={"options": options, "connect_timeout": WAIT_SECONDS, "application_name": "helpdesk", **ALIVE},
        pool_size=CONNECTIONS,
        pool_timeout=WAIT_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        json_serializer=texts.dumps,
    )
    texts.guard(made)
    event.listen(made, "before_cursor_execute", driver.flush_before)
    event.listen(made, "commit", driver.refuse_to_forget)
    event.listen(made, "rollback", driver.forget)
    return made


def reader(writer: Engine) -> Engine:
    """The same connections for reading only: one state of the database from the first statement to the last."""
    return writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
