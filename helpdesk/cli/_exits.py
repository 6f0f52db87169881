"""What the number that a command ends with means; `FAILS` in the file of a command says what else 1 means there."""

from __future__ import annotations

import os
import signal

DONE, FAILED, USAGE, LATER, INTERRUPTED, DEAF = 0, 1, 2, os.EX_TEMPFAIL, 130, 128 + signal.SIGPIPE

MEANINGS = {
    DONE: "It is done, and nothing wrong was found.",
    FAILED: "It could not be done: the configuration has mistakes or is not there, the database or a mail server "
    "cannot be used, another daemon runs, the disk is full, or you answered that it shall not be done. Or a command "
    "that looks for something wrong has found it, see below.",
    USAGE: "What was typed cannot be done: a word, number or file that there is not, or that does not fit. "
    "`helpdesk` without a command prints its help, and ends so too.",
    LATER: "Only `helpdesk take -`, whatever is wrong: the mail is not kept, the mail server shall try again later.",
    INTERRUPTED: "Ctrl-C; `run` and the demo that stays open, which are ended so, end with 0.",
    DEAF: "Whoever read the output has closed the pipe, as `head` does.",
}
