"""The base of memberships in schools and in networks: a person, a place and an access level."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import select, update
from sqlalchemy.orm import InstrumentedAttribute, Mapped

from portal.db import Refused, Scoped, db
from portal.models.rows import PubliclyNamed, changes_one
from portal.policy.delegation import Access
from portal.policy.evaluator import lets_in
from portal.policy.permissions import StaffLevel, level_named
from portal.policy.reach import Actor
from portal.text.language import gettext as _

if TYPE_CHECKING:
    from portal.models.accounts.account import Staff
    from portal.models.schools.network import Network
    from portal.models.schools.school import School


class AnyMembership(PubliclyNamed, Scoped):
    """One level per person and place. `place` is the school or network."""

    if TYPE_CHECKING:
        id: Mapped[int]
        staff_id: Mapped[int]
        level: Mapped[str]
        staff: Mapped[Staff]

    #: The column that names the place, which is also the detail that names it in events.
    place_column: ClassVar[str]
    #: The level that only the operator or the staff file gives, and the one that opens nothing.
    admin_level: ClassVar[StaffLevel]
    no_access: ClassVar[StaffLevel]

    @classmethod
    def of(cls, staff: Actor, place: "School | Network") -> Self | None:
        """Return the membership of `staff` there; none when they do not belong there."""
        return db.session.scalar(
            select(cls).where(cls.staff_id == staff.id, cls._place_id_column() == place.id)
        )

    @classmethod
    def access_of(cls, staff: Actor, place_id: int) -> Access:
        """Return what `staff` holds there right now.

        That is No Access for those who do not belong there, and for closed accounts.
        """
        found = select(cls).where(cls.staff_id == staff.id, cls._place_id_column() == place_id)
        row = db.session.scalar(found.execution_options(populate_existing=True))
        return row.access if row and not row.staff.is_closed() else Access(cls.no_access)

    @property
    def place(self) -> "School | Network":
        """The school or network."""
        raise NotImplementedError

    @property
    def place_id(self) -> int:
        """The id of the school or network."""
        place_id: int = getattr(self, self.place_column)
        return place_id

    @property
    def place_detail(self) -> dict[str, Any]:
        """The detail of an event that names the place: the school_id or network_id."""
        return {self.place_column: self.place_id}

    @property
    def access(self) -> Access:
        """The level, with what else is held there."""
        return Access(self.access_level)

    @property
    def access_level(self) -> StaffLevel:
        """The level as the policy knows it."""
        return level_named(self.level)

    @property
    def label(self) -> str:
        """The access level as it is called on screen."""
        return self.access_level.label

    @property
    def is_open(self) -> bool:
        """Whether this level lets anybody in at all."""
        return lets_in(self.access_level)

    @property
    def needs_review(self) -> bool:
        """Whether somebody should look at this level again."""
        return False

    @property
    def may_be_invited(self) -> bool:
        """Whether this person has access here, an account that is not closed, and never chose a password."""
        return self.is_open and self.staff.password_hash is None and not self.staff.is_closed()

    def has_level(self, level: StaffLevel) -> bool:
        """Return whether this is the level held here."""
        return self.level == level.value

    def lock(self) -> None:
        """Read the level anew, and keep others from changing one at this place until the transaction ends."""
        raise NotImplementedError

    def set_access(self, to: Access, *, by: Actor | None) -> None:
        """Write down and record that `to` is held here from now on; `by` is none for the operator.

        The caller has asked the rules: see `level_change.py`. Raises Refused when the level has changed meanwhile.
        """
        raise NotImplementedError

    def _write(self, **values: Any) -> None:
        unchanged = update(type(self)).where(type(self).id == self.id, type(self).level == self.level)
        if not changes_one(unchanged.values(**values)):
            raise Refused(_("Somebody changed this access level a moment ago. Look again."))
        db.session.refresh(self, list(values))

    @classmethod
    def _place_id_column(cls) -> InstrumentedAttribute[int]:
        column: InstrumentedAttribute[int] = getattr(cls, cls.place_column)
        return column


def source_of(by: Actor | None) -> dict[str, str]:
    """Return the detail by which an event says that the operator acted, at the shell."""
    return {} if by else {"source": "operator"}
