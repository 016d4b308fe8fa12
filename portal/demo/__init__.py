"""One believable small district: what `portal demo` shows, and whom the tests know by name."""

from flask import Flask
from sqlalchemy import exists, select

from portal import db
from portal.demo import (
    attendance,
    custody,
    families,
    history,
    letters,
    mailings,
    notes,
    people,
    planning,
    staff,
    supports,
    turnover,
)
from portal.demo import crowd as townspeople
from portal.demo.cast import Cast
from portal.demo.district import open_schools
from portal.demo.passwords import Passwords
from portal.demo.people import People
from portal.models import Network
from portal.models.grid.layout import choose_columns

__all__ = ["Cast", "People", "build", "prepare"]

#: What the office likes to see in the Data Grid.
OTTOS_COLUMNS = (
    "number",
    "grade",
    "homeroom",
    "language",
    "point_attendance",
    "absent",
    "attendance",
    "guardians",
)


def build(*, crowd: bool) -> Cast:
    """Fill an empty database with Maple Valley Schools and its cast, through the verbs the app uses.

    With `crowd`, some 600 more students come with their teachers and contacts. Needs an app context.
    """
    passwords = Passwords.drawn_for([*staff.NAMES, *families.GUARDIANS])
    cast = Cast()
    with db.writing():
        open_schools(cast)
        staff.hire(cast, passwords)
        families.enrol(cast, passwords)
        if crowd:
            townspeople.move_in(cast)
            attendance.keep_registers()
            turnover.happen(cast)
            letters.print_some(cast)
        planning.plan_ahead(cast)
        notes.write_notes(cast)
        custody.keep_apart(cast)
        supports.support_students(cast)
        choose_columns(cast.otto, OTTOS_COLUMNS)
    if crowd:
        history.remember()
        mailings.write_home(cast)
        mailings.print_in_vain(cast)
    return cast


def prepare(app: Flask) -> People:
    """Who can sign in to the demo and with what; the district is built when the database is empty.

    Raises people.Forgotten when there is a district but nobody wrote down its passwords.
    """
    paper = app.extensions["settings"].home / people.FILE_NAME
    with app.app_context():
        if not db.session.scalar(select(exists().select_from(Network))):
            people.write(paper, people.known(build(crowd=True)))
        return people.read(paper)
