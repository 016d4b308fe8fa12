"""Add login instructions that were sent: printed letters, mails to one homeroom, and one print that failed."""

from sqlalchemy import select

from portal import db
from portal.demo.cast import Cast
from portal.documents.wording_check import checked
from portal.models import Batch, Job, JobKind, LetterWording, OutboxMessage, Student
from portal.models.codes.outcome import Act
from portal.models.letters.batch import record_printed, settle_letters
from portal.models.letters.list import LetterOrder, letters_of
from portal.models.mail.batch import mail_families
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection

HOMEROOM = "3A"

#: The opening of Jefferson's letters, in the tags that a school may use (decision 15).
OPENING = (
    "<p><strong>Welcome back, Tigers!</strong> {school} shows you classes and attendance online, "
    "on a phone or a computer. The code below connects you to your child.</p>"
)

RETURN_ADDRESS = "Jefferson High School\n300 Orchard Road\nMaple Valley, IL 60099"

NO_ROOM = "There is no room on the disk for these letters. Nothing was kept of them; make room and try again."


def print_letters(cast: Cast) -> None:
    """Set Jefferson's wording and window envelopes, and record Lincoln's letters as printed."""
    cast.jefferson.change_settings(by=cast.joan, letters_have_window=True, return_address=RETURN_ADDRESS)
    LetterWording.write(cast.jefferson, "en", {"lead": checked(OPENING)}, by=cast.joan, seen=None)
    of_lincoln = letters_of(Student.school_id == cast.lincoln.id, by=cast.otto)
    record_printed(of_lincoln.recipients, by=cast.otto)


def mail_homeroom(cast: Cast) -> None:
    """Mail one homeroom: all messages are sent but one that the mail server refuses, and one bounces."""
    mail_families(_plan_batch(cast, Act.EMAIL), by=cast.otto)
    with db.writing():
        of_batch = select(OutboxMessage).where(OutboxMessage.batch_id.is_not(None)).order_by(OutboxMessage.id)
        bounced, sent, refused, *others = db.session.scalars(of_batch)
        for message in (bounced, sent, *others):
            message.hand_over()
            message.mark_sent()
        refused.give_up("This address was refused (550 5.1.1).")
        db.session.flush()
        OutboxMessage.note_bounce(bounced.public_id, "The mailbox is full (5.2.2).")


def add_failed_print(cast: Cast) -> None:
    """Add a job of letters that failed on a full disk. "Try again" makes the letters."""
    batch = _plan_batch(cast, Act.LETTERS)
    letters = settle_letters(batch, by=cast.otto)
    arguments = {"batch": batch.id, "order": LetterOrder.HOMEROOM.value}
    with db.writing():
        job = Job.start(JobKind.LETTERS, by=cast.otto, arguments=arguments, total=letters)
        job.fail(NO_ROOM, tries=job.tries)


def _plan_batch(cast: Cast, act: Act) -> Batch:
    """Plan a batch for all students of one homeroom of Lincoln."""
    school: str = cast.lincoln.public_id
    homeroom = Selection.of(StudentFilter(school=school, homeroom=HOMEROOM), ids=(), everyone=True)
    with db.writing():
        return Batch.plan(act, homeroom, by=cast.otto)
