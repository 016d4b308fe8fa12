"""Mail leaves the house, or we know why not."""

import socket
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from portal.config import Settings, WrongSettings
from portal.mail import envelope, sender
from portal.mail.sender import FileSender, NoSender, NotDelivered, SmtpSender, sender_for
from tests.mail.conftest import Mailbox, smtp_settings


@pytest.fixture
def mail(settings: Settings) -> EmailMessage:
    return envelope.seal(
        to="grace@example.com", subject="Grüße", text="Guten Tag, José", html="<p>Guten Tag, José</p>",
        language="en", name="abc123", settings=settings,
    )  # fmt: skip


def unseen() -> None:
    """For tests that do not ask when the server reads the mail."""


def test_a_mail_server_gets_the_mail(mail: EmailMessage, mail_server: Settings, mailbox: Mailbox):
    SmtpSender(mail_server).send(mail, hand_over=unseen)

    taken = message_from_bytes(mailbox.taken[0].content, policy=default)
    assert taken["To"] == "grace@example.com"
    assert taken["Subject"] == "Grüße"
    assert taken["Message-ID"] == "<abc123@localhost>"
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken.get_body(("plain",)).get_content().strip() == "Guten Tag, José"
    assert "<p>Guten Tag, José</p>" in taken.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("answer", "is_final", "sentence"),
    [
        ("550 5.1.1 No such user K7QD-9M2X-HT4W", True, "This address was refused (550 5.1.1)."),
        ("450 4.2.1 Try later", False, "This address was refused (450 4.2.1)."),
    ],
)
def test_a_refused_address(
    mail: EmailMessage, mail_server: Settings, mailbox: Mailbox, answer: str, is_final: bool, sentence: str
):
    mailbox.to_recipient = answer

    with pytest.raises(NotDelivered) as failure:
        SmtpSender(mail_server).send(mail, hand_over=unseen)

    assert (str(failure.value), failure.value.is_final, failure.value.is_for_all) == (
        sentence,
        is_final,
        False,
    )


@pytest.mark.parametrize(("answer", "is_final"), [("554 Spam", True), ("451 Not now", False)])
def test_a_refused_message(
    mail: EmailMessage, mail_server: Settings, mailbox: Mailbox, answer: str, is_final: bool
):
    mailbox.to_message = answer

    with pytest.raises(NotDelivered, match="The message was refused") as failure:
        SmtpSender(mail_server).send(mail, hand_over=unseen)

    assert failure.value.is_final is is_final


def test_a_server_that_is_down(mail: EmailMessage, settings: Settings):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    with pytest.raises(NotDelivered, match=r"cannot be reached .*\(ConnectionRefusedError\)") as failure:
        SmtpSender(smtp_settings(settings, port)).send(mail, hand_over=unseen)

    assert failure.value.is_for_all
    assert not failure.value.is_final


def test_a_server_that_never_says_a_word(
    mail: EmailMessage, scripted_server: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sender, "STEP", 0.05)

    with pytest.raises(NotDelivered, match="cannot be reached"):
        SmtpSender(scripted_server()).send(mail, hand_over=unseen)


