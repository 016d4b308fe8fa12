"""Student/Parent Portal Access: every student whose codes this person may manage."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, g

from portal.forms.access_lists import AccessSearchForm
from portal.models import School
from portal.models.students.choices import Choices, choices_in
from portal.models.students.list import ACCESS, StudentList, students_of
from portal.policy.permissions import Permission
from portal.web import htmx
from portal.web.current_school import place_for
from portal.web.guard import requires
from portal.web.templating import days

bp = Blueprint("access_lists", __name__)


@bp.get("/portal-access")
@requires(Permission.MANAGE_CODES)
def index() -> Any:
    schools, school = place_for(Permission.MANAGE_CODES)
    choices = choices_in(school, courses=True) if school else Choices([], [], [])
    form = AccessSearchForm.of(schools, choices)
    page = students_of(school, form.wanted, by=g.account, listing=ACCESS) if school else None
    parts = ("rows", "more") if form.wanted.after else ("results",)
    words: dict[str, Any] = {"form": form, "school": school, "page": page}
    if school and page:
        words |= {"query": form.query | {"school": school.public_id}, "rows": _rows(page, form, school)}
    return htmx.render("access_lists/index.html", *parts, **words)


def _rows(page: StudentList, form: AccessSearchForm, school: School) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Of each line the status, and the texts of the row in the order of their places."""
    grades, made = form.grade_names, days((line.letter_made_at for line in page.lines), school.time_zone)
    focus = " data-focus" if form.wanted.after and htmx.wants_part() else ""
    for line in page.lines:
        id_, first, last, guardians = line.public_id, line.first_name, line.family_name, line.guardians
        status, grade, homeroom = line.status(page.now), grades.get(line.grade, "–"), line.homeroom or "–"
        count = f" ({guardians})" if status == "paired" else ""
        name, letter = f"{first} {last}", made[line.letter_made_at]
        yield (
            status,
            (id_, name, id_, focus, first, last, grade, homeroom, count, letter, str(guardians or "–")),
        )
        focus = ""
