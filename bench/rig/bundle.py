"""A OneRoster bundle of any size, written to a folder: three classes, one adult and a few teachers a student."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

GIVEN = ("Mia", "Noah", "Lucía", "Emil", "Amina", "Søren", "Wei", "José", "Zoë", "Omar", "Ngọc", "Ada")
FAMILY = ("Okafor", "Nguyễn", "García López", "O'Neill", "Berg", "Haddad", "Kowalska", "Silva", "Tan", "Ito")
SCHOOLS = 20

Line = tuple[object, ...]

MANIFEST = "propertyName,value"
ORGS = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId"
SESSIONS = "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear"
CLASSES = (
    "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods"
)
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password"
)
ENROLMENTS = (
    "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,"
    "beginDate,endDate"
)


def write_bundle(folder: Path, students: int, *, kind: str = "bulk") -> Path:
    """The bundle of a district with that many students, three times as many enrolments, and their contacts.

    Its `kind` is "bulk", when whoever it does not name is gone, or "delta".
    """
    folder.mkdir()
    names = ("orgs", "academicSessions", "classes", "users", "enrollments")
    _write(folder / "manifest.csv", MANIFEST, ((f"file.{name}", kind) for name in names))
    stamped = _stamped if kind == "delta" else iter
    _write(folder / "orgs.csv", ORGS, stamped(_orgs()))
    year = ("year", "", "", "2026-27", "schoolYear", "2026-08-24", "2027-06-11", "", "2027")
    _write(folder / "academicSessions.csv", SESSIONS, stamped([year]))
    _write(folder / "classes.csv", CLASSES, stamped(map(_school_class, range(_classes(students)))))
    _write(folder / "users.csv", USERS, stamped(_users(students)))
    _write(folder / "enrollments.csv", ENROLMENTS, stamped(_enrolments(students)))
    return folder


def _write(path: Path, header: str, lines: Iterable[Line]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(lines)


def _stamped(lines: Iterable[Line]) -> Iterator[Line]:
    """Say of each line that it is active, and since when, as files of changes do."""
    return ((line[0], "active", "2026-09-01T12:00:00.000Z", *line[3:]) for line in lines)


def _orgs() -> Iterator[Line]:
    yield ("district", "", "", "Riverbend District", "district", "RB", "")
    for n in range(SCHOOLS):
        yield (f"school-{n}", "", "", f"School {n}", "school", f"S{n}", "district")


def _classes(students: int) -> int:
    return students // 20


def _school_class(n: int) -> Line:
    kind = "scheduled" if n % 3 else "homeroom"
    return (f"class-{n:07}", "", "", f"Class {n}", "", "", f"C{n}", kind, f"Room {n % 40}", f"school-{n % SCHOOLS}",
            "year", "", "", "")  # fmt: skip


def _users(students: int) -> Iterator[Line]:
    for n in range(students):
        yield _user(
            f"student-{n:07}",
            n,
            "student",
            number=100_000 + n,
            adult=f"adult-{n:07}",
            grade=f"{n % 12 + 1:02}",
        )
    for n in range(students // 15):
        yield _user(f"teacher-{n:07}", n, "teacher", email=f"teacher{n}@riverbend.example")
    for n in range(students):
        yield _user(
            f"adult-{n:07}", n, "guardian", email=f"adult{n}@mail.example", phone=f"555-{n % 10_000:04}"
        )


def _user(
    source_id: str, n: int, role: str, *, number: object = "", email: str = "", phone: str = "", adult: str = "",
    grade: str = "",
) -> Line:  # fmt: skip
    return (
        source_id, "", "", "true", f"school-{n % SCHOOLS}", role, source_id, "", GIVEN[n % 12], FAMILY[n // 12 % 10],
        "", number, email, "", phone, adult, grade, "",
    )  # fmt: skip


def _enrolments(students: int) -> Iterator[Line]:
    classes = _classes(students)
    for n in range(students):
        for course in range(3):
            place = (n + SCHOOLS * (n // SCHOOLS * 2 + course)) % classes
            yield _enrolment(f"enrolment-{n:07}-{course}", place, f"student-{n:07}", "student")
    for place in range(classes):
        yield _enrolment(f"teaching-{place:07}", place, f"teacher-{place % (students // 15):07}", "teacher")


def _enrolment(source_id: str, place: int, person: str, role: str) -> Line:
    return (source_id, "", "", f"class-{place:07}", f"school-{place % SCHOOLS}", person, role, "false",
            "2026-08-24", "2027-06-11")  # fmt: skip
