"""A message as it travels: headers, a text for every mail program, and the same as HTML."""

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
    """What stands where an email address should is none."""


def seal(
    *, to: str, subject: str, text: str, html: str, language: str, name: str, settings: Settings
) -> EmailMessage:
    """A mail to one address. `name` makes its Message-ID: the same for each try, so that copies are recognised.

    Raises NoAddress for a wrong `to`, WrongSettings for a wrong sender.
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
    """Whom mail comes from. Raises WrongSettings when PORTAL_MAIL_FROM is no address."""
    name, mailbox = parseaddr(on_one_line(settings.mail_from or "portal@localhost"))
    try:
        return Address(name or PRODUCT, addr_spec=_mailbox(mailbox))
    except NoAddress:
        raise WrongSettings(
            "PORTAL_MAIL_FROM: must be an email address, such as Lincoln Schools <portal@example.org>"
        ) from None


def on_one_line(text: str) -> str:
    """`text` as it may stand in a header: whatever it holds, it cannot begin another one."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _mailbox(address: str) -> str:
    """The address as mail servers want it: domains such as schüle.example in ASCII."""
    if address.endswith("@localhost"):
        return address
    try:
        checked = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        raise NoAddress("This is not an email address.") from None
    return checked.ascii_email or checked.normalized
