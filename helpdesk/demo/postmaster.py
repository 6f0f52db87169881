"""The report that a mail server sends back when it could not deliver a mail (RFC 3464)."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime, make_msgid

_HEADERS_END = re.compile(rb"\r?\n\r?\n")


def undeliverable(sender: str, recipient: str, raw: bytes, *, hostname: str, now: datetime) -> bytes:
    """Write to ``sender`` that nobody knows ``recipient``, with the headers of the mail that comes back."""
    boundary = f"{int(now.timestamp())}.{abs(hash((recipient, raw))):x}/{hostname}"
    date = format_datetime(now)
    domain = recipient.rpartition("@")[2]
    reason = f"Host or domain name not found. Name service error for name={domain} type=MX: Host not found"
    before = _REPORT.format(
        sender=sender,
        recipient=recipient,
        hostname=hostname,
        boundary=boundary,
        date=date,
        reason=reason,
        message_id=make_msgid(domain=hostname),
    )
    headers = _HEADERS_END.split(raw, maxsplit=1)[0].replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return before.replace("\n", "\r\n").encode() + headers + f"\r\n\r\n--{boundary}--\r\n".encode()


_REPORT = """\
Date: {date}
From: MAILER-DAEMON@{hostname} (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {sender}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="{boundary}"
Content-Transfer-Encoding: 8bit
Message-Id: {message_id}

This is a MIME-encapsulated message.

--{boundary}
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host {hostname}.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{recipient}>: {reason}

--{boundary}
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; {hostname}
X-Postfix-Sender: rfc822; {sender}
Arrival-Date: {date}

Final-Recipient: rfc822; {recipient}
Original-Recipient: rfc822;{recipient}
Action: failed
Status: 5.1.2
Diagnostic-Code: X-Demo; {reason}

--{boundary}
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 8bit

"""
