"""The two queues of the house: mails that came in, and letters that go out."""

from __future__ import annotations

from helpdesk.store.letters import EXPIRED, Letter, Put
from helpdesk.store.queues.keeping import Fetched, ToFile, filed, keep, to_be_filed
from helpdesk.store.queues.outbox import (
    LetterView,
    cancel_letter,
    held_letter,
    letter,
    letter_bytes,
    letters,
    retry_letter,
)
from helpdesk.store.queues.outgoing import put
from helpdesk.store.queues.quarantine import (
    Quarantined,
    drop,
    export,
    handle_as_mail,
    quarantine_list,
    quarantined,
    release,
    retry,
)
from helpdesk.store.queues.recovery import Recovered, forget_claims, recover_letters
from helpdesk.store.queues.restored import (
    HANDLED_BEFORE,
    RESTORED,
    held_by_restore,
    may_have_filed,
    new_here,
    probably_sent,
)
from helpdesk.store.queues.sending import (
    Ending,
    ToSend,
    claim_letters,
    data_started,
    hand_back_others,
    letters_due,
    renew_claims,
    reported,
    settle,
    unreported,
)
from helpdesk.store.queues.working import Claimed, MailFacts, claim, claimable, fail, finish, hand_back

__all__ = [
    "EXPIRED",
    "HANDLED_BEFORE",
    "RESTORED",
    "Claimed",
    "Ending",
    "Fetched",
    "Letter",
    "LetterView",
    "MailFacts",
    "Put",
    "Quarantined",
    "Recovered",
    "ToFile",
    "ToSend",
    "cancel_letter",
    "claim",
    "claim_letters",
    "claimable",
    "data_started",
    "drop",
    "export",
    "fail",
    "filed",
    "finish",
    "forget_claims",
    "hand_back",
    "hand_back_others",
    "handle_as_mail",
    "held_by_restore",
    "held_letter",
    "keep",
    "letter",
    "letter_bytes",
    "letters",
    "letters_due",
    "may_have_filed",
    "new_here",
    "probably_sent",
    "put",
    "quarantine_list",
    "quarantined",
    "recover_letters",
    "release",
    "renew_claims",
    "reported",
    "retry",
    "retry_letter",
    "settle",
    "to_be_filed",
    "unreported",
]
