"""A mail as we understood it: frozen values, cleaned text, nothing that could still raise."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

WORDS = "words"


@dataclass(frozen=True, kw_only=True, slots=True)
class Address:
    """One mailbox: the display name (cleaned) and the addr-spec."""

    name: str | None
    address: str

    @property
    def key(self) -> str:
        """The address in the form in which addresses are compared: lower case."""
        return self.address.lower()

    @property
    def local(self) -> str:
        """What stands before the last ``@``, lower case."""
        return self.key.rpartition("@")[0]

    @property
    def domain(self) -> str:
        """What stands behind the last ``@``, lower case, without a trailing dot."""
        return self.key.rpartition("@")[2].rstrip(".")


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """What a part of the mail says of itself; its bytes are read on demand by `mail.files.attachment`.

    ``name`` is safe to show and to put into a header (no path, no control characters); ``size`` is in decoded bytes;
    ``position`` is the number of the part in the walk over the mail; ``inline`` parts are pictures shown in the HTML.
    """

    name: str
    type: str
    size: int
    position: int
    inline: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class FailedRecipient:
    """One recipient of a bounce: RFC 3464 status such as ``5.1.1`` ("" when not stated), and whether it is final."""

    address: str
    status: str
    permanent: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounce:
    """A report that a mail could not be delivered (RFC 3464 and its many relatives)."""

    recipients: tuple[FailedRecipient, ...] = ()
    message_ids: tuple[str, ...] = ()
    """Message-IDs of the returned mail found inside, with angle brackets, the likeliest first."""
    certain: bool = True
    """Whether something shows that a server wrote it; without, its words may be a person's who tells of a failure."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Forwarded:
    """The mail that somebody passed on to us, and what that somebody wrote above it."""

    sender: Address | None
    date: datetime | None
    subject: str
    text: str
    comment: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Segment:
    """A part of the whole text; its kind is ``words`` for what was written now, else why it was cut (`mail.cuts`)."""

    kind: str
    text: str

    @property
    def kept(self) -> bool:
        """Whether it belongs to the new words."""
        return self.kind == WORDS


@dataclass(frozen=True, kw_only=True, slots=True)
class Absence:
    """What an automatic answer says of an absence: the day of return, or with ``back`` False the last day away."""

    day: date
    back: bool

    @property
    def words(self) -> str:
        """As a reason ends: ``back on 2026-03-16``."""
        return f"{'back on' if self.back else 'away until'} {self.day.isoformat()}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Marks:
    """What says that a machine wrote the mail; keywords are lower case, comments and parameters cut."""

    auto_submitted: str | None = None
    """RFC 3834 keyword: no, auto-generated, auto-replied, auto-notified; None without the field."""
    precedence: str | None = None
    """Precedence or X-Precedence: bulk, list, junk, auto_reply ...; never standardised (RFC 2076 3.9)."""
    list_fields: tuple[str, ...] = ()
    """Names of the List-* fields (RFC 2369, RFC 2919) and of older programs' fields like them, lower case."""
    list_id: str | None = None
    """What stands in the angle brackets of List-Id (RFC 2919), lower case."""
    suppress: tuple[str, ...] = ()
    """Tokens of X-Auto-Response-Suppress, lower case."""
    loops: tuple[str, ...] = ()
    """Values of X-Loop fields."""
    return_path: str | None = None
    """Envelope sender as the server noted it; "" is the null path, None when there is no such field."""
    responder: tuple[str, ...] = ()
    """Legacy signs of an auto-responder, each as ``field-name: value``."""
    machine: tuple[str, ...] = ()
    """Fields that other programs write into what they send by themselves, each as ``field-name: value``."""
    rule_loop: bool = False
    """An Exchange rule or vacation setting answered, forwarded or redirected (X-MS-Exchange-Inbox-Rules-Loop)."""
    resent: bool = False
    """A person or a rule has redirected the mail of somebody else (RFC 5322 3.6.6)."""
    away_prefix: str | None = None
    """The head of the subject that only programs write: ``automatic reply``, in any language, folded."""
    away_subject: str | None = None
    """Words of absence at the head of the subject, in any language, folded; people write them, too."""
    report: str | None = None
    """What a report is about (RFC 6522): delivery-status, disposition-notification, feedback-report ..."""
    calendar: str | None = None
    """The method of an invitation or its answer (RFC 6047): request, reply, cancel ..."""
    challenge: bool = False
    """A challenge-response system asks the sender to prove that he is a person."""
    received: int = 0
    """How many Received fields there are."""
    disguised: bool = False
    """Characters in the From field turn the direction of writing round; they are cut from the names."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """Everything that the rest of the house may know of a mail.

    All text is clean: no NUL, no lone surrogates, no control characters but newline and tab. ``text`` holds the new
    words only, ``full_text`` everything readable. Message-IDs keep their angle brackets. ``date`` is aware or None.
    """

    sha256: str
    size: int
    from_: tuple[Address, ...] = ()
    from_fields: int = 1
    """How many From fields the header block had; anything but one takes away every right (RFC 5322 3.6)."""
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    delivered_to: tuple[str, ...] = ()
    """Addresses from Delivered-To, X-Original-To, Envelope-To, X-Envelope-To, lower case."""
    subject: str = ""
    date: datetime | None = None
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    language: str | None = None
    """ISO 639-1 of the new words, None when unsure."""
    text: str = ""
    closing: str = ""
    """What stands under the new words: a formula such as "Best regards", the name, lines of a signature."""
    full_text: str = ""
    html: str | None = None
    """All HTML of the body, harmless; None without any, and where nobody asked for it."""
    segments: tuple[Segment, ...] = ()
    """The whole text in named parts; as with HTML none where nobody asked for it."""
    attachments: tuple[Attachment, ...] = ()
    marks: Marks = field(default_factory=Marks)
    bounce: Bounce | None = None
    absence: Absence | None = None
    """Of a mail that may be an automatic answer and states a day that can be read in one way only."""
    forwarded: Forwarded | None = None
    content_hash: str = ""
    """sha256 of From, Date, Subject and the decoded parts: equal for two copies of one mail by different ways."""
    authentication: tuple[str, ...] = ()
    """The Authentication-Results fields, unfolded, in the order of the header block, topmost first."""
    authentication_zone: int = 0
    """How many of those stand where only our own servers write: above the first Received that another server wrote."""
    tampered: bool = False
    """A bare CR, LF or NUL stood in the header block: no authentication verdict counts."""
    defects: tuple[str, ...] = ()

    @property
    def sender(self) -> Address | None:
        """The one author; None when there is none or more than one."""
        return self.from_[0] if len(self.from_) == 1 and self.from_fields == 1 else None

    @property
    def signed_text(self) -> str:
        """The new words as their author ended them, with his closing: what a colleague says to a customer."""
        return "\n\n".join(filter(None, (self.text, self.closing)))

    @property
    def thread_ids(self) -> tuple[str, ...]:
        """In-Reply-To first, then References from the nearest to the oldest, each once (RFC 5322 3.6.4)."""
        return tuple(dict.fromkeys((*self.in_reply_to, *reversed(self.references))))

    @property
    def addressed(self) -> tuple[str, ...]:
        """Every address that it was sent to, lower case, envelope first."""
        return tuple(dict.fromkeys((*self.delivered_to, *(a.key for a in (*self.to, *self.cc)))))
