"""Too many wrong codes in the whole installation: somebody may be guessing, and the admins should know."""

from portal.models.accounts.account import top_admins
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage


def raise_alarm() -> None:
    """Write to the admins of the installation, in the transaction that counted the wrong code."""
    for admin in top_admins():
        OutboxMessage.post(
            MessageKind.GUESSING_ALARM, to=admin.email, language=admin.language, account_id=admin.id
        )
