"""Put a mail together: its headers, a plain text, and the same as HTML."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from portal import clock
from portal.config import Settings, WrongSettings

PRODUCT = "Guardian Portal"


class NoAddress(ValueError):
    """This is not an email address."""


def seal(
    *, to: str, subject: str, text: str, html: str, language: str, name: str, settings: Settings
) -> EmailMessage:
    """Return a mail to one address. Its Message-ID is made of `name`, so that two tries of one message have the same.

    Raises NoAddress when `to` is no email address, and WrongSettings when the sender's is none.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender(settings)
    mail["To"] = Address(addr_spec=_mailbox(to))
    mail["Subject"] = on_one_line(subject)
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{name}@{urlsplit(settings.address).hostname}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = language  # last: set before, it would have gone down to the text's own part
    return mail


def sender(settings: Settings) -> Address:
    """Return the sender's address. Raises WrongSettings when PORTAL_MAIL_FROM is none."""
    name, mailbox = parseaddr(on_one_line(settings.mail_from or "portal@localhost"))
    try:
        return Address(name or PRODUCT, addr_spec=_mailbox(mailbox))
    except NoAddress:
        raise WrongSettings(
            "PORTAL_MAIL_FROM: must be an email address, such as Lincoln Schools <portal@example.org>"
        ) from None


def on_one_line(text: str) -> str:
    """Return `text` on one line, so that it cannot begin another header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _mailbox(address: str) -> str:
    """Return the address with its domain in ASCII, as mail servers need it. Raises NoAddress."""
    if address.endswith("@localhost"):
        return address
    try:
        checked = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise NoAddress("This is not an email address.") from None
    return checked.ascii_email or checked.normalized
