"""Which access level a staff account has at a network, and for which of its schools."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ForeignKey, String, UniqueConstraint, delete, false, insert, select
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.sql import ColumnElement

from portal import clock
from portal.db import Base, db
from portal.models.event import Event, EventKind
from portal.models.schools.network import Network, NetworkSchool
from portal.models.users.any_membership import AnyMembership, source_of
from portal.policy.delegation import Access, Portfolio
from portal.policy.permissions import NetworkLevel, Reach, Scope
from portal.policy.reach import Actor, HasId

if TYPE_CHECKING:
    from portal.models.accounts.account import Staff


class NetworkMembership(AnyMembership, Base):
    """One level per person and network."""

    __tablename__ = "network_memberships"
    __table_args__ = (UniqueConstraint("staff_id", "network_id"),)

    place_column = "network_id"
    admin_level = NetworkLevel.NETWORK_ADMIN
    no_access = NetworkLevel.NO_ACCESS

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    network_id: Mapped[int] = mapped_column(ForeignKey("networks.id"), index=True)
    level: Mapped[str] = mapped_column(String(24), default=NetworkLevel.NO_ACCESS.value)
    can_manage_users: Mapped[bool] = mapped_column(default=False)
    #: The portfolio follows every school of the network, those that join later too.
    portfolio_is_all: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    staff: Mapped["Staff"] = relationship(lazy="joined", innerjoin=True)
    network: Mapped[Network] = relationship(lazy="joined", innerjoin=True)

    @classmethod
    def within(cls, reach: Reach, account: HasId) -> ColumnElement[bool]:
        """Return the criterion for everybody who belongs to a network inside `reach`, whatever their level."""
        return cls.network_id.in_(reach.places) if reach.scope is Scope.NETWORK else false()

    @property
    def place(self) -> Network:
        """The network."""
        return self.network

    @property
    def access(self) -> Access:
        """The level, whether users can be managed, and the portfolio. A school that left has dropped out of it."""
        listed = (
            select(PortfolioSchool.school_id)
            .join(NetworkSchool, NetworkSchool.school_id == PortfolioSchool.school_id)
            .where(
                PortfolioSchool.network_membership_id == self.id, NetworkSchool.network_id == self.network_id
            )
        )
        portfolio = Portfolio(self.portfolio_is_all, frozenset(db.session.scalars(listed)))
        return Access(self.access_level, self.can_manage_users, portfolio)

    def lock(self) -> None:
        """Read the level anew, and keep others from changing one at this network until the transaction ends."""
        own = select(Network.id).where(Network.id == self.network_id).with_for_update()
        db.session.execute(own)
        db.session.refresh(self, ["level", "can_manage_users", "portfolio_is_all"])

    def set_access(self, to: Access, *, by: Actor | None) -> None:
        """Write down and record level and portfolio, each if it changes."""
        old = self.access
        self._write(
            level=to.level.value,
            can_manage_users=to.can_manage_users,
            portfolio_is_all=to.portfolio.is_all,
        )
        if to.portfolio != old.portfolio:
            self._set_portfolio(to.portfolio, by=by)
        if (to.level, to.can_manage_users) != (old.level, old.can_manage_users):
            words: dict[str, Any] = {"old": old.level.value, "new": self.level, **source_of(by)}
            Event.record(
                EventKind.LEVEL_CHANGED, by=by, about_id=self.staff_id, network_id=self.network_id,
                can_manage_users=self.can_manage_users, **words,
            )  # fmt: skip

    def _set_portfolio(self, portfolio: Portfolio, *, by: Actor | None) -> None:
        own = PortfolioSchool.network_membership_id == self.id
        db.session.execute(
            delete(PortfolioSchool).where(own), execution_options={"synchronize_session": False}
        )
        listed = sorted(portfolio.school_ids)
        if listed:
            rows = [{"network_membership_id": self.id, "school_id": school_id} for school_id in listed]
            db.session.execute(insert(PortfolioSchool), rows)
        Event.record(
            EventKind.PORTFOLIO_CHANGED, by=by, about_id=self.staff_id, network_id=self.network_id,
            is_all=portfolio.is_all, schools=listed,
        )  # fmt: skip


class PortfolioSchool(Base):
    """One school in the portfolio of a network user."""

    __tablename__ = "portfolio_schools"

    network_membership_id: Mapped[int] = mapped_column(ForeignKey("network_memberships.id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("schools.id"), primary_key=True, index=True)
