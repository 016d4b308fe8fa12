"""The tables of batches: one act for many students, which is planned, shown to its author, then done or dropped.

The chosen students are stored, so that the act is done for those who were shown; so is the outcome of each.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    String,
    and_,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)
from sqlalchemy.ext.hybrid import hybrid_method
from sqlalchemy.orm import Mapped, mapped_column

from portal import clock
from portal.db import Base, Refused, Scoped, db
from portal.models.codes.outcome import Act, Outcome, outcome_of
from portal.models.paging import Order, Page, paged, read_page
from portal.models.rows import NEVER, PubliclyNamed, changes_one
from portal.models.schools.school import School
from portal.models.schools.school_class import SchoolClass
from portal.models.students.selection import Selection
from portal.models.students.student import Student
from portal.policy.permissions import Permission, Reach
from portal.policy.reach import Asker, HasId
from portal.text.language import gettext as _

#: How many names one page of an outcome lists.
PAGE = 100

#: How long a plan waits to be confirmed, and how long results can be looked up.
PLANS_LAST, RESULTS_LAST = timedelta(days=1), timedelta(days=90)


class Batch(PubliclyNamed, Scoped, Base):
    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(String(16))
    #: The search fields of the list it came from, to go back there.
    query: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    #: None for the operator, who works at the shell.
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    done_at: Mapped[datetime | None]

    @hybrid_method
    def is_done(self) -> bool:
        """Return whether the act was done; of the class, the criterion."""
        return self.done_at != NEVER

    @classmethod
    def within(cls, _reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for the batches of this account: nobody else sees them."""
        owner: int = account.id
        return cls.created_by_id == owner

    @classmethod
    def plan(cls, act: Act, selection: Selection, *, by: Asker) -> Self:
        """Store the chosen students. Raises OutOfReach as `Selection.count` does, and Refused when nobody is chosen."""
        if not selection.count(by, Permission.MANAGE_CODES):
            raise Refused(_("Nobody is in this list any more. Nothing was done."))
        row = cls(act=act.value, query=selection.list_filter.query, created_by_id=by.id)
        db.session.add(row)
        db.session.flush()
        is_chosen = selection.criterion(by, Permission.MANAGE_CODES)
        chosen = select(literal(row.id), Student.id).where(is_chosen)
        db.session.execute(insert(BatchStudent).from_select(["batch_id", "student_id"], chosen))
        return row

    def begin(self) -> bool:
        """Mark it as done, in the transaction that does it; return False when another request was first."""
        still_open = update(Batch).where(Batch.id == self.id, ~Batch.is_done())
        is_first = changes_one(still_open.values(done_at=clock.now()))
        db.session.expire(self, ["done_at"])
        return is_first

    def totals(self, by: Asker) -> dict[Outcome, int]:
        """Count the students who have, or would have, each outcome."""
        outcome = self._outcome(by)
        counted = select(outcome, func.count()).select_from(BatchStudent).join(Student)
        rows = db.session.execute(counted.where(BatchStudent.batch_id == self.id).group_by(outcome))
        return {Outcome(name): count for name, count in sorted(map(tuple, rows))}

    def students_with(self, outcome: Outcome, *, by: Asker, after: str = "", limit: int = PAGE) -> Page[Any]:
        """Return a page of the students who have, or would have, `outcome`, behind the public id `after`.

        Only students in `by`'s reach now are returned.
        """
        is_meant = and_(
            BatchStudent.batch_id == self.id,
            BatchStudent.student_id == Student.id,
            self._outcome(by) == outcome.value,
            Student.reachable(by, Permission.MANAGE_CODES),
        )
        rows = _NAMES.where(BatchStudent.batch_id == self.id)
        statement = paged(rows, is_meant, _BY_NAME, size=limit, is_later=bool(after))
        return read_page(statement, {"after": after}, size=limit)

    def _outcome(self, by: Asker) -> Any:
        return BatchStudent.outcome if self.is_done() else outcome_of(Act(self.act), by=by, at=clock.now())

    @classmethod
    def tidy_up(cls) -> None:
        """Delete plans that nobody confirmed, and old results. The events that record them stay."""
        now = clock.now()
        is_over = (cls.created_at < now - RESULTS_LAST) | (
            ~cls.is_done() & (cls.created_at < now - PLANS_LAST)
        )
        over = select(cls.id).where(is_over)
        db.session.execute(delete(BatchStudent).where(BatchStudent.batch_id.in_(over)))
        db.session.execute(delete(cls).where(is_over))


class BatchStudent(Base):
    """One of the chosen students, with the outcome."""

    __tablename__ = "batch_students"

    batch_id: Mapped[int] = mapped_column(ForeignKey("batches.id"), primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("students.id"), primary_key=True)
    outcome: Mapped[str | None] = mapped_column("fate", String(16))


_BY_NAME = Order(
    columns=(Student.sort_key, Student.id),
    mark=Student.public_id,
    places=select(Student.sort_key, Student.id),
)

_NAMES = (
    select(
        Student.public_id,
        Student.first_name.label("first_name"),
        Student.family_name,
        Student.grade,
        SchoolClass.title.label("homeroom"),
        School.name.label("school"),
    )
    .select_from(BatchStudent)
    .join(Student, Student.id == BatchStudent.student_id)
    .join(School, School.id == Student.school_id)
    .outerjoin(SchoolClass, SchoolClass.id == Student.homeroom_id)
)
