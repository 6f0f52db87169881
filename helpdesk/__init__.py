"""A helpdesk that lives in the mailbox: mail becomes tickets, staff answer from their own mail program."""

from __future__ import annotations

from importlib.metadata import version

__version__ = version("helpdesk")
