"""IS IT WELCOME? One file a check of an incoming mail; all are asked, the strictest wins, every reason is kept."""

from __future__ import annotations

from helpdesk import plugins
from helpdesk.desk.verdict import Facts, Finding, Verdict
from helpdesk.mail.message import Mail


def judge(mail: Mail, facts: Facts) -> Verdict:
    """Ask every filter; filters have no order."""
    asked = (module.check(mail, facts) for module in plugins.find(__name__).values())
    found: tuple[Finding, ...] = tuple(finding for finding in asked if finding is not None)
    return Verdict(findings=found)
