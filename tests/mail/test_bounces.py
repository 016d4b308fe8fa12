"""Notices of mail servers about mail that came back."""

from pathlib import Path

import pytest

from portal import db
from portal.mail.bounces import MOST, read_bounce
from portal.models import Event, EventKind, MessageKind, OutboxMessage
from portal.models.mail.delivery_state import MailState, state_of
from tests.commands.installing import Run, database, home, installed, keys_of_other_tests, run

__all__ = ["database", "home", "installed", "keys_of_other_tests", "run"]  # fixtures

NAME = "aBcDeFgHiJkLmNoPqRsT_-"

#: As Postfix writes it; {action}, {status} and the mail it is about are filled in.
NOTICE = """\
From: MAILER-DAEMON@mx.example (Mail Delivery System)
To: portal@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="part"
{more}
--part
Content-Type: text/plain

I'm sorry to have to inform you that your message could not be delivered.

--part
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
Arrival-Date: Mon, 16 Nov 2026 10:00:00 -0500

Final-Recipient: rfc822; grace@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 your code K7QD-9M2X-HT4W looks like spam

--part
{returned}
--part--
"""
WHOLE = (
    "Content-Type: message/rfc822\n\nMessage-ID: <{name}@portal.example>\nSubject: x\n\nyour code is K7QD\n"
)
HEADERS = "Content-Type: text/rfc822-headers\n\nMessage-ID: <{name}@portal.example>\nSubject: x\n"


def notice(
    *, action: str = "failed", status: str = "5.1.1", returned: str = WHOLE, name: str = NAME, more: str = ""
) -> bytes:
    text = NOTICE.format(action=action, status=status, returned=returned.format(name=name), more=more)
    return text.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("returned", [WHOLE, HEADERS])
def test_a_notice_names_the_message_and_the_reason(returned: str):
    bounce = read_bounce(notice(returned=returned))

    assert bounce == (NAME, "There is no such mailbox (5.1.1).")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.2.2", "The mailbox is full (5.2.2)."),
        ("5.7.26", "Its mail server refuses mail like ours (5.7.26)."),
        ("5.0.0", "The mail came back (5.0.0)."),
        ("5.9.9 (K7QD-9M2X-HT4W)", "The mail came back (5.9.9)."),
        ("nonsense", "The mail came back (5.0.0)."),
    ],
)
def test_the_reason_is_in_our_words(status: str, words: str):
    bounce = read_bounce(notice(status=status))

    assert bounce is not None
    assert bounce.failure == words


def test_a_server_that_sends_nothing_back_says_what_it_answers():
    more = f"In-Reply-To: <{NAME}@portal.example>\n"

    bounce = read_bounce(notice(returned="Content-Type: text/plain\n\ngone\n", more=more))

    assert bounce is not None
    assert bounce.name == NAME


@pytest.mark.parametrize(
    "harmless",
    [
        b"",
        b"\xff\xfe\x00 no mail at all",
        b"Subject: Out of office\r\n\r\nI am on holiday.",
        notice(action="delayed", status="4.4.1"),
        notice(action="delivered", status="2.0.0"),
        notice(name="somebody-elses"),
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n"
        + b"--x\r\nContent-Type: message/rfc822\r\n\r\n" * 500,
    ],
    ids=["empty", "bytes", "holiday", "delayed", "delivered", "not ours", "nested"],
)
def test_what_is_no_bounce_of_ours_is_none(harmless: bytes):
    assert read_bounce(harmless) is None


def test_a_huge_notice_is_read_up_to_a_limit():
    assert read_bounce(notice() + b"x" * MOST) is not None


def test_the_message_is_marked_once(cast, posted):
    message = posted(MessageKind.LOGIN_INSTRUCTIONS, student_id=cast.mia.id)
    with db.writing():
        message.hand_over()
        message.mark_sent()
        assert OutboxMessage.note_bounce(message.public_id, "There is no such mailbox (5.1.1).")
        assert OutboxMessage.note_bounce(message.public_id, "The mailbox is full (5.2.2).")

    assert state_of(message) is MailState.BOUNCED
    assert message.failure == "There is no such mailbox (5.1.1)."
    assert (
        db.session.query(Event).filter_by(kind=EventKind.MAIL_BOUNCED.value).one().student_id == cast.mia.id
    )


def test_what_was_never_handed_over_cannot_come_back(posted):
    message = posted()

    with db.writing():
        assert not OutboxMessage.note_bounce(message.public_id, "There is no such mailbox (5.1.1).")


def test_the_command_reads_a_file_or_standard_input(installed: Run, tmp_path: Path):
    (tmp_path / "notice.eml").write_bytes(notice())

    from_file = installed("mail", "bounced", str(tmp_path / "notice.eml"))
    from_pipe = installed("mail", "bounced", typed="Subject: hello\n\nnothing")

    assert (from_file.exit_code, from_pipe.exit_code) == (0, 0)
    assert "not in the outbox" in from_file.output
    assert "nothing was marked" in from_pipe.output


def test_the_mail_server_is_asked_to_try_again_when_nothing_can_be_marked(run: Run, tmp_path: Path):
    (tmp_path / "notice.eml").write_bytes(notice())

    assert run("mail", "bounced", str(tmp_path / "notice.eml")).exit_code == 75
