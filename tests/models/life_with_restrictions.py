"""Restrictions come and go while codes and pairings live: what a machine with children and a town does about them."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as some
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from portal import clock, db
from portal.models import Restriction
from portal.models.guardians.restricting import CustodyOrder, lift, restrict
from tests.models.small_town import CHILDREN, GUARDIANS


class Restrictions:
    """Rules of LifeOfACode: staff keep guardians from seeing a child, for some days or until further notice."""

    children: list[Any]
    calendars: list[Any]
    town: Any
    now: datetime
    _moment: datetime

    @rule(
        number=some.sampled_from(CHILDREN),
        guardian=some.sampled_from(GUARDIANS),
        days=some.none() | some.integers(0, 90),
        replaces_code=some.booleans(),
    )
    def restrict(self, number: int, guardian: int, days: int | None, replaces_code: bool) -> None:
        child, zone = self.children[number], self.calendars[self.children[number].school].zone
        is_new = not child.bars(guardian, self._moment)
        last_day = None if days is None else clock.today(zone) + timedelta(days=days)
        order = CustodyOrder("So it is decided.", None, clock.today(zone), last_day)

        placed = self._attempt(lambda: self._place(number, guardian, order, replaces_code), happens=is_new)

        assert (placed is not None) == is_new
        if is_new:
            child.barred[guardian] = last_day and _midnight_after(last_day, zone)
            if replaces_code:
                self._replace_for(child, number)

    @precondition(lambda self: self._barred)
    @rule(choice=some.integers(0, 5))
    def type_the_code_all_the_same(self, choice: int) -> None:
        child, _number, guardian = self._barred[choice % len(self._barred)]
        if child.code:
            self._redeem(guardian, [child.code])

    @precondition(lambda self: self._barred)
    @rule(choice=some.integers(0, 5))
    def lift(self, choice: int) -> None:
        child, number, guardian = self._barred[choice % len(self._barred)]
        email = self.town.guardian(guardian).email
        row = select(Restriction).filter_by(student_id=self.town.students[number], email=email, ended_at=None)

        self._attempt(
            lambda: lift(db.session.scalars(row).one(), by=self.town.office, reason="Set aside."),
            happens=True,
        )

        del child.barred[guardian]

    @property
    def _barred(self) -> list[tuple[Any, int, int]]:
        """Those in force and those that are over."""
        return [(child, number, who) for number, child in enumerate(self.children) for who in child.barred]

    def _place(self, number: int, guardian: int, order: CustodyOrder, replaces_code: bool) -> Restriction:
        email = self.town.guardian(guardian).email
        return restrict(
            self.town.student(number), email, order, replaces_code=replaces_code, by=self.town.office
        )

    def _replace_for(self, child: Any, number: int) -> None:
        """As after revoking: a live code is replaced, and one that expired is not to be brought back."""
        was_live = self._is_live(child) and not child.has_left
        self.town.read_anew()
        fresh = self.town.student(number).code
        assert (fresh is not None) == was_live
        assert fresh is None or fresh.text != child.code
        child.code = None
        self._receive(child, fresh and fresh.text)


def _midnight_after(day: Any, zone: str) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)
