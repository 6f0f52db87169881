"""MAY IT GO OUT? One file a check of an answer to a customer; what a guard holds, its author releases with ``send``."""

from __future__ import annotations

from helpdesk import plugins
from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Verdict


def judge(draft: Draft, facts: DraftFacts) -> Verdict:
    """Ask every guard; the strictest wins, every reason is kept."""
    found = (module.check(draft, facts) for module in plugins.find(__name__).values())
    return Verdict(findings=tuple(finding for finding in found if finding is not None))
