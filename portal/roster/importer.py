"""Who imports a roster, and which schools are within their reach (decision 6)."""

from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import select

from portal import db
from portal.models import Account, School
from portal.policy.permissions import Permission
from portal.text.language import gettext as _


@dataclass(frozen=True, slots=True)
class Importer:
    """The operator at the command line, who reaches every school, or an account, which reaches some."""

    account: Account | None
    #: The ids of the schools within reach; None for all schools, also new ones.
    school_ids: frozenset[int] | None

    @classmethod
    def operator(cls) -> Self:
        """Return the operator, who alone may change emails, appoint principals and add schools."""
        return cls(None, None)

    @classmethod
    def by(cls, account: Account) -> Self:
        """Return `account` with the schools for which it may import rosters now."""
        reachable = select(School.id).where(School.reachable(account, Permission.IMPORT_ROSTER))
        return cls(account, frozenset(db.session.scalars(reachable)))

    def renewed(self) -> Self:
        """Return the same importer with the schools that are still within reach."""
        if self.account is None:
            return self
        self.account.forget_rights()
        now = self.by(self.account).school_ids or frozenset()
        return replace(self, school_ids=now & (self.school_ids or frozenset()))

    @property
    def is_operator(self) -> bool:
        """Whether this is the operator rather than an account."""
        return self.account is None

    def reaches(self, school_id: int | None) -> bool:
        """Whether rows of that school may be changed."""
        return school_id is not None and (self.school_ids is None or school_id in self.school_ids)

    @property
    def refusal(self) -> str:
        """The reason for leaving out a row of an unknown school.

        For an account it is the same for a school out of reach, so that it does not reveal which schools exist.
        """
        if self.is_operator:
            return _("This school is neither in the roster nor known from before.")
        return _("This line is not within your reach. If it is right, it must be applied by the operator.")
