"""Compare enrollments.csv with the stored enrolments and teaching assignments."""

from collections import ChainMap
from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, select

from portal.models import Enrolment, SchoolClass, TeachingAssignment
from portal.roster.classes import Classes
from portal.roster.comparison import Comparison
from portal.roster.counts import Kind, RowOutcome
from portal.roster.file import File
from portal.roster.rows import EnrolmentRow
from portal.roster.statements import Statement, change, insertion
from portal.text.language import gettext as _


class ClassRole(NamedTuple):
    """How one role in a class, student or teacher, is stored: its kind, and the statements for its table."""

    kind: Kind
    stored: Select[Any]
    new: Statement
    changed: Statement
    gone: Statement


def _class_role(kind: Kind, model: type[Enrolment] | type[TeachingAssignment], *columns: str) -> ClassRole:
    """Return how a role is stored in `model` with `columns`, the first of which is the person's id."""
    values = (model.__table__.c[name] for name in columns)
    stored = select(model.source_id, model.id, ~model.is_current(), *values).join(
        SchoolClass, SchoolClass.id == model.class_id
    )
    return ClassRole(
        kind,
        stored.where(model.source_id.is_not(None)),
        insertion(model, "source_id", *columns),
        change(model, *columns, "ended_at"),
        change(model, "ended_at"),
    )


STUDENTS = _class_role(Kind.ENROLMENTS, Enrolment, "student_id", "class_id", "first_day", "last_day")
TEACHERS = _class_role(Kind.TEACHING, TeachingAssignment, "staff_id", "class_id", "is_primary")

#: A stored row: its id, whether it has ended, and the values of the role's columns.
Known = tuple[Any, ...]


class Enrolments:
    """Students and teachers of classes, by their identifiers in the roster."""

    def __init__(
        self,
        comparison: Comparison,
        file: File[EnrolmentRow],
        classes: Classes,
        student_ids: Mapping[str, int],
        staff_ids: Mapping[str | None, int],
    ) -> None:
        self._comparison = comparison
        self._file = file
        self._classes = classes
        self._student_ids = student_ids
        self._staff_ids = staff_ids
        self._today = comparison.now.date()
        self._known = {class_role.kind: self._load(class_role) for class_role in (STUDENTS, TEACHERS)}
        #: The homeroom that each student is in by this file, and the students who left theirs; all by id.
        self.joined: dict[int, int] = {}
        self.left: set[int] = set()

    def compare(self) -> None:
        """Write the enrolments and teaching assignments that are new, changed or ended."""
        known = ChainMap(*self._known.values())
        columns = (Enrolment.source_id, TeachingAssignment.source_id)
        for row, is_out_of_reach in self._comparison.with_reach(self._file, known, *columns):
            if row.role == "student":
                person_id, rest = self._student_ids.get(row.user_id), (row.first_day, row.last_day)
                self._compare(STUDENTS, row, None if is_out_of_reach else person_id, rest)
            elif row.role == "teacher":
                person_id, is_primary = self._staff_ids.get(row.user_id), (row.is_primary,)
                self._compare(TEACHERS, row, None if is_out_of_reach else person_id, is_primary)
            else:
                self._file.remark(row.line, "role", _("Only students and teachers of classes are kept."))
        self._end_missing()
        self._comparison.writes.flush()

    def _load(self, class_role: ClassRole) -> dict[str, Known]:
        rows = self._comparison.stored(
            class_role.stored.where(self._comparison.within_reach(SchoolClass.school_id))
        )
        return {row[0]: row[1:] for row in rows}

    def _compare(
        self, class_role: ClassRole, row: EnrolmentRow, person_id: int | None, rest: tuple[Any, ...]
    ) -> None:
        known = self._known[class_role.kind].pop(row.source_id, None)
        class_id = self._classes.ids.get(row.class_id)
        if row.is_deleted:
            self._end(class_role, known)
        elif person_id is None or class_id is None:
            self._keep_homeroom(class_role, known)
            column = "userSourcedId" if person_id is None else "classSourcedId"
            self._comparison.reject(self._file, class_role.kind, row, column, self._reason(column))
        else:
            self._keep(class_role, row, known, (person_id, class_id, *rest))
            if class_role is STUDENTS and class_id in self._classes.homerooms:
                self._note_homeroom(person_id, class_id, row.last_day)

    def _reason(self, column: str) -> str:
        if not self._comparison.importer.is_operator:
            return self._comparison.importer.refusal
        if column == "userSourcedId":
            return _("This names a person who is neither in the roster nor known from before.")
        return _("This names a class that is neither in the roster nor known from before.")

    def _keep(
        self, class_role: ClassRole, row: EnrolmentRow, known: Known | None, values: tuple[Any, ...]
    ) -> None:
        if known is None:
            self._comparison.counts.note(class_role.kind, RowOutcome.NEW)
            self._comparison.writes.add(class_role.new, (row.source_id, *values))
        elif known[1:] != (False, *values):
            self._comparison.counts.note(class_role.kind, RowOutcome.CHANGED)
            self._comparison.writes.add(class_role.changed, (*values, None, known[0]))

    def _note_homeroom(self, student_id: int, homeroom_id: int, last_day: date | None) -> None:
        if last_day is None or last_day >= self._today:
            self.joined[student_id] = homeroom_id
        else:
            self.left.add(student_id)

    def _keep_homeroom(self, class_role: ClassRole, known: Known | None) -> None:
        """Keep a student's homeroom whose line cannot be used."""
        if class_role is STUDENTS and known and known[3] in self._classes.homerooms:
            self.joined.setdefault(known[2], known[3])

    def _end(self, class_role: ClassRole, known: Known | None) -> None:
        if known and not known[1]:
            self._comparison.counts.note(class_role.kind, RowOutcome.GONE)
            self._comparison.writes.add(class_role.gone, (self._comparison.now, known[0]))
            if class_role is STUDENTS and known[3] in self._classes.homerooms:
                self.left.add(known[2])

    def _end_missing(self) -> None:
        for class_role in (STUDENTS, TEACHERS) if self._file.shows_who_is_gone else ():
            for source_id, known in self._known[class_role.kind].items():
                (self._keep_homeroom if source_id in self._file.rejected else self._end)(class_role, known)
        self._known = {}
