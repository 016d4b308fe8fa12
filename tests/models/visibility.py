"""Who sees whom, in as few words as it can be said: without any database."""

from dataclasses import dataclass, field
from datetime import date

#: What a level shows of the students at its school.
NOBODY, CASELOAD, EVERYBODY = "nobody", "caseload", "everybody"


@dataclass
class Stay:
    """Something with a first and perhaps a last day."""

    first: date
    last: date | None = None

    def is_in_force(self, today: date) -> bool:
        return self.first <= today and (self.last is None or today <= self.last)


@dataclass
class Help:
    """A support, and who is in it for how long."""

    school: int
    lead: int
    days: Stay
    students: dict[int, Stay] = field(default_factory=dict)
    ended: bool = False


@dataclass
class Visibility:
    """Everything that decides it. Staff, students, classes and schools are numbers; odd classes are homerooms."""

    levels: dict[tuple[int, int], str]
    school_of: dict[int, int]
    grades: dict[int, int]
    left: set[int] = field(default_factory=set)
    teaches: set[tuple[int, int]] = field(default_factory=set)
    enrolled: dict[tuple[int, int], date | None] = field(default_factory=dict)
    helps: list[Help] = field(default_factory=list)
    points: dict[tuple[int, str], tuple[int, int]] = field(default_factory=dict)

    def sees(self, staff: int, student: int, today: list[date]) -> bool:
        """The ten lines. `today` is the date at each school; a class of number n is at school n // 2."""
        school = self.school_of[student]
        level = self.levels[staff, school]
        if level != CASELOAD or student in self.left:
            return level == EVERYBODY
        counts = {1} if self.grades[student] <= 5 else {0}
        classes = [(last, a_class) for (who, a_class), last in self.enrolled.items() if who == student]
        taught = any(
            (staff, a_class) in self.teaches and a_class % 2 in counts and (last is None or today[a_class // 2] <= last)
            and self.levels[staff, a_class // 2] == CASELOAD for last, a_class in classes
        )  # fmt: skip
        here = [each for each in self.helps if (each.school, each.lead, each.ended) == (school, staff, False)]
        led = any(
            each.days.is_in_force(today[school])
            and student in each.students
            and each.students[student].is_in_force(today[school])
            for each in here
        )  # fmt: skip
        return (
            taught or led or (staff, school) in [at for (who, _), at in self.points.items() if who == student]
        )
