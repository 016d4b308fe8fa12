"""What the schools' letters are like, and which of them have been printed."""

from portal.demo.cast import Cast
from portal.documents.wording_check import checked
from portal.models import LetterWording, Student
from portal.models.letters.list import letters_of
from portal.models.letters.record import record_printed

#: Jefferson's own opening, in the tags that a school may use.
OPENING = (
    "<p><strong>Welcome back, Tigers!</strong> {school} shows you classes and attendance online, "
    "on a phone or a computer. The code below connects you to your child.</p>"
)

JEFFERSON = "Jefferson High School\n300 Orchard Road\nMaple Valley, IL 60099"


def print_some(cast: Cast) -> None:
    """Jefferson sends letters in its own words and in envelopes with a window; Lincoln has handed out its own."""
    cast.jefferson.change_settings(by=cast.joan, letters_have_window=True, return_address=JEFFERSON)
    LetterWording.write(cast.jefferson, "en", {"lead": checked(OPENING)}, by=cast.joan, seen=None)
    of_lincoln = letters_of(Student.school_id == cast.lincoln.id, by=cast.otto)
    record_printed(of_lincoln.recipients, by=cast.otto)
