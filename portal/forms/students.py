"""What one looks for in a list of students. Sent by GET, so nothing is refused: nonsense finds nothing."""

from collections.abc import Sequence
from typing import Any, Self

from flask import request
from wtforms import Form, SelectChoice, StringField

from portal.forms.fields import PickField
from portal.models import School
from portal.models.students.choices import Choices
from portal.models.students.filter import Wanted
from portal.text.language import lazy_gettext as _
from portal.web.templating import grade


class StudentSearchForm(Form):
    q = StringField(_("Name or student number"))
    school = PickField(_("School"))
    grade = PickField(_("Grade"))
    homeroom = PickField(_("Homeroom"))

    @classmethod
    def of(cls, schools: Sequence[School], choices: Choices) -> Self:
        """The form as this request fills it, with what can be picked."""
        form = cls(request.args)
        form.offer(schools, choices)
        return form

    def offer(self, schools: Sequence[School], choices: Choices) -> None:
        everyone = SelectChoice("", _("All"))
        grades = [SelectChoice(str(number), grade(number)) for number in choices.grades]
        homerooms = [SelectChoice(title, title) for title in choices.homerooms]
        self.school.choices = [SelectChoice(school.public_id, school.name) for school in schools]
        self.grade.choices = [everyone, *grades]
        self.homeroom.choices = [everyone, *homerooms]

    @property
    def wanted(self) -> Wanted:
        return Wanted.read(request.args)._replace(status=None)

    @property
    def grade_names(self) -> dict[int | None, str]:
        """What each grade of this school is called: asked once for the page, not for every row."""
        return {int(choice.value): choice.label for choice in self.grade.choices if choice.value}

    @property
    def query(self) -> dict[str, Any]:
        """The address of this search, without the page."""
        return self.wanted.query
