"""A school of any size, made with bare SQL in a database of its own, for measuring only."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, text

from bench.empty import empty_portal
from portal import clock, db
from portal.crypto import passwords
from portal.models import (
    Account,
    Membership,
    Network,
    NetworkSchool,
    School,
    SchoolClass,
    SchoolYear,
    SignIn,
    Staff,
    Student,
)
from portal.models.students.student import name_keys
from portal.models.users.level_change import appoint_admin
from portal.policy.permissions import AccessLevel
from portal.worker import totals

GIVEN = ("Mia", "Noah", "Lucía", "Emil", "Amina", "Søren", "Wei", "José", "Zoë", "Omar", "Ngọc", "Ada")
FAMILY = ("Okafor", "Nguyễn", "García López", "O’Neill", "Berg", "Haddad", "Kowalska", "Silva", "Tan", "Ito")


@contextmanager
def portal_with(students: int, *, schools: int = 1) -> Iterator[Flask]:
    """The application on a SQLite file with `students` in the first of `schools`.

    Outside its context: a request made inside one would share its account and session.
    """
    passwords.use_cost(*passwords.COST)
    with empty_portal() as (app, _database):
        with app.app_context():
            with db.writing():
                _fill(students, schools)
            with db.writing():
                db.session.execute(text("ANALYZE"))
        yield app


@contextmanager
def network_of(schools: int, *, students: int) -> Iterator[Flask]:
    """The application with one network of so many schools of `students` each, all counted, and its admin."""
    passwords.use_cost(*passwords.COST)
    with empty_portal() as (app, _database):
        with app.app_context():
            with db.writing():
                _fill(students, schools, each=students)
                _join_a_network()
            totals.recount_changed()
            totals.take_daily_snapshots()
            with db.writing():
                db.session.execute(text("ANALYZE"))
        yield app


def _join_a_network() -> None:
    network = Network(name="Maple Valley Schools")
    db.session.add(network)
    db.session.flush()
    schools = db.session.scalars(select(School.id)).all()
    db.session.add_all(NetworkSchool(network_id=network.id, school_id=school_id) for school_id in schools)
    staff = db.session.scalars(select(Staff)).one()
    appoint_admin(staff, network)


def browser_of(app: Flask, account: Account) -> FlaskClient:
    """A browser in which that account is signed in."""
    with db.writing():
        sign_in = SignIn.start(account, browser="Bench", address="127.0.0.1")
        token = sign_in.token
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return browser


def _fill(students: int, schools: int, *, each: int = 20) -> None:
    today = clock.now().date()
    staff = Staff(given_name="Otto", family_name="Berg", email="otto@example.org")
    db.session.add(staff)
    for number in range(schools):
        school = School(name=f"School {number:04}", identifier=f"S{number:04}")
        db.session.add(school)
        db.session.flush()
        db.session.add(
            SchoolYear.of(
                school,
                year=today.year + 1,
                first_day=today - timedelta(days=60),
                last_day=today + timedelta(days=200),
            )
        )
        if number == 0:
            db.session.add(
                Membership(staff_id=staff.id, school_id=school.id, level=AccessLevel.SCHOOL_WIDE_EDITOR.value)
            )
        _add_students(school, students if number == 0 else each)


def _add_students(school: School, count: int) -> None:
    rooms = [SchoolClass(school_id=school.id, kind="homeroom", title=f"Room {room}") for room in range(40)]
    db.session.add_all(rooms)
    db.session.flush()
    for start in range(0, count, 5000):
        db.session.execute(
            insert(Student),
            [_row(school.id, rooms[n % 40].id, n) for n in range(start, min(count, start + 5000))],
        )


def _row(school_id: int, homeroom_id: int, n: int) -> dict[str, object]:
    given, family = GIVEN[n % 12], f"{FAMILY[n % 10]} {n // 120}"
    number = f"{school_id}-{n:07}"
    return {
        "school_id": school_id,
        "homeroom_id": homeroom_id,
        "given_name": given,
        "family_name": family,
        "student_number": number,
        "grade": n % 13,
        **name_keys(given=given, family=family, number=number),
    }
