"""What the staff wrote down about some of their students."""

from datetime import timedelta

from portal import clock
from portal.demo.cast import Cast
from portal.models import Note

FIRST = "Mia told me that she changes schools for two weeks in spring, to stay with her grandmother."

#: About whom, by whom, how many hours ago, and what.
WRITTEN = (
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


def write_notes(cast: Cast) -> None:
    """Each in its author's name; the newest one is corrected at once."""
    for student, author, hours, text in WRITTEN:
        note = Note.add(getattr(cast, student), text, by=getattr(cast, author))
        note.written_at = clock.now() - timedelta(hours=hours)
    note = Note.add(cast.mia, FIRST, by=cast.ada)
    note.correct(FIRST.replace("changes schools", "is away"), seen=1, by=cast.ada)
