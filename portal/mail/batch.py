"""The plan of a batch of mails. Apart from the models' batch because it writes a mail, which models cannot do."""

from typing import NamedTuple

from portal import db
from portal.mail.messages import preview_instructions
from portal.models import Account, Batch, Student
from portal.models.mail.batch import addressees_of, minutes_for


class MailPlan(NamedTuple):
    """How many families and addresses get a mail, in how many minutes, and the first of these mails."""

    families: int
    addresses: int
    minutes: int
    to: str
    subject: str
    text: str


def plan_of(batch: Batch, *, by: Account, pace: int) -> MailPlan | None:
    """Return the plan, at `pace` mails a minute to one domain; None when nobody would get a mail."""
    addressees = addressees_of(batch, by=by)
    if not addressees:
        return None
    first = addressees[0]
    student = db.session.get_one(Student, first.student_id)
    subject, text = preview_instructions(student, language=first.language)
    families = len({each.student_id for each in addressees})
    return MailPlan(families, len(addressees), minutes_for(addressees, pace=pace), first.to, subject, text)
