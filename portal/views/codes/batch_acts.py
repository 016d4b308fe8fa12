"""Letters and emails for many students: what their pages say before and after, and doing it."""

from typing import Any, NamedTuple

from flask import current_app, g, url_for

from portal import db
from portal.mail.messages import preview_instructions
from portal.models import Batch, Job, JobKind, Student
from portal.models.codes.outcome import Act
from portal.models.letters.batch import outline_of, settle_letters
from portal.models.letters.list import Order
from portal.models.mail.batch import Trouble, addressees_of, mail_families, minutes_for, tally, troubles
from portal.models.mail.delivery_state import MailState
from portal.web import downloads, htmx
from portal.worker.letters import AT_ONCE, print_at_once


class MailPlan(NamedTuple):
    """What would be sent: to how many, how long that takes, and what one family reads."""

    families: int
    addresses: int
    minutes: int
    to: str
    subject: str
    text: str


class MailResult(NamedTuple):
    """What became of it so far."""

    counts: dict[MailState, int]
    troubles: list[Trouble]

    @property
    def is_under_way(self) -> bool:
        return bool({MailState.ON_ITS_WAY, MailState.TRYING_AGAIN} & self.counts.keys())

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def context_of(batch: Batch) -> dict[str, Any]:
    """What the page says besides the totals."""
    if batch.act == Act.LETTERS:
        return {"outline": outline_of(batch, by=g.account), "at_once": AT_ONCE}
    if batch.act == Act.EMAIL:
        return {"mailing": _result(batch) if batch.done_at else _plan(batch)}
    return {}


def printed(batch: Batch, form: Any) -> Any:
    """The letters themselves; where they are many, the page of the job that makes them."""
    order = Order(form.order.data)
    settle_letters(batch, by=g.account)
    letters = outline_of(batch, by=g.account).letters
    if letters <= AT_ONCE:
        printed = print_at_once(batch, order=order, by=g.account)
        return downloads.send(printed.content, printed.name)
    arguments = {"batch": batch.id, "order": order.value}
    with db.writing():
        job = Job.start(JobKind.LETTERS, by=g.account, arguments=arguments, total=letters)
    return htmx.redirect(url_for("jobs.show", job_id=job.public_id))


def mailed(batch: Batch, _form: Any) -> Any:
    mail_families(batch, by=g.account)
    return htmx.redirect(url_for("bulk_codes.show", batch_id=batch.public_id))


def _plan(batch: Batch) -> MailPlan | None:
    addressees = addressees_of(batch, by=g.account)
    if not addressees:
        return None
    first = addressees[0]
    student = db.session.get_one(Student, first.student_id)
    subject, text = preview_instructions(student, language=first.language)
    families = len({each.student_id for each in addressees})
    minutes = minutes_for(addressees, pace=current_app.extensions["settings"].mail_pace)
    return MailPlan(families, len(addressees), minutes, first.to, subject, text)


def _result(batch: Batch) -> MailResult:
    return MailResult(tally(batch), troubles(batch, by=g.account))
