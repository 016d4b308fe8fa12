"""What staff keep about a student for themselves shows on no page, in no mail and on no letter of a family."""

import io
import re

import pytest
from pypdf import PdfReader

from portal import db
from portal.mail import messages
from portal.models import MessageKind, Note, OutboxMessage, Student
from portal.models.students.planning import set_field
from tests.browser.addresses import address_of
from tests.browser.pages import PAGES
from tests.statements import counted

#: Stands in every record that is theirs alone.
SECRETS = ["heron", "Advanced Regents", "advanced_regents", "Safety Net", "Planning", "2041"]


@pytest.fixture
def records(cast):
    """Everything staff may write down about Mia and Tomás."""
    with db.writing():
        for student, author in ((cast.mia, cast.otto), (cast.tomas, cast.sam)):
            note = Note.add(student, "A heron was seen.", by=author)
            note.correct("No heron was seen.", seen=1, by=author)
            own = Student.id == student.id
            set_field(own, "diploma_type", "advanced_regents", by=author)
            set_field(own, "planned_graduation", "2041-06-30", by=author)
            set_field(own, "safety_net", "yes", by=author)


@pytest.mark.parametrize("guardian", ["grace", "rosa", "zoe"])
def test_no_page_of_a_guardian_shows_any(records, cast, as_, guardian):
    phone = as_(getattr(cast, guardian))
    for path in PAGES[guardian]:
        page = phone.get(address_of(path, cast))
        if path != "/students":
            assert [secret for secret in SECRETS if secret in page.text] == [], path


def test_no_page_of_a_family_reads_any(records, cast, as_):
    phone = as_(cast.grace)
    with counted() as statements:
        for path in ("/family", f"/family/students/{cast.mia.public_id}"):
            phone.get(path)

    assert not [sql for sql in statements if re.search(r"\b(notes|field_changes)\b", sql)]


def test_no_mail_about_a_student_tells_any(records, cast, app):
    with db.writing():
        row = OutboxMessage.post(
            MessageKind.LOGIN_INSTRUCTIONS, to="grace@example.com", language="en", student_id=cast.mia.id
        )
    mail = str(messages.write(row))

    assert [secret for secret in SECRETS if secret in mail] == []


def test_no_letter_tells_any(records, cast, as_):
    letter = as_(cast.otto).get(f"/students/{cast.mia.public_id}/login-instructions.pdf")
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(letter.data)).pages)

    assert "Lincoln" in words
    assert [secret for secret in SECRETS if secret in words] == []
