"""What an import is measured against: the csv module, and the same rows put into the same tables with bare SQL."""

import csv
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

from portal.db.connections import PRAGMAS

NOW = "2026-11-22 00:00:00.000000"


def bare_import(folder: Path, database: Path) -> None:
    """Read every file of the bundle in `folder` and insert what it says into the migrated, empty `database`."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN IMMEDIATE")
    schools = _schools(connection, folder)
    classes = _classes(connection, folder, schools)
    people = _people(connection, folder, schools)
    _enrolments(connection, folder, classes, people)
    connection.execute("COMMIT")
    connection.close()


def _lines(folder: Path, name: str) -> Iterator[list[str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file)
        next(lines)
        yield from lines


def _schools(connection: sqlite3.Connection, folder: Path) -> dict[str, int]:
    ids: dict[str, int] = {}
    for source_id, _status, _modified, name, kind, identifier, _parent in _lines(folder, "orgs.csv"):
        if kind == "school":
            ids[source_id] = len(ids) + 1
            row = (ids[source_id], source_id, name, identifier, secrets.token_urlsafe(16))
            connection.execute(
                "INSERT INTO schools (id, source_id, name, identifier, public_id, time_zone, language, paper, "
                "office_contact, return_address, letters_have_window, restricts_revoking, shows_former_students, "
                "hidden_sections) VALUES (?, ?, ?, ?, ?, 'UTC', 'en', 'a4', '', '', 0, 0, 0, '[]')",
                row,
            )
    return ids


def _classes(connection: sqlite3.Connection, folder: Path, schools: dict[str, int]) -> dict[str, int]:
    ids: dict[str, int] = {}
    rows = []
    for line in _lines(folder, "classes.csv"):
        ids[line[0]] = len(ids) + 1
        rows.append(
            (
                ids[line[0]],
                line[0],
                line[3],
                schools[line[9]],
                line[7],
                line[6],
                line[8],
                secrets.token_urlsafe(16),
            )
        )
    connection.executemany(
        "INSERT INTO classes (id, source_id, title, school_id, kind, code, room, public_id, year) "
        "VALUES (?, ?, ?, ?, substr(?, 1, 8), ?, ?, ?, 2027)",
        rows,
    )
    return ids


def _people(connection: sqlite3.Connection, folder: Path, schools: dict[str, int]) -> dict[str, int]:
    ids: dict[str, int] = {}
    students, staff, adults = [], [], {}
    for line in _lines(folder, "users.csv"):
        source_id, given, family, public_id = line[0], line[8], line[9], secrets.token_urlsafe(16)
        if line[5] == "student":
            ids[source_id] = len(students) + 1
            keys = (f"{family} {given}".lower(), f"{given} {family} {line[11]}".lower())
            students.append((ids[source_id], source_id, schools[line[4]], given, family, line[11], int(line[16]), *keys,
                             NOW, public_id, line[15]))  # fmt: skip
        elif line[5] == "teacher":
            ids[source_id] = len(staff) + 1
            staff.append((ids[source_id], source_id, line[12], given, family, public_id, schools[line[4]]))
        else:
            adults[source_id] = (source_id, given, family, line[12], line[14], line[5], public_id)
    _students(connection, students)
    _staff(connection, staff)
    _contacts(connection, ((student[0], *adults[student[-1]]) for student in students))
    return ids


def _students(connection: sqlite3.Connection, students: list[tuple[object, ...]]) -> None:
    connection.executemany(
        "INSERT INTO students (id, source_id, school_id, given_name, family_name, student_number, grade, sort_key, "
        "search_key, synced_at, public_id, guardian_limit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 6)",
        (student[:-1] for student in students),
    )


def _contacts(connection: sqlite3.Connection, contacts: Iterable[tuple[object, ...]]) -> None:
    connection.executemany(
        "INSERT INTO contacts (student_id, source_id, given_name, family_name, email, phone, relationship, public_id) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        contacts,
    )


def _staff(connection: sqlite3.Connection, staff: list[tuple[object, ...]]) -> None:
    connection.executemany(
        "INSERT INTO accounts (id, source_id, email, given_name, family_name, public_id, kind, created_at) "
        f"VALUES (?, ?, ?, ?, ?, ?, 'staff', '{NOW}')",
        (person[:-1] for person in staff),
    )
    connection.executemany(
        "INSERT INTO memberships (staff_id, school_id, level, created_at, public_id) "
        f"VALUES (?, ?, 'no_access', '{NOW}', ?)",
        ((person[0], person[-1], secrets.token_urlsafe(16)) for person in staff),
    )
    connection.executemany(
        f"INSERT INTO events (at, kind, about_id, details) VALUES ('{NOW}', 'account created', ?, '{{}}')",
        ((person[0],) for person in staff),
    )


def _enrolments(
    connection: sqlite3.Connection, folder: Path, classes: dict[str, int], people: dict[str, int]
) -> None:
    students, teachers, homerooms = [], [], {}
    for line in _lines(folder, "enrollments.csv"):
        person, place = people[line[5]], classes[line[3]]
        if line[6] == "student":
            students.append((line[0], person, place, line[8], line[9]))
            homerooms[person] = place
        else:
            teachers.append((line[0], person, place))
    connection.executemany(
        "INSERT INTO enrolments (source_id, student_id, class_id, first_day, last_day) VALUES (?, ?, ?, ?, ?)",
        students,
    )
    connection.executemany(
        "INSERT INTO teaching_assignments (source_id, staff_id, class_id, is_primary) VALUES (?, ?, ?, 0)",
        teachers,
    )
    connection.executemany(
        "UPDATE students SET homeroom_id = ? WHERE id = ?", ((c, s) for s, c in homerooms.items())
    )
