"""What a staff member asked for in a mail: the commands read out of it, and the words that remain for the customer."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.desk.changes import Change


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """The sum of a mail's commands; ``refused`` means that nothing of it was done and nothing was sent."""

    changes: tuple[Change, ...] = ()
    answers: tuple[str, ...] = ()
    """Lines of the receipt: ``code`` or ``code: value``."""
    text: str = ""
    """The words without the command lines."""
    internal: bool = False
    """The words are a note for colleagues."""
    closes: bool = False
    refused: bool = False
    told: tuple[str, ...] = ()
    """Keys of staff who are told of the ticket, because it was handed to them."""

    def __add__(self, other: Asked) -> Asked:
        """Both together, in the order in which they were asked."""
        return Asked(
            changes=(*self.changes, *other.changes),
            answers=(*self.answers, *other.answers),
            text="\n\n".join(part for part in (self.text, other.text) if part),
            internal=self.internal or other.internal,
            closes=self.closes or other.closes,
            refused=self.refused or other.refused,
            told=(*self.told, *other.told),
        )
