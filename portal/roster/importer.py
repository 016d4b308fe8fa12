"""Who imports a roster, and how far they reach."""

from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import select

from portal import db
from portal.models import Account, School
from portal.policy.permissions import Permission
from portal.text.language import gettext as _


@dataclass(frozen=True, slots=True)
class Importer:
    """The operator at the shell, who reaches everything, or somebody signed in, who reaches some schools."""

    account: Account | None
    #: The schools within reach; None: every one, and those that are yet to be made.
    school_ids: frozenset[int] | None

    @classmethod
    def operator(cls) -> Self:
        """Whoever sits at the shell of the server: trusted with emails, principals and new schools."""
        return cls(None, None)

    @classmethod
    def by(cls, account: Account) -> Self:
        """`account`, at the schools for which it may import rosters now."""
        reachable = select(School.id).where(School.reachable(account, Permission.IMPORT_ROSTER))
        return cls(account, frozenset(db.session.scalars(reachable)))

    def renewed(self) -> Self:
        """The same importer, no further than they reach at this moment."""
        if self.account is None:
            return self
        self.account.forget_rights()
        now = self.by(self.account).school_ids or frozenset()
        return replace(self, school_ids=now & (self.school_ids or frozenset()))

    @property
    def is_operator(self) -> bool:
        return self.account is None

    def reaches(self, school_id: int | None) -> bool:
        """Whether rows of that school may be changed."""
        return school_id is not None and (self.school_ids is None or school_id in self.school_ids)

    @property
    def refusal(self) -> str:
        """Why a row was left out. One sentence for what is elsewhere and for what is nowhere: it gives nothing away."""
        if self.is_operator:
            return _("This school is neither in the roster nor known from before.")
        return _("This line is not within your reach. If it is right, it must be applied by the operator.")
