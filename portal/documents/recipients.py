"""From those who get a letter to the letters."""

from collections.abc import Iterable

from flask_babel import force_locale

from portal.documents.letters import Letter
from portal.models.letter_list import Recipient
from portal.templating import grade


def letters_for(recipients: Iterable[Recipient], *, address: str) -> list[Letter]:
    """Their letters, in the same order. `address` is where the portal is reached, without a slash at the end.

    Needs an application context.
    """
    grades: dict[tuple[str, int | None], str] = {}
    letters = []
    for recipient in recipients:
        key = (recipient.language, recipient.grade)
        if key not in grades:
            with force_locale(recipient.language):
                grades[key] = grade(recipient.grade)
        letters.append(_letter(recipient, grade_label=grades[key], address=address))
    return letters


def _letter(recipient: Recipient, *, grade_label: str, address: str) -> Letter:
    school = recipient.school
    return Letter(
        school=school.name,
        student=recipient.name,
        grade_label=grade_label,
        homeroom=recipient.homeroom,
        code=recipient.code,
        join_url=f"{address}/join",
        sign_in_url=f"{address}/sign-in",
        expires_on=recipient.last_day,
        ask_whom=school.office_contact,
        language=recipient.language,
        home_language=recipient.home_language or "",
        paper=school.paper,
        number=recipient.number,
        pile=recipient.pile,
    )
