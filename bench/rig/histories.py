"""What happened at a made-up school in a year: attendance, events, mails, notes, supports, as rows, day by day."""

from collections.abc import Iterable, Iterator
from typing import Any

from bench.rig.loading import Loader
from bench.rig.people import note
from bench.rig.school import OFFICE, MadeUpSchool
from bench.rig.year import Year

ADDRESS = "203.0.113.7"

#: On which days of school families look at their child, and staff at a student.
FAMILY_DAYS = (8, 20, 33, 61, 90, 112, 131, 160)
STAFF_DAYS = (12, 47, 88, 140)

EVENTS = "at kind account_id student_id about_id address"
Rows = Iterator[tuple[Any, ...]]


def load_history(load: Loader, school: MadeUpSchool, year: Year) -> None:
    """Put in all that happened there; some 25 events a student."""
    load.put("attendance_days", "day student_id status minutes_late reason", _days(school, year))
    load.put("attendance_years", "student_id year days present late absent excused", _totals(school, year))
    load.put("events", EVENTS, _events(school, year))
    load.put("outbox", "kind to_address domain language student_id created_by_id created_at due_at tries "
             "handed_over_at sent_at bounced_at failed_at failure", _mails(school, year))  # fmt: skip
    load.put("notes", "student_id author_id written_at text versions", _notes(school, year))
    load.put("field_changes", "at account_id student_id field old new", _changes(school, year))
    load.put(
        "point_people",
        "school_id student_id kind staff_id appointed_at appointed_by_id",
        _points(school, year),
    )


def load_supports(load: Loader, school: MadeUpSchool, year: Year, used: dict[str, int]) -> None:
    """Put in a support for every fifty students, with five students each."""
    count, day = school.size // 50, year.days[10]
    ids = range(used["supports"] + 1, used["supports"] + 1 + count)
    used["supports"] += count
    load.put(
        "supports", "id school_id name category lead_id created_at created_by_id first_day",
        ((each, school.id, f"Group {each}", "academic", school.teacher(each), year.moment(10, each), OFFICE, day)
         for each in ids),
    )  # fmt: skip
    members = ((each, school.students[(each * 50 + n * 7) % school.size]) for each in ids for n in range(5))
    load.put("support_students", "support_id student_id added_at added_by_id first_day",
             ((each, student, year.moment(10, student), OFFICE, day) for each, student in members))  # fmt: skip


def _days(school: MadeUpSchool, year: Year) -> Rows:
    for number, day in enumerate(year.days):
        for student in school.students:
            yield day, student, *_status(student, number)


def _status(student: int, day: int) -> tuple[str, int | None, str | None]:
    """One day in twelve is missed, one in fifty begins late."""
    chance = (student * 31 + day * 17) % 100
    if chance < 3 + student % 10:
        return ("absent", None, None) if chance % 3 == 0 else ("excused", None, "Ill")
    return ("late", 10, None) if chance > 97 else ("present", None, None)


def _totals(school: MadeUpSchool, year: Year) -> Rows:
    for student in school.students:
        known = [_status(student, day)[0] for day in range(len(year.days))]
        counts = (known.count(status) for status in ("present", "late", "absent", "excused"))
        yield student, year.number, len(known), *counts


def _events(school: MadeUpSchool, year: Year) -> Rows:
    yield from _of_office(school.enabled, "code enabled", year, 0)
    yield from _of_office(school.enabled, "letter printed", year, 1)
    yield from _of_office(school.enabled[::2], "code mailed", year, 2)
    for place, (student, guardian) in enumerate(school.pairings):
        yield year.moment(5 + place % 9, place), "paired", guardian, student, guardian, ADDRESS
    for day in FAMILY_DAYS:
        for place, (student, guardian) in enumerate(school.pairings):
            yield year.moment(day, place), "signed in", guardian, None, None, ADDRESS
            yield year.moment(day, place), "child viewed", guardian, student, None, ADDRESS
    for day in STAFF_DAYS:
        for student in school.students:
            yield year.moment(day, student), "student viewed", school.teacher(student), student, None, ADDRESS
        yield from _of_office(school.students[day % 2 :: 2], "portal access viewed", year, day)


def _of_office(students: Iterable[int], kind: str, year: Year, day: int) -> Rows:
    return ((year.moment(day, each), kind, OFFICE, each, None, ADDRESS) for each in students)


def _mails(school: MadeUpSchool, year: Year) -> Rows:
    for place, student in enumerate(school.enabled[::2]):
        at, address = year.moment(2, student), f"contact{student}-0@mail.example.com"
        came_back = at if place % 50 == 49 else None
        yield (
            "login_instructions", address, "mail.example.com", "en", student, OFFICE, at, at, 1, at, at, came_back,
            None, "No such mailbox" if came_back else None,
        )  # fmt: skip


def _notes(school: MadeUpSchool, year: Year) -> Rows:
    for turn in range(4):
        for student in school.students[turn::2] if turn < 2 else school.students[:: turn + 1]:
            yield (
                student,
                school.teacher(student + turn),
                year.moment(30 * turn + 9, student),
                note(student),
                1,
            )


def _changes(school: MadeUpSchool, year: Year) -> Rows:
    for student in school.students[::4]:
        yield year.moment(40, student), OFFICE, student, "diploma_type", None, "regents"


def _points(school: MadeUpSchool, year: Year) -> Rows:
    for student in school.students[::3]:
        yield school.id, student, "attendance", school.teacher(student), year.moment(3, student), OFFICE
