"""Make the letters for those who get one."""

from collections.abc import Iterable

from portal.documents.letter import Letter
from portal.documents.wording import Wording
from portal.models.letters.list import Recipient
from portal.text.language import in_language
from portal.web.templating import grade


def letters_for(recipients: Iterable[Recipient], *, address: str) -> list[Letter]:
    """Return the letters of `recipients`, in the same order. Needs an application context.

    `address` is the address of the portal, without a slash at the end.
    """
    grades: dict[tuple[str, int | None], str] = {}
    wordings: dict[tuple[int, str], Wording] = {}
    letters = []
    for recipient in recipients:
        key = (recipient.language, recipient.grade)
        place = (recipient.school.id, recipient.language)
        if key not in grades:
            grades[key] = grade_in(recipient.language, recipient.grade)
        if place not in wordings:
            wordings[place] = Wording.of_boxes(recipient.wording)
        letters.append(_letter(recipient, grade_label=grades[key], wording=wordings[place], address=address))
    return letters


def grade_in(language: str, number: int | None) -> str:
    """Return the name of a grade in that language, whatever the language of now is."""
    with in_language(language):
        return grade(number)


def _letter(recipient: Recipient, *, grade_label: str, wording: Wording, address: str) -> Letter:
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
        has_window=school.letters_have_window,
        return_address=school.return_address,
        wording=wording,
    )
