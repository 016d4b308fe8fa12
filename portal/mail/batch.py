"""What a batch of mails would send. It stands apart from the models' batch because it writes the words of a mail."""

from typing import NamedTuple

from portal import db
from portal.mail.messages import preview_instructions
from portal.models import Account, Batch, Student
from portal.models.mail.batch import addressees_of, minutes_for


class MailPlan(NamedTuple):
    """What would be sent: to how many, how long that takes, and what one family reads."""

    families: int
    addresses: int
    minutes: int
    to: str
    subject: str
    text: str


def plan_of(batch: Batch, *, by: Account, pace: int) -> MailPlan | None:
    """The plan at `pace` mails a minute to one domain; None when nobody would be written to."""
    addressees = addressees_of(batch, by=by)
    if not addressees:
        return None
    first = addressees[0]
    student = db.session.get_one(Student, first.student_id)
    subject, text = preview_instructions(student, language=first.language)
    families = len({each.student_id for each in addressees})
    return MailPlan(families, len(addressees), minutes_for(addressees, pace=pace), first.to, subject, text)