def test_a_server_that_answers_in_drops_is_hung_up_on(
    mail: EmailMessage, scripted_server: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(sender, "WHOLE", 0.05)

    with pytest.raises(NotDelivered):
        SmtpSender(scripted_server(b"220 hel")).send(mail, hand_over=unseen)


def test_a_server_that_drops_the_line_before_it_took_the_message(
    mail: EmailMessage, scripted_server: Callable[..., Settings]
):
    script = (b"220 hello\r\n", b"250 me\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 go on\r\n")

    with pytest.raises(NotDelivered, match="broke off") as failure:
        SmtpSender(scripted_server(*script)).send(mail, hand_over=unseen)

    assert not failure.value.is_final
    assert failure.value.is_in_doubt


def test_a_server_that_drops_the_line_before_it_read_anything_has_nothing(
    mail: EmailMessage, scripted_server: Callable[..., Settings]
):
    script = (b"220 hello\r\n", b"250 me\r\n", b"250 ok\r\n", b"250 ok\r\n")

    with pytest.raises(NotDelivered, match="broke off") as failure:
        SmtpSender(scripted_server(*script)).send(mail, hand_over=unseen)

    assert not failure.value.is_in_doubt


def test_the_server_reads_nothing_before_that_was_said(
    mail: EmailMessage, mail_server: Settings, mailbox: Mailbox
):
    def refuse() -> None:
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        SmtpSender(mail_server).send(mail, hand_over=refuse)

    assert mailbox.taken == []


def test_a_server_that_drops_the_line_after_it_took_the_message_has_it(
    mail: EmailMessage, scripted_server: Callable[..., Settings]
):
    script = (
        b"220 hello\r\n",
        b"250 me\r\n",
        b"250 ok\r\n",
        b"250 ok\r\n",
        b"354 go on\r\n",
        b"250 taken\r\n",
    )

    SmtpSender(scripted_server(*script)).send(mail, hand_over=unseen)


def test_without_the_promised_encryption_nothing_is_sent(
    mail: EmailMessage, mail_server: Settings, mailbox: Mailbox
):
    with pytest.raises(NotDelivered, match="SMTPNotSupportedError"):
        SmtpSender(replace(mail_server, smtp_security="starttls")).send(mail, hand_over=unseen)

    assert mailbox.taken == []


def test_the_demo_writes_files_that_mail_programs_open(
    mail: EmailMessage, settings: Settings, tmp_path: Path
):
    chosen = sender_for(replace(settings, demo=True, home=tmp_path))

    chosen.send(mail, hand_over=unseen)

    (written,) = (tmp_path / "mail").glob("*.eml")
    assert message_from_bytes(written.read_bytes(), policy=default)["To"] == "grace@example.com"
    assert written.stat().st_mode & 0o077 == 0
    assert isinstance(chosen, FileSender)


def test_a_full_disk_is_said(mail: EmailMessage, tmp_path: Path):
    (tmp_path / "mail").write_text("a file stands where the folder should be")

    with pytest.raises(NotDelivered, match="could not be written"):
        FileSender(tmp_path / "mail").send(mail, hand_over=unseen)


def test_without_a_mail_server_mail_waits(mail: EmailMessage, settings: Settings):
    chosen = sender_for(settings)

    with pytest.raises(NotDelivered, match="No mail server is set up"):
        chosen.send(mail, hand_over=unseen)
    assert isinstance(chosen, NoSender)


def test_no_header_can_be_smuggled_in(settings: Settings):
    mail = envelope.seal(
        to="grace@example.com", subject="Hello\r\nBcc: eve@example.com\x00", text="", html="",
        language="en", name="x", settings=settings,
    )  # fmt: skip

    assert mail["Subject"] == "Hello Bcc: eve@example.com"
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "to", ["", "grace", "a@b@c.org", "grace@example.com\nBcc: eve@example.com", "<x>@y.org"]
)
def test_what_is_no_address_gets_no_mail(settings: Settings, to: str):
    with pytest.raises(envelope.NoAddress):
        envelope.seal(to=to, subject="", text="", html="", language="en", name="x", settings=settings)


def test_a_domain_in_another_script_is_written_as_servers_want_it(settings: Settings):
    mail = envelope.seal(
        to="grace@schüle.example.org",
        subject="",
        text="",
        html="",
        language="en",
        name="x",
        settings=settings,
    )

    assert mail["To"] == "grace@xn--schle-mva.example.org"


def test_a_wrong_sender_names_the_setting(settings: Settings):
    with pytest.raises(WrongSettings, match="PORTAL_MAIL_FROM"):
        envelope.sender(replace(settings, mail_from="Lincoln Schools"))
