"""Add what the staff of the demo recorded about students: planning fields and notes."""

from datetime import date, timedelta

from portal import clock
from portal.demo.cast import Cast
from portal.demo.district import LAST_DAY, ZONE, year_of
from portal.models import Note, Student
from portal.models.students.planning import set_field

LAST_GRADE = 12

FIRST_TEXT = "Mia told me that she changes schools for two weeks in spring, to stay with her grandmother."

#: Student, author, hours since the note was written, and its text.
NOTES = (
    ("mia", "ada", 430, "Reads above grade level. Borrowed three chapter books; asks for more about the sea."),
    ("mia", "vera", 198, ("Came in with a headache after gym. Rested 20 minutes, drank water, went back to class.\n"
     "Father reached by phone, no concerns.")),
    ("mia", "otto", 52, "New phone number on the emergency card from Monday. Card is in the blue folder."),
    ("noah", "ada", 75, "Missed the library bus. Brought to the office, waited with Otto."),
    ("tomas", "petra", 120, "Lab partner changed on request; both work better now."),
    ("jamal", "joan", 310, ("Met with Jamal and his guardian about the college visit in May.\n\n"
     "Agreed:\n– he asks Mr. Peñaloza Ortiz for the recommendation\n– counselor books the bus\n"
     "– we look at the Safety Net question again after the January exams")),
)  # fmt: skip


def set_planning_fields(cast: Cast) -> None:
    """Set planning fields at Jefferson High: graduation dates for all, diplomas for grades 11 and 12.

    Jamal's fields are set twice, so that his history has changes to show.
    """
    at_jefferson = Student.school_id == cast.jefferson.id
    for grade in range(9, LAST_GRADE + 1):
        set_field(
            at_jefferson & (Student.grade == grade), "planned_graduation", _last_day(grade), by=cast.joan
        )
    upper = at_jefferson & (Student.grade >= 11)
    set_field(upper, "diploma_type", "regents", by=cast.joan)
    set_field(upper & (Student.id % 5 == 0), "diploma_type", "advanced_regents", by=cast.joan)
    set_field(upper & (Student.id % 7 == 0), "safety_net", "yes", by=cast.joan)
    jamal = Student.id == cast.jamal.id
    set_field(jamal, "diploma_type", "advanced_regents", by=cast.joan)
    set_field(jamal, "safety_net", "no", by=cast.joan)


def write_notes(cast: Cast) -> None:
    """Add notes by their authors, and one more that its author corrects at once."""
    for student, author, hours, text in NOTES:
        note = Note.add(getattr(cast, student), text, by=getattr(cast, author))
        note.written_at = clock.now() - timedelta(hours=hours)
    note = Note.add(cast.mia, FIRST_TEXT, by=cast.ada)
    note.correct(FIRST_TEXT.replace("changes schools", "is away"), seen=1, by=cast.ada)


def _last_day(grade: int) -> str:
    """Return the last day, as text, of the school year in which a student now in that grade graduates."""
    return date(year_of(clock.today(ZONE)) + LAST_GRADE - grade, *LAST_DAY).isoformat()
