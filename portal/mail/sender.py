"""Send mail: to a mail server, into files, or into memory."""

import os
import re
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

from portal import clock
from portal.config import Settings
from portal.mail.conversation import Conversation, HandOver, SecretConversation

#: Seconds for one reply of the mail server, and for the whole connection.
STEP, WHOLE = 20, 300


class NotDelivered(Exception):
    """The message was not accepted. The sentence is for staff and quotes nothing of the message.

    `is_final`: further tries would fail, too. `is_for_all`: the server is the reason, so other messages would fail.
    `is_in_doubt`: the server read the message, and the connection ended before its reply.
    """

    def __init__(
        self, sentence: str, *, is_final: bool = False, is_for_all: bool = False, is_in_doubt: bool = False
    ) -> None:
        super().__init__(sentence)
        self.is_final = is_final
        self.is_for_all = is_for_all
        self.is_in_doubt = is_in_doubt


class Sender(Protocol):
    """What sends mail."""

    def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
        """Send the mail. Raises NotDelivered when it was not accepted, or when nobody knows.

        `hand_over` is called just before the mail is read; when it raises, the mail is not sent.
        """


def sender_for(settings: Settings) -> Sender:
    """Return the sender that the settings name: a mail server, files in the demo, or none."""
    if settings.smtp_host:
        return SmtpSender(settings)
    return FileSender(settings.home / "mail") if settings.demo else NoSender()


class SmtpSender:
    """Sends mail to the mail server of the settings, over TLS unless they say otherwise."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
        settings = self._settings
        smtp = _client(settings, hand_over)
        with _at_most(WHOLE, smtp):
            with _in_words("The mail server cannot be reached or refuses us", is_for_all=True):
                _prepare(smtp, settings)
            with _in_words("The connection to the mail server broke off", of=smtp):
                smtp.send_message(mail)
            with suppress(smtplib.SMTPException, OSError):  # it has the message; how it parts does not matter
                smtp.quit()


class FileSender:
    """Writes each mail to a file that mail programs can open, for the demo."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
        hand_over()
        name = f"{clock.now():%Y%m%d-%H%M%S}-{re.sub(r'[^0-9A-Za-z_-]', '', mail['Message-ID'])[:22]}.eml"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(mail.as_bytes())
        except OSError as error:
            reason = f"The mail could not be written to {self._folder}: {error.strerror}."
            raise NotDelivered(reason, is_for_all=True) from None


class MemorySender:
    """Keeps mail in the list `sent`, for tests."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []

    def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
        hand_over()
        self.sent.append(mail)


class NoSender:
    """Sends nothing, because no mail server is set up."""

    def send(self, mail: EmailMessage, *, hand_over: HandOver) -> None:
        raise NotDelivered("No mail server is set up (PORTAL_SMTP_HOST).", is_for_all=True)


def check(settings: Settings) -> None:
    """Connect and sign in to the mail server without sending anything. Raises NotDelivered."""
    smtp = _client(settings)
    with _at_most(WHOLE, smtp), _in_words("The mail server cannot be reached or refuses us", is_for_all=True):
        _prepare(smtp, settings)
        smtp.quit()


def _client(settings: Settings, hand_over: HandOver = lambda: None) -> Conversation:
    if settings.smtp_security == "tls":
        smtp: Conversation = SecretConversation(timeout=STEP, context=ssl.create_default_context())
    else:
        smtp = Conversation(timeout=STEP)
    smtp.hand_over = hand_over
    return smtp


def _prepare(smtp: smtplib.SMTP, settings: Settings) -> None:
    smtp._host = settings.smtp_host  # type: ignore[attr-defined]  # the name its certificate must show
    smtp.connect(settings.smtp_host, settings.smtp_port)
    if settings.smtp_security == "starttls":
        smtp.starttls(context=ssl.create_default_context())
    if settings.smtp_user:
        smtp.login(settings.smtp_user, settings.smtp_password)


@contextmanager
def _at_most(seconds: float, smtp: smtplib.SMTP) -> Iterator[None]:
    """Close the connection after so many seconds, though each reply of a slow server comes in time."""
    alarm = threading.Timer(seconds, _hang_up(smtp))
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        smtp.close()


def _hang_up(smtp: smtplib.SMTP) -> Callable[[], None]:
    def act() -> None:
        with suppress(OSError, AttributeError):
            smtp.sock.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    return act


@contextmanager
def _in_words(trouble: str, *, is_for_all: bool = False, of: Conversation | None = None) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as refused:
        code, reply = next(iter(refused.recipients.values()))
        raise NotDelivered(f"This address was refused{_number(code, reply)}", is_final=code >= 500) from None
    except smtplib.SMTPDataError as refused:
        number = _number(refused.smtp_code, refused.smtp_error)
        raise NotDelivered(f"The message was refused{number}", is_final=refused.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as refused:
        number = _number(refused.smtp_code, refused.smtp_error)
        raise NotDelivered(f"{trouble}{number}", is_for_all=True) from None
    except (smtplib.SMTPException, OSError) as error:
        is_in_doubt = of is not None and of.has_begun_to_read
        sentence = f"{trouble} ({type(error).__name__})."
        raise NotDelivered(sentence, is_for_all=is_for_all, is_in_doubt=is_in_doubt) from None


def _number(code: int, reply: bytes | str) -> str:
    """Return the codes of a reply (RFC 3463) without its text: some servers quote the message they refuse."""
    text = reply.decode("ascii", "replace") if isinstance(reply, bytes) else reply
    detail = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", text)
    return f" ({code}{' ' + detail[0] if detail else ''})."
