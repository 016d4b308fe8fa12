"""Login instructions that went out to one homeroom, with what goes wrong on such a day; and a print that failed."""

from portal import db
from portal.demo.cast import Cast
from portal.models import Batch, Job, JobKind, OutboxMessage
from portal.models.codes.outcome import Act
from portal.models.letters.batch import outline_of, settle_letters
from portal.models.letters.list import Order
from portal.models.mail.batch import mail_families
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection

HOMEROOM = "3A"

NO_ROOM = "There is no room on the disk for these letters. Nothing was kept of them; make room and try again."


def write_home(cast: Cast) -> None:
    """As Otto of the office did it."""
    mail_families(_planned(cast, Act.EMAIL), by=cast.otto)
    with db.writing():
        first, second, third, *others = db.session.query(OutboxMessage).where(
            OutboxMessage.batch_id.is_not(None)
        )
        for each in (first, second, *others):
            each.hand_over()
            each.mark_sent()
        third.give_up("This address was refused (550 5.1.1).")
        db.session.flush()
        OutboxMessage.note_bounce(first.public_id, "The mailbox is full (5.2.2).")


def print_in_vain(cast: Cast) -> None:
    """The disk was full that day; Try again makes the letters."""
    batch = _planned(cast, Act.LETTERS)
    settle_letters(batch, by=cast.otto)
    letters = outline_of(batch, by=cast.otto).letters
    arguments = {"batch": batch.id, "order": Order.HOMEROOM.value}
    with db.writing():
        Job.start(JobKind.LETTERS, by=cast.otto, arguments=arguments, total=letters).fail(NO_ROOM)


def _planned(cast: Cast, act: Act) -> Batch:
    school: str = cast.lincoln.public_id
    homeroom = Selection.of(StudentFilter(school=school, homeroom=HOMEROOM), ids=(), everyone=True)
    with db.writing():
        return Batch.plan(act, homeroom, by=cast.otto)
