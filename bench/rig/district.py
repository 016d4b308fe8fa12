"""A district as real as a district, made with bulk SQL in a database of its own, for measuring only.

Homerooms of 25, so that their number grows with the school; six courses a student; 1.5 pairings a student; a year of
attendance, events, mails and notes; nine languages. The same on every run, but for what is random by nature.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bench.rig.empty import empty_portal
from bench.rig.histories import load_history, load_supports
from bench.rig.loading import Loader, loading
from bench.rig.school import OFFICE, MadeUpSchool
from bench.rig.year import ZONE, Year
from portal import db
from portal.models import Account, Guardian, Pairing, SignIn, Staff, Student
from portal.worker import totals

NETWORK_ADMIN = OFFICE + 1
#: Schools of a district besides the one that is looked at, and how many students they have.
SCHOOLS, OTHERS = 4, 500


@contextmanager
def portal_with(
    students: int, *, schools: int = SCHOOLS, others: int = OTHERS, codes: bool = True
) -> Iterator[Flask]:
    """The application on a district with `students` in the first of its `schools`, and `others` in each other one.

    Without `codes`, nobody was enabled yet, and nothing that follows from it has happened.

    Outside its context: a request made inside one would share its account and session.
    """
    with _district([students, *[others] * (schools - 1)], has_history=True, has_codes=codes) as app:
        yield app


@contextmanager
def network_of(schools: int, *, students: int) -> Iterator[Flask]:
    """The application on a network of so many schools of `students` each, without what no figure of it counts."""
    with _district([students] * schools, has_history=False, has_codes=True) as app:
        yield app


@contextmanager
def _district(sizes: Sequence[int], *, has_history: bool, has_codes: bool) -> Iterator[Flask]:
    with empty_portal() as (app, _database):
        with app.app_context():
            with loading() as load:
                _load(load, sizes, has_history=has_history, has_codes=has_codes)
            totals.recount_changed()
            totals.take_daily_snapshots()
            db.session.remove()
        yield app


def _load(load: Loader, sizes: Sequence[int], *, has_history: bool, has_codes: bool) -> None:
    year, used = Year.now(), Counter({"accounts": NETWORK_ADMIN})
    schools = [MadeUpSchool(number, size, used, has_codes=has_codes) for number, size in enumerate(sizes, 1)]
    _load_places(load, schools, year)
    for school in schools:
        school.load_people(load, year)
        school.load_access(load, year)
        load_supports(load, school, year, used)
        if has_history:
            school.load_classes(load, year)
            load_history(load, school, year)


def _load_places(load: Loader, schools: Sequence[MadeUpSchool], year: Year) -> None:
    names = (
        (each.id, f"School {each.id:04}", f"S{each.id:04}", f"place-{each.id}", ZONE) for each in schools
    )
    load.put("schools", "id name identifier source_id time_zone", names)
    days = (year.number, year.first_day.isoformat(), year.last_day.isoformat(), year.ends_at)
    load.put(
        "school_years", "school_id year first_day last_day ends_at", ((each.id, *days) for each in schools)
    )
    load.put("networks", "id name source_id", [(1, "Maple Valley Schools", "district")])
    load.put("network_schools", "network_id school_id", ((1, each.id) for each in schools))
    names = {OFFICE: "Otto", NETWORK_ADMIN: "Nora"}
    load.put("accounts", "id kind email given_name family_name sort_key search_key",
             ((each, "staff", f"{name.lower()}@example.org", name, "Berg", f"berg {name.lower()}", name.lower())
              for each, name in names.items()))  # fmt: skip
    load.put("memberships", "staff_id school_id level", [(OFFICE, 1, "school_wide_editor")])
    load.put("network_memberships", "staff_id network_id level can_manage_users portfolio_is_all",
             [(NETWORK_ADMIN, 1, "network_admin", True, True)])  # fmt: skip


def browser_of(app: Flask, account: Account) -> FlaskClient:
    """A browser in which that account is signed in. Needs the context of the application."""
    with db.writing():
        sign_in = SignIn.start(account, browser="Bench", address="127.0.0.1")
        token = sign_in.token
    browser = app.test_client()
    with browser.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = token, True
    return browser


def office() -> Staff:
    """The school-wide editor of the first school. Needs the context of the application, as do those below."""
    return db.session.get_one(Staff, OFFICE)


def network_admin() -> Staff:
    """The admin of the network."""
    return db.session.get_one(Staff, NETWORK_ADMIN)


def a_guardian() -> Guardian:
    """A guardian with two children of the first school, one of whom is `a_student`."""
    return db.session.get_one(Guardian, db.session.scalars(_PAIRED).all()[-1].guardian_id)


def a_student() -> Student:
    """A student of the first school with two guardians."""
    return db.session.get_one(Student, db.session.scalars(_PAIRED).all()[-1].student_id)


#: The first pairings that were made.
_PAIRED = select(Pairing).order_by(Pairing.id).limit(2)
