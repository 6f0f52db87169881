"""A database whose answer to COMMIT is lost: what was written is there, and whoever wrote it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from helpdesk.errors import StoreGone
from helpdesk.store.session import Session, Store


class LostAnswers(Store):
    """Inside `losing` every transaction is committed, and then the connection is gone."""

    _loses = False

    @contextmanager
    def losing(self) -> Iterator[None]:
        """From now on no answer arrives."""
        self._loses = True
        try:
            yield
        finally:
            self._loses = False

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with super().writing() as session:
            yield session
        if self._loses:
            raise StoreGone
