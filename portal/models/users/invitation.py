"""The mail with which staff choose their first password. Apart: changes of level need it, and adding needs those."""

from typing import Any

from portal.db import Refused
from portal.models.accounts import throttle
from portal.models.accounts.account import Staff
from portal.models.event import Event, EventKind
from portal.models.mail.message_kind import MessageKind
from portal.models.mail.outbox import OutboxMessage
from portal.models.users.membership import Membership
from portal.policy.reach import Actor
from portal.text.language import gettext as _


def invite(staff: Staff, *, by: Actor | None, **place: Any) -> None:
    """Write the mail into the outbox. `by` is none for the operator; `place` is their school_id or network_id."""
    OutboxMessage.post(
        MessageKind.INVITATION, to=staff.email, language=staff.language, account_id=staff.id,
        by_id=by.id if by else None,
    )  # fmt: skip
    Event.record(EventKind.INVITED, by=by, about_id=staff.id, **place)


def invite_again(row: Membership, *, by: Actor) -> None:
    """Write it once more. Raises Refused for whom it would not help, and TooManyTries after several an hour."""
    if not row.may_be_invited:
        raise Refused(_("%(name)s has a password already, or no access to sign in to.", name=row.staff.name))
    throttle.check(throttle.mails_to(row.staff.email))
    if throttle.may_mail(row.staff.email):
        invite(row.staff, by=by, school_id=row.school_id)
