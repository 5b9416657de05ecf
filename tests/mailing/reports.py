"""Reports as other mail servers write them."""

from __future__ import annotations

DSN = """\
Return-Path: <>
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounce+{token}@example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
Arrival-Date: Tue, 5 May 2026 08:00:00 +0000

Final-Recipient: rfc822; p1@example.com
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.com
Diagnostic-Code: smtp; 550 {status} <p1@example.com>: nobody
    of that name

--b1
Content-Type: text/rfc822-headers

From: Tandem <tandem@localhost>
X-Tandem-Mail: {inner}

--b1--
"""

ARF = """\
From: <abuse@provider.example>
To: <complaints@example.com>
Subject: FW: April in numbers
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain; charset="US-ASCII"

This is an email abuse report.

--b1
Content-Type: message/feedback-report

Feedback-Type: {what}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <{sender}>

--b1
Content-Type: message/rfc822

From: Tandem <tandem@localhost>
X-Tandem-Mail: {token}
Subject: April in numbers

Hello

--b1--
"""

AWAY = """\
From: p1@example.com
To: bounce+{token}@example.com
Subject: Out of office
Auto-Submitted: auto-replied

I am away until Monday.
"""


def dsn(token: str = "", status: str = "5.1.1", action: str = "failed", inner: str = "") -> bytes:
    return DSN.format(token=token, status=status, action=action, inner=inner).replace("\n", "\r\n").encode()


def arf(token: str = "", what: str = "abuse", sender: str = "") -> bytes:
    return ARF.format(token=token, what=what, sender=sender).replace("\n", "\r\n").encode()


def away(token: str) -> bytes:
    return AWAY.format(token=token).replace("\n", "\r\n").encode()
