"""One school of a made-up district: its people, classes, contacts, codes and pairings, as rows."""

from collections.abc import Iterator
from functools import cached_property
from types import SimpleNamespace
from typing import Any

from bench.rig.loading import Loader
from bench.rig.people import person
from bench.rig.year import Year
from portal.models.codes.sealed_code import draw_row

ROOM_SIZE = 25
SUBJECTS = ("Mathematics", "Science", "English", "History", "Art", "Physical Education")
#: The office clerk who made the codes, and looks at the pages.
OFFICE = 1

Pair = tuple[int, int]


class MadeUpSchool:
    """A school, whose rows have the ids that follow those in `used`: accounts, classes and students."""

    def __init__(self, number: int, size: int, used: dict[str, int], *, has_codes: bool) -> None:
        self.id, self.size, self.has_codes = number, size, has_codes
        rooms = -(-size // ROOM_SIZE)
        self.rooms = _next(used, "classes", rooms)
        self.sections = _next(used, "classes", rooms * len(SUBJECTS))
        self.staff = _next(used, "accounts", size // 15 + 2)
        self.students = _next(used, "students", size)
        self.guardians = _next(used, "accounts", max(3, size * 6 // 5))

    @cached_property
    def enabled(self) -> list[int]:
        """The students who have a code: seven in eight."""
        return [student for place, student in enumerate(self.students) if place % 8 and self.has_codes]

    @cached_property
    def pairings(self) -> list[Pair]:
        """Student and guardian: 1.5 a student, from none to three. One guardian in four has two children."""
        students = [
            student for place, student in enumerate(self.students) for _ in range(place % 4 * self.has_codes)
        ]
        return [
            (student, self.guardians[place % len(self.guardians)]) for place, student in enumerate(students)
        ]

    def teacher(self, number: int) -> int:
        """The account of one of its staff."""
        return self.staff[number % len(self.staff)]

    def load_people(self, load: Loader, year: Year) -> None:
        """Put in everybody there, and their classes."""
        began = f"{year.before(30):%Y-%m-%d %H:%M:%S.%f}"
        load.put(
            "accounts",
            "id kind email given_name family_name created_at sort_key search_key",
            self._staff(began),
        )
        load.put("accounts", "id kind email given_name family_name language created_at email_verified_at",
                 self._guardians(year))  # fmt: skip
        load.put("memberships", "staff_id school_id level created_at", self._memberships(began))
        load.put("classes", "id school_id kind title code room year", self._classes(year))
        load.put(
            "students",
            "id school_id homeroom_id student_number source_id given_name family_name grade language synced_at "
            "sort_key search_key",
            self._students(began),
        )

    def load_classes(self, load: Loader, year: Year) -> None:
        """Put in contacts, who is in which class, and who teaches it."""
        load.put("contacts", "student_id source_id given_name family_name email phone relationship language",
                 self._contacts())  # fmt: skip
        days = (year.first_day.isoformat(), year.last_day.isoformat())
        load.put("enrolments", "student_id class_id first_day last_day",
                 ((*each, *days) for each in self._enrolments()))  # fmt: skip
        teaching = ((self.teacher(n), each, True) for n, each in enumerate((*self.rooms, *self.sections)))
        load.put("teaching_assignments", "staff_id class_id is_primary", teaching)

    def load_access(self, load: Loader, year: Year) -> None:
        """Put in the codes, which have the ids of their students, and the pairings."""
        columns = "id student_id year sealed digest created_at created_by_id letter_made_at public_id"
        load.put("access_codes", columns, self._codes(year))
        paired = ((s, g, s, year.moment(5 + n % 9, n)) for n, (s, g) in enumerate(self.pairings))
        load.put("pairings", "student_id guardian_id access_code_id paired_at", paired)

    def _staff(self, began: str) -> Iterator[tuple[Any, ...]]:
        for account in self.staff:
            who, email = person(account), f"staff{account}@schools.example.org"
            yield account, "staff", email, who.given, who.family, began, who.sort_key, who.search_key(email)

    def _guardians(self, year: Year) -> Iterator[tuple[Any, ...]]:
        for account in self.guardians:
            who, at = person(account), year.moment(5 + account % 9, account)
            yield account, "guardian", f"family{account}@mail.example.com", *who, at, at

    def _memberships(self, began: str) -> Iterator[tuple[Any, ...]]:
        levels = ("caseload_editor", "caseload_viewer", "school_wide_viewer", "caseload_editor")
        for account in self.staff:
            yield account, self.id, levels[account % len(levels)], began

    def _classes(self, year: Year) -> Iterator[tuple[Any, ...]]:
        for place, room in enumerate(self.rooms):
            yield room, self.id, "homeroom", _title(place), None, f"Room {place + 100}", year.number
        for place, section in enumerate(self.sections):
            at, subject = place // len(SUBJECTS), SUBJECTS[place % len(SUBJECTS)]
            title = f"{subject} {_grade(at)}"
            yield section, self.id, "course", title, f"{subject[:3]}-{at}", f"Room {at + 100}", year.number

    def _students(self, synced: str) -> Iterator[tuple[Any, ...]]:
        for place, student in enumerate(self.students):
            who, number, room = person(student), f"{100_000 + student}", place // ROOM_SIZE
            names = (f"student-{number}", who.given, who.family, _grade(room), who.language, synced)
            yield (student, self.id, self.rooms[room], number, *names, who.sort_key, who.search_key(number))

    def _contacts(self) -> Iterator[tuple[Any, ...]]:
        for student in self.students:
            for place, relationship in enumerate(("Parent", "Grandparent")):
                who = person(student + place * 11)
                email = f"contact{student}-{place}@mail.example.com" if (student + place) % 6 else None
                yield (
                    student, f"contact-{student}-{place}", who.given, who.family, email, f"555-01{student % 100:02}",
                    relationship, who.language,
                )  # fmt: skip

    def _enrolments(self) -> Iterator[Pair]:
        for place, student in enumerate(self.students):
            room = place // ROOM_SIZE
            yield student, self.rooms[room]
            for course in range(len(SUBJECTS)):
                yield student, self.sections[room * len(SUBJECTS) + course]

    def _codes(self, year: Year) -> Iterator[tuple[Any, ...]]:
        clerk: Any = SimpleNamespace(id=OFFICE)
        for student in self.enabled:
            code, at = draw_row(student, year=year.number, by=clerk), year.moment(0, student)
            yield (
                student,
                student,
                year.number,
                code["sealed"],
                code["digest"],
                at,
                OFFICE,
                at,
                code["public_id"],
            )


def _next(used: dict[str, int], kind: str, count: int) -> range:
    first = used[kind] + 1
    used[kind] += count
    return range(first, first + count)


def _grade(room: int) -> int:
    return room % 13


def _title(room: int) -> str:
    return f"{_grade(room) or 'K'}-{room // 13 + 1:02}"
