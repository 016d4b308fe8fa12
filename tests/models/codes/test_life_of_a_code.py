"""Whatever staff, guardians, rosters and the calendar do: codes and pairings are as the small model says.

Never enabled → live → superseded (reset, revoked), expired (by the calendar alone) or closed. All but live are
final, a student has at most one that is live, and only that one pairs.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from portal.models import AccessCode
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.redemption import redeem
from portal.models.guardians.revocation import leave, revoke
from tests import rows
from tests.database import FreshDatabase
from tests.models.life import Calendar, Child
from tests.models.life_with_restrictions import Restrictions
from tests.models.small_town import CHILDREN, GUARDIANS, SmallTown

START = datetime(2026, 9, 1, 15, tzinfo=UTC)
child_numbers, guardian_numbers = some.sampled_from(CHILDREN), some.sampled_from(GUARDIANS)


#: A third guardian is one too many, unless staff say otherwise.
LIMIT = 2


def test_codes_and_pairings_live_as_the_model_says(app: Flask, database: FreshDatabase, rounds: int):
    with time_machine.travel(START, tick=False):
        town = SmallTown(_calendars(), limit=LIMIT)
    database.remember("small_town")
    tries = settings(
        max_examples=2 * rounds, stateful_step_count=50, deadline=None, derandomize=True, database=None
    )

    run_state_machine_as_test(lambda: LifeOfACode(database, town), settings=tries)


def _calendars() -> list[Calendar]:
    """The second school knows this year only, until its next calendar arrives."""
    return [
        Calendar("America/Chicago", {year: date(year, 6, 30) for year in range(2027, 2031)}),
        Calendar("Pacific/Honolulu", {2027: date(2027, 6, 15)}),
    ]


class LifeOfACode(Restrictions, RuleBasedStateMachine):
    def __init__(self, database: FreshDatabase, town: SmallTown) -> None:
        super().__init__()
        database.restore("small_town")
        self.town, self.calendars = town, _calendars()
        self.clock = time_machine.travel(START, tick=False)
        self.traveller = self.clock.start()
        self.now = self.latest = START
        self.children = [Child(school=child, limit=LIMIT) for child in CHILDREN]
        self.issued: list[str] = []

    def teardown(self) -> None:
        self.clock.stop()

    @initialize(guardian=guardian_numbers)
    def a_family_is_paired(self, guardian: int) -> None:
        """Half of what is worth trying begins here."""
        for number in CHILDREN:
            self.enable(number)
        self.type_what_the_letters_say(guardian, set(CHILDREN))

    # What staff do.

    @rule(number=child_numbers)
    def enable(self, number: int) -> None:
        child = self.children[number]
        expected = child.code if self._is_live(child) else None

        issued = self._attempt(lambda: AccessCode.enable(self.town.student(number), by=self.town.office).text)

        assert (issued is not None) == self._may_get_code(child)
        assert issued is None or expected in (None, issued)
        if expected is None:
            self._receive(child, issued)

    @rule(number=child_numbers)
    def reset(self, number: int) -> None:
        child = self.children[number]

        issued = self._attempt(
            lambda: AccessCode.replace(self.town.student(number), by=self.town.office).text
        )

        assert (issued is not None) == self._may_get_code(child)
        self._receive(child, issued)

    @precondition(lambda self: self.children[0].code)
    @rule()
    def close(self) -> None:
        self._attempt(lambda: self.town.student(0).code.close(by=self.town.office), happens=True)
        self.children[0].code = None

    @precondition(lambda self: self._paired)
    @rule(choice=some.integers(0, 5), more=some.sets(child_numbers))
    def take_back(self, choice: int, more: set[int]) -> None:
        """From one guardian: one student, and the others that are ticked and paired."""
        number, guardian = self._paired[choice % len(self._paired)]
        ticked = {each for each in {number, *more} if guardian in self.children[each].paired}
        was_live = {each for each in ticked if self._is_live(self.children[each])}
        expected = {each for each in was_live if not self.children[each].has_left}

        fresh = self._attempt(lambda: self._revoke(guardian, ticked), happens=True)

        assert fresh.keys() == {self.town.students[each] for each in expected}
        for each in ticked:
            self.children[each].paired.remove(guardian)
        for each in ticked:
            self.children[each].code = None  # an expired one too: a later last day must not bring it back
            self._receive(self.children[each], fresh.get(self.town.students[each]))

    @rule(number=child_numbers, limit=some.integers(1, 3))
    def allow_guardians(self, number: int, limit: int) -> None:
        child = self.children[number]
        changes = limit != child.limit
        self._attempt(
            lambda: self.town.student(number).allow_guardians(limit, by=self.town.office), happens=changes
        )
        child.limit = limit

    # What guardians do.

    @precondition(lambda self: self.issued)
    @rule(guardian=guardian_numbers, ages=some.sets(some.integers(0, 9), min_size=1, max_size=2))
    def type_codes(self, guardian: int, ages: set[int]) -> None:
        """Any that were ever issued, counted from the newest."""
        self._redeem(guardian, sorted({self.issued[-1 - age % len(self.issued)] for age in ages}))

    @rule(guardian=guardian_numbers, numbers=some.sets(child_numbers, min_size=1))
    def type_what_the_letters_say(self, guardian: int, numbers: set[int]) -> None:
        codes = [self.children[number].code for number in numbers]
        if None not in codes:
            self._redeem(guardian, codes)

    @precondition(lambda self: self._paired)
    @rule(choice=some.integers(0, 5))
    def leave(self, choice: int) -> None:
        number, guardian = self._paired[choice % len(self._paired)]
        by = self.town.guardian(guardian)
        self._attempt(lambda: leave(*self.town.pairings(guardian, {number}), by=by), happens=True)
        self.children[number].paired.remove(guardian)

    # What rosters and the calendar do.

    @rule(number=child_numbers, moves=some.booleans())
    def a_student_moves_or_leaves_or_comes_back(self, number: int, moves: bool) -> None:
        child = self.children[number]
        if moves:
            child.school ^= 1
            self.town.send_to(child.school, number)
        else:
            child.has_left = not child.has_left
            self.town.mark_as_left(number, self.now if child.has_left else None)

    @precondition(lambda self: 2028 not in self.calendars[1].last_days)
    @rule()
    def the_next_calendar_arrives(self) -> None:
        self.calendars[1].last_days[2028] = date(2028, 6, 14)
        self.town.add_year(1, 2028, date(2028, 6, 14))

    @rule(days=some.integers(1, 60))
    def days_pass(self, days: int) -> None:
        self._travel_to(self.now + timedelta(days=days))

    @rule(days=some.integers(1, 60))
    def the_clock_is_set_back(self, days: int) -> None:
        self._travel_to(self.now - timedelta(days=days))

    @precondition(lambda self: self.calendars[0].ends_after(self.now))
    @rule(school=some.integers(0, 1), seconds=some.sampled_from([-1, 0]))
    def the_school_year_ends(self, school: int, seconds: int) -> None:
        """On its last day at 23:59:59, or at the midnight after it."""
        ends = self.calendars[school].ends_after(self.now)
        if ends:
            self._travel_to(min(ends.values()) + timedelta(seconds=seconds))

    # What is true at any time.

    @invariant()
    def codes_are_open_or_erased(self) -> None:
        """The open ones are those we know, live or not as we know; nobody can read the others any more."""
        codes = self.town.codes()
        still_open = [(code.text, code.works_at(self._moment)) for code in codes if code.is_open()]
        expected = [(child.code, self._is_live(child)) for child in self.children if child.code]

        assert sorted(still_open) == sorted(expected)
        assert all(code.sealed is None and code.ending for code in codes if code.ended_at)

    @invariant()
    def guardians_see_exactly_the_students_they_are_paired_with_and_not_barred_from(self) -> None:
        for guardian in GUARDIANS:
            expected = {
                self.town.students[number]
                for number, child in enumerate(self.children)
                if guardian in child.paired and not child.has_left and not child.bars(guardian, self.now)
            }

            assert self.town.seen_by(guardian) == expected

    # What the model knows.

    @property
    def _moment(self) -> datetime:
        """A clock that was set back revives nothing: the latest thing that happened counts."""
        return max(self.now, self.latest)

    @property
    def _paired(self) -> list[tuple[int, int]]:
        return [
            (number, guardian) for number in CHILDREN for guardian in sorted(self.children[number].paired)
        ]

    def _is_live(self, child: Child) -> bool:
        return child.has_live_code(self.calendars[child.school], self._moment)

    def _may_get_code(self, child: Child) -> bool:
        return child.may_get_code(self.calendars[child.school], self._moment)

    def _receive(self, child: Child, code: str | None) -> None:
        if code:
            child.receive(code, self.calendars[child.school], self._moment)
            self.latest = self._moment
            self.issued.append(code)

    def _travel_to(self, moment: datetime) -> None:
        self.now = moment
        self.traveller.move_to(moment, tick=False)
        self.town.read_anew()

    # What several rules do.

    def _attempt(self, act: Callable[[], Any], *, happens: bool = False) -> Any:
        """What the act returns, None when it was refused. When something `happens`, there is an event."""
        if happens:
            self.latest = self._moment
        return self.town.attempt(act)

    def _redeem(self, guardian: int, codes: list[Any]) -> None:
        found = [child for child in self.children if child.code in codes]
        pairs = len(found) == len(codes) and all(
            child.pairs(guardian, self.calendars[child.school], self._moment) for child in found
        )
        changes = not pairs or any(guardian not in child.paired for child in found)
        by = self.town.guardian(guardian)

        paired = self._attempt(lambda: redeem(codes, by=by, address=rows.ADDRESS), happens=changes)

        assert (paired is not None) == pairs
        for child in found if pairs else ():
            child.paired.add(guardian)

    def _revoke(self, guardian: int, numbers: set[int]) -> dict[int, str]:
        pairings = self.town.pairings(guardian, numbers)
        fresh = revoke(pairings, by=self.town.office, reason=RevocationReason.CUSTODY)
        return {code.student_id: code.text for code in fresh}
