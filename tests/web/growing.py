"""A district that grows: more of everything that pages list, in bare SQL, so that thousands take a moment."""

from collections.abc import Iterator
from itertools import count
from secrets import token_bytes
from typing import Any

from sqlalchemy import insert, text

from portal import clock, db
from portal.demo import Cast
from portal.models import (
    AccessCode,
    AttendanceYear,
    Contact,
    Event,
    EventKind,
    FieldChange,
    Membership,
    MessageKind,
    NetworkMembership,
    NetworkSchool,
    Note,
    OutboxMessage,
    Pairing,
    PointPerson,
    School,
    Staff,
    Student,
    SupportStudent,
)
from portal.models.students.student import name_keys
from portal.policy.permissions import AccessLevel, NetworkLevel

_numbers = count(1)
_OTHERS = 20


def grow(cast: Cast, rows: int) -> None:
    """Add `rows` of everything: students of 2A with codes, guardians and records; staff, schools, network users."""
    with db.writing():
        students = _ids(Student, _students(cast, rows))
        codes = _ids(AccessCode, [_code(student_id) for student_id in students])
        guardian, pairings = cast.grace.id, zip(students, codes, strict=True)
        db.session.execute(insert(Pairing), [_pairing(guardian, *each) for each in pairings])
        for model, fields in _records(cast, students):
            db.session.execute(insert(model), fields)
        _add_staff(cast, rows)
        _add_schools(cast, rows)
        db.session.execute(text("ANALYZE"))  # as at the end of every import


def _ids(model: Any, rows: list[dict[str, Any]]) -> list[int]:
    return list(db.session.scalars(insert(model).returning(model.id), rows))


def _students(cast: Cast, rows: int) -> list[dict[str, Any]]:
    place = {"school_id": cast.lincoln.id, "homeroom_id": cast.class_2a.id, "grade": 2}
    return [
        {
            **place,
            "given_name": "Child",
            "family_name": f"Zamora {number}",
            "student_number": f"Z{number}",
            **name_keys(given="Child", family=f"Zamora {number}", number=f"Z{number}"),
        }
        for number in _next(rows)
    ]


def _code(student_id: int) -> dict[str, Any]:
    """Sealed with nothing: no page opens it."""
    return {"student_id": student_id, "year": 2027, "sealed": b"", "digest": token_bytes()}


def _pairing(guardian_id: int, student_id: int, code_id: int) -> dict[str, Any]:
    return {"student_id": student_id, "guardian_id": guardian_id, "access_code_id": code_id}


def _records(cast: Cast, students: list[int]) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    today, of = clock.now().date(), [{"student_id": each} for each in students]
    by, mia = cast.otto.id, {"student_id": cast.mia.id}
    place = {"support_id": cast.reading_corner.id, "added_by_id": by, "first_day": today}
    post = {
        "school_id": cast.lincoln.id,
        "kind": "academic",
        "staff_id": cast.priya.id,
        "appointed_by_id": by,
    }
    year = {"year": 2027, "days": 20, "present": 17, "late": 1, "absent": 1, "excused": 1}
    yield SupportStudent, [each | place for each in of]
    yield PointPerson, [each | post for each in of]
    yield AttendanceYear, [each | year for each in of]
    yield Note, [mia | {"author_id": by, "text": "A note."} for _each in of]
    yield Event, [mia | {"kind": EventKind.CODE_RESET.value, "account_id": by, "details": {}} for _each in of]
    change = {"field": "safety_net", "old": "no", "new": "yes", "account_id": by}
    mail = {
        "kind": MessageKind.LOGIN_INSTRUCTIONS.value,
        "to_address": "a@example.org",
        "sent_at": clock.now(),
    }
    yield FieldChange, [mia | change for _each in of]
    yield OutboxMessage, [mia | mail for _each in of]
    yield Contact, [mia | {"given_name": "Aunt", "family_name": "Tran"} for _each in of[:_OTHERS]]


def _add_staff(cast: Cast, rows: int) -> None:
    people = [
        {"email": f"z{n}@example.org", "given_name": "Zoe", "family_name": f"Zamora {n}"} for n in _next(rows)
    ]
    ids = _ids(Staff, [{"kind": "staff", **each} for each in people])
    level = {"school_id": cast.lincoln.id, "level": AccessLevel.CASELOAD_VIEWER.value}
    db.session.execute(insert(Membership), [{"staff_id": each, **level} for each in ids])
    at_network = {"network_id": cast.network.id, "level": NetworkLevel.NETWORK_ONLY.value}
    db.session.execute(insert(NetworkMembership), [{"staff_id": each, **at_network} for each in ids])


def _add_schools(cast: Cast, rows: int) -> None:
    ids = _ids(School, [{"name": f"Zamora {n}", "identifier": f"zamora-{n}"} for n in _next(rows)])
    at_network = {"network_id": cast.network.id}
    db.session.execute(insert(NetworkSchool), [at_network | {"school_id": each} for each in ids])


def _next(rows: int) -> list[int]:
    return [next(_numbers) for _ in range(rows)]
