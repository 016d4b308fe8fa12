"""The sample letter: shows what a school's letters look like, for a made-up student with a code that cannot be used."""

from collections.abc import Mapping
from datetime import date

from flask import render_template

from portal.documents.letter import Letter
from portal.documents.recipients import grade_in
from portal.documents.wording import Wording
from portal.documents.wording_check import checked
from portal.models import School
from portal.text.language import in_language

#: The boxes whose text a school can write, in the order of the page.
EDITABLE = ("lead", "newcomer", "returning", "safe", "questions")

#: A code that nobody has: its check symbol is wrong.
NO_CODE = "ABCD1234WXYZ"

NAMES = {"en": "Alex Example-Student", "es": "Alex Ejemplo Estudiante"}


def sample_letter(
    school: School, language: str, boxes: Mapping[str, str], *, address: str, today: date
) -> Letter:
    """Return the letter of a made-up student in that language, with this text of the school by box.

    `address` is the address of the portal. The code works until `today` where the school has no school year.
    """
    year = school.year
    return Letter(
        school=school.name,
        student=NAMES[language],
        grade_label=grade_in(language, 4),
        homeroom="2A",
        code=NO_CODE,
        join_url=f"{address}/join",
        sign_in_url=f"{address}/sign-in",
        expires_on=year.last_day if year else today,
        ask_whom=school.office_contact,
        language=language,
        paper=school.paper,
        has_window=school.letters_have_window,
        return_address=school.return_address,
        wording=Wording.of_boxes(boxes),
    )


def starters(language: str) -> dict[str, str]:
    """Return the portal's own text by box, as HTML that a school can begin with."""
    with in_language(language):
        return {box: checked(render_template(f"documents/starters/{box}.html")) for box in EDITABLE}
