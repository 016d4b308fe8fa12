"""A student, and who may see them."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, Index, Select, String, and_, bindparam, event, false, func, inspect, select
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import Mapped, aliased, lazyload, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import ColumnElement

from portal.db import ON_POSTGRESQL, ON_SQLITE, Base, Scoped, db
from portal.db.dialects import has_one_writer
from portal.models.event import Event, EventKind
from portal.models.guardians.restriction import students_barred_to
from portal.models.rows import NEVER, PersonName, PubliclyNamed, fold
from portal.models.schools.school import School, school_ids_within
from portal.models.schools.school_class import SchoolClass
from portal.models.supports import caseload
from portal.policy.permissions import Reach, Scope
from portal.policy.reach import Actor, HasId
from portal.text.names import initials

if TYPE_CHECKING:
    from portal.models.codes.access_code import AccessCode
    from portal.models.guardians.pairing import Pairing

#: Live pairings a student may have unless staff raise it.
GUARDIAN_LIMIT = 6


class Student(PubliclyNamed, PersonName, Scoped, Base):
    __tablename__ = "students"
    __table_args__ = (
        # On SQLite one index holds all that a search looks at, in the order of the list; on PostgreSQL a row of an
        # index is too small for the longest of such names.
        Index("ix_students_list", "school_id", "sort_key", "id", "search_key", "left_at", info=ON_SQLITE),
        Index(None, "school_id", "sort_key", "id", info=ON_POSTGRESQL),
        Index(None, "school_id", "search_key", info=ON_POSTGRESQL),
        Index(None, "school_id", "grade", "sort_key"),
        Index(None, "homeroom_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"))
    homeroom_id: Mapped[int | None] = mapped_column(ForeignKey("classes.id"))
    student_number: Mapped[str | None] = mapped_column(String(64))
    source_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    given_name: Mapped[str] = mapped_column(String(120))
    middle_name: Mapped[str | None] = mapped_column(String(120))
    #: Empty for people with a single name.
    family_name: Mapped[str] = mapped_column(String(120), default="")
    preferred_name: Mapped[str | None] = mapped_column(String(120))
    #: -1 pre-kindergarten, 0 kindergarten, 1 to 12; none when the roster says something else.
    grade: Mapped[int | None]
    #: Spoken at home, when the school knows.
    language: Mapped[str | None] = mapped_column(String(12))
    #: Live pairings allowed at once.
    guardian_limit: Mapped[int] = mapped_column(default=GUARDIAN_LIMIT)
    #: What the school plans; set by portal.models.students.planning, which keeps the history. None while not known.
    diploma_type: Mapped[str | None] = mapped_column(String(24))
    planned_graduation: Mapped[date | None]
    safety_net: Mapped[str | None] = mapped_column(String(3))
    #: Since when the roster says they are no longer at any school.
    left_at: Mapped[datetime | None]
    #: The moment of the import that last brought their fields.
    synced_at: Mapped[datetime | None]
    #: Family name, given name; folded. How lists are ordered.
    sort_key: Mapped[str] = mapped_column(String(260))
    #: All names and the number; folded. What search looks into.
    search_key: Mapped[str] = mapped_column(String(500))

    school: Mapped[School] = relationship(lazy="joined", innerjoin=True)
    homeroom: Mapped[SchoolClass | None] = relationship(lazy="joined")
    code: Mapped["AccessCode | None"] = relationship(
        primaryjoin="and_(AccessCode.student_id == Student.id, AccessCode.is_open())",
        lazy="joined",
        viewonly=True,
    )
    live_pairings: Mapped[list["Pairing"]] = relationship(
        primaryjoin="and_(Pairing.student_id == Student.id, Pairing.is_live())", viewonly=True
    )

    @hybrid_property
    def first_name(self) -> str:
        """The preferred name, where the roster has one; of a row and in SQL."""
        return self.preferred_name or self.given_name

    @first_name.inplace.expression
    @classmethod
    def _first_name(cls) -> ColumnElement[str]:
        return func.coalesce(func.nullif(cls.preferred_name, ""), cls.given_name)

    @property
    def masked_name(self) -> str:
        """The initials, such as "J. S.", which a guardian sees before pairing."""
        return initials(self.given_name, self.family_name)

    @hybrid_method
    def is_enrolled(self) -> bool:
        """Return whether the roster says that they are at a school; of the class or an alias, the criterion."""
        return self.left_at == NEVER

    def allow_guardians(self, limit: int, *, by: Actor) -> None:
        """Let up to `limit` guardians be paired at once. Those who are paired already stay."""
        if limit != self.guardian_limit:
            Event.record(
                EventKind.GUARDIAN_LIMIT_CHANGED,
                by=by,
                student_id=self.id,
                old=self.guardian_limit,
                new=limit,
            )
            self.guardian_limit = limit

    def lock(self) -> None:
        """Lock and reload the row, so that nobody else changes its code or pairings until the transaction ends.

        What this transaction has read already, where there is no other writer, is neither locked nor read again.
        """
        state: Any = inspect(self)
        if has_one_writer() and not state.expired:
            return
        db.session.flush()
        identity = state.identity  # known without reading the row once more
        row = db.session.connection().execute(_LOCKED_ONE, {"student_id": identity[0]}).one()._mapping
        if all(self.__dict__.get(name) == value for name, value in row.items()):
            db.session.expire(self, ["code", "live_pairings"])
            return
        db.session.expire(self)
        for name, value in row.items():
            set_committed_value(self, name, value)

    @staticmethod
    def lock_all(students: ColumnElement[bool]) -> None:
        """Lock the students that the criterion finds, in a separate statement before the one that reads them.

        After waiting for a lock, PostgreSQL reloads only the locked rows; joined tables are as before the wait.
        """
        own = select(Student.id).where(students).order_by(Student.id).with_for_update(of=Student)
        db.session.execute(own).all()

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        match reach.scope:
            case Scope.OWN_STUDENTS:
                may_be_seen = cls.is_enrolled() | cls.school.has(School.shows_former_students)
                own = cls._ids_paired_with(account.id)
                return and_(may_be_seen, cls.id.in_(own), cls.id.not_in(students_barred_to(account.id)))
            case Scope.CASELOAD:
                return cls.id.in_(caseload.student_ids(account.id, reach.places, aliased(Student)))
            case Scope.SCHOOL | Scope.NETWORK | Scope.PORTFOLIO:
                return cls.school_id.in_(school_ids_within(reach, account.id))
            case _:
                return false()

    @classmethod
    def _ids_paired_with(cls, guardian_id: Any) -> Select[int]:
        """Select by the guardian, because with EXISTS the database would look at every student there is."""
        pairing: Any = cls.live_pairings.property.entity.class_
        return select(pairing.student_id).where(pairing.guardian_id == guardian_id, pairing.is_live())


#: Students alone, locked and read anew.
LOCKED = select(Student).options(lazyload("*")).with_for_update().execution_options(populate_existing=True)
_TABLE: Any = Student.__table__
_LOCKED_ONE = select(_TABLE).with_for_update().where(_TABLE.c.id == bindparam("student_id"))


def name_keys(
    *, given: str, family: str, preferred: str | None = None, number: str | None = None
) -> dict[str, str]:
    """Return `sort_key` and `search_key` for a student of these names; imports write them in bulk."""
    names = (given, preferred if preferred != given else None, family, number)
    return {
        "sort_key": fold(f"{family} {given}")[:260],
        "search_key": fold(" ".join(name for name in names if name))[:500],
    }


@event.listens_for(Student, "before_insert")
@event.listens_for(Student, "before_update")
def _set_keys(_mapper: Any, _connection: Any, student: Student) -> None:
    keys = name_keys(
        given=student.given_name,
        family=student.family_name,
        preferred=student.preferred_name,
        number=student.student_number,
    )
    student.sort_key, student.search_key = keys["sort_key"], keys["search_key"]
