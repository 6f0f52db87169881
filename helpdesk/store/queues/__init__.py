"""The two queues of the house: mails that came in, and letters that go out."""

from __future__ import annotations

from helpdesk.store.letters import Letter, Put
from helpdesk.store.queues.keeping import Fetched, ToFile, filed, keep, to_be_filed
from helpdesk.store.queues.outbox import (
    LetterView,
    cancel_letter,
    letter,
    letter_bytes,
    letters,
    release_letter,
    retry_letter,
)
from helpdesk.store.queues.outgoing import put
from helpdesk.store.queues.quarantine import (
    Quarantined,
    drop,
    export,
    quarantine_list,
    quarantined,
    release,
    retry,
)
from helpdesk.store.queues.recovery import Recovered, forget_claims, recover_letters
from helpdesk.store.queues.sending import (
    ToSend,
    claim_letters,
    data_started,
    failed,
    put_off,
    sent,
    unknown,
)
from helpdesk.store.queues.working import Claimed, MailFacts, claim, fail, finish, hand_back

__all__ = [
    "Claimed",
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
    "data_started",
    "drop",
    "export",
    "fail",
    "failed",
    "filed",
    "finish",
    "forget_claims",
    "hand_back",
    "keep",
    "letter",
    "letter_bytes",
    "letters",
    "put",
    "put_off",
    "quarantine_list",
    "quarantined",
    "recover_letters",
    "release",
    "release_letter",
    "retry",
    "retry_letter",
    "sent",
    "to_be_filed",
    "unknown",
]
