"""Everybody of the cast at a browser of their own, and the names by which a table speaks of addresses."""

from datetime import date
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, func, select
from werkzeug.test import TestResponse

from portal import clock, db
from portal.crypto import signed_links
from portal.demo import Cast
from portal.models import (
    AccessCode,
    Account,
    Batch,
    FieldChange,
    Job,
    JobKind,
    Membership,
    MessageKind,
    NetworkMembership,
    Note,
    OutboxMessage,
    Pairing,
    PointPerson,
    Restriction,
    RosterImport,
    School,
    SignIn,
    Student,
    Support,
    SupportCategory,
    SupportStudent,
    TrustedStatus,
)
from portal.models.codes.outcome import Act
from portal.models.guardians.restricting import CustodyOrder, restrict
from portal.models.rows import new_public_id
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection
from portal.models.supports.adding import add_to_support
from portal.models.supports.support import Terms
from portal.models.users.eligible import colleagues
from portal.policy.permissions import Permission
from tests.browsing import token
from tests.database import FreshDatabase

PEOPLE = {
    "Han": "hana", "Del": "delia", "Ott": "otto", "Ver": "vera", "Ada": "ada", "Car": "carl", "Nil": "nils",
    "Sam": "sam", "Nor": "nora", "Pau": "paul", "Ona": "ona", "Nat": "nat", "Gra": "grace", "Zoe": "zoe",
}  # fmt: skip
STRANGER = "out"

STATE = "neighbourhood"

#: What the forms ask for, each under its name.
WELL_FILLED = {
    "email": "somebody@example.net", "limit": "7", "safety_net": "yes", "text": "Seen.", "reason": "So it is decided.",
    "person": "else", "first_day": "2026-01-01",
}  # fmt: skip

PASSWORD = "nine herons over the weir"


#: Of an answer: the status, the headers and the body.
Seen = tuple[int, str, str]


class Neighbourhood:
    """One state of the database with all of them signed in; it is remembered and can be gone back to."""

    def __init__(self, app: Flask, cast: Cast, database: FreshDatabase) -> None:
        self._app, self._database = app, database
        self._cookies: dict[str, tuple[str, str]] = {}
        #: What came back to (method, path, person, whether by htmx) where nothing was found.
        self.not_found: dict[tuple[str, str, str, bool], Seen] = {}
        with db.writing():
            self._tokens = {name: _sign_in(getattr(cast, who)).token for name, who in PEOPLE.items()}
            rows = _rows(cast)
            self.names = {name: row.public_id for name, row in rows.items()}
        self.names |= {"nothing": new_public_id(), "graces_link": _link(cast.grace)}
        self._forms = {name: _words_about(row) for name, row in rows.items()}
        self._forms["nothing"] = {"ids": self.names["nothing"]}
        self._own = {name: cast.password_of(getattr(cast, who)) for name, who in PEOPLE.items()}
        self._is_touched = True
        database.remember(STATE)

    def start_afresh(self) -> None:
        """Whoever only looked has changed nothing: then there is nothing to be put back."""
        if self._is_touched or self._database.state != STATE:
            self._database.restore(STATE)
            self._is_touched = False

    def address(self, path: str) -> str:
        return path.format_map(self.names)

    def send(self, method: str, path: str, person: str, *, htmx: bool) -> TestResponse:
        browser, csrf_token = self._browser(person)
        headers = {"HX-Request": "true"} if htmx else {}
        if method == "GET":
            return browser.get(self.address(path), headers=headers)
        self._is_touched = True
        form = {"csrf_token": csrf_token, **self._fields(path, person)}
        return browser.post(self.address(path), data=form, headers=headers)

    def facts(self) -> list[int]:
        """What a refused request leaves as it was."""
        return list(db.session.execute(FACTS).one())

    def _browser(self, person: str) -> tuple[FlaskClient, str]:
        """As that person's was when it was opened, whatever was done in it since, and the token of its forms."""
        browser, name = self._app.test_client(), self._app.config["SESSION_COOKIE_NAME"]
        if person in self._cookies:
            cookie, csrf_token = self._cookies[person]
            browser.set_cookie(name, cookie)
            return browser, csrf_token
        if person != STRANGER:
            with browser.session_transaction() as session:
                session["_user_id"] = self._tokens[person]
        csrf_token = token(browser)
        self._cookies[person] = browser.get_cookie(name).value, csrf_token  # type: ignore[union-attr]
        return browser, csrf_token

    def _fields(self, path: str, person: str) -> dict[str, Any]:
        """What would be sent there if all were well: nobody is refused for an empty form."""
        about = path.partition("{")[2].partition("}")[0]
        own = {"current": self._own.get(person, ""), "password": PASSWORD}
        if path.startswith("/students/grid/"):
            own |= {"field": "safety_net", "value": "no", "shown": "1", "ids": self.names.get(about, "")}
        if "/supports/" in path and path.startswith("/schools/"):
            own |= {"shown": "1", "ids": self.names[path.rpartition("{")[2].rpartition("}")[0]]}
        if path.endswith("/trusted-status"):
            own |= {"given_name": "Ines", "level": "caseload_viewer", "is_trusted": "yes"}
        return own | WELL_FILLED | self._forms.get(about, {})


def _facts() -> Select[Any]:
    counted = (
        AccessCode.id, AccessCode.ended_at, Pairing.id, Pairing.revoked_at, OutboxMessage.id, SignIn.id,
        Account.closed_at, RosterImport.id, RosterImport.confirmed_at, FieldChange.id, Student.safety_net,
        Job.id, Job.cancel_asked_at, Note.id, Note.corrected_at, OutboxMessage.failed_at, Membership.id,
        Membership.own_title, TrustedStatus.id,
        Support.id, Support.ended_at, SupportStudent.id, SupportStudent.ended_at,
        PointPerson.id, PointPerson.ended_at, Batch.id, Batch.done_at,
        Restriction.id, Restriction.ended_at,
    )  # fmt: skip
    counts = (select(func.count(each)).scalar_subquery() for each in counted)
    levels = select(func.sum(func.length(Membership.level))).scalar_subquery()
    return select(*counts, levels, func.sum(Student.guardian_limit))


#: Made once: making it takes longer than asking it.
FACTS = _facts()


def _sign_in(account: Account) -> SignIn:
    return SignIn.start(account, browser="Test", address="127.0.0.1")


def _rows(cast: Cast) -> dict[str, Any]:
    upload = RosterImport.upload(public_id=new_public_id(), file_name="roster.zip", by=cast.hana)
    return {
        **{name: getattr(cast, name) for name in ("mia", "noah", "lucia", "tomas", "lincoln", "riverside")},
        "grace_and_mia": _pairing(cast.grace, cast.mia),
        "rosa_and_ines": _pairing(cast.rosa, cast.ines),
        "rosa_and_tomas": _pairing(cast.rosa, cast.tomas),
        "hanas_roster": upload,
        "lost_mail_about_mia": _lost_mail(cast),
        "ottos_job": Job.start(JobKind.LETTERS, by=cast.otto, arguments={"students": [cast.mia.id]}, total=1),
        "adas_note": Note.add(cast.mia, "Ada was here.", by=cast.ada),
        "ottos_note": Note.add(cast.lucia, "Otto was here.", by=cast.otto),
        "mias_restriction": _restriction(cast.mia),
        "lucias_restriction": _restriction(cast.lucia),
        "tomas_restriction": _restriction(cast.tomas),
        "graces_phone": _sign_in(cast.grace),
        **{f"{who}_at_work": _membership(getattr(cast, who)) for who in ("hana", "delia", "otto", "sam")},
        "nils": cast.nils,
        "ona_at_the_network": db.session.scalar(select(NetworkMembership).filter_by(staff_id=cast.ona.id)),
        "lincoln": cast.lincoln,
        "riverside": cast.riverside,
        **_supports(cast),
        "ottos_batch": Batch.plan(Act.ENABLE, _ticked(cast.lucia), by=cast.otto),
    }


def _restriction(student: Student) -> Restriction:
    """Of somebody who is in no other story."""
    order = CustodyOrder("So it is decided.", None, date(2026, 1, 1))
    return restrict(student, "rolf@example.net", order, replaces_code=False, by=office_of(student))


def _lost_mail(cast: Cast) -> OutboxMessage:
    mail = OutboxMessage.post(
        MessageKind.LOGIN_INSTRUCTIONS, to="grace@example.com", language="en", student_id=cast.mia.id
    )
    mail.give_up("There is no such mailbox (5.1.1).")
    return mail


def _supports(cast: Cast) -> dict[str, Any]:
    """Ada leads one for Mia and Otto another; Petra, at Riverside, one for Tomás. And these students in them."""
    leads = {"adas": (cast.ada, cast.mia), "ottos": (cast.otto, cast.mia), "petras": (cast.petra, cast.tomas)}
    return {
        f"{name}_{part}": row
        for name, (lead, student) in leads.items()
        for part, row in zip(("support", "place"), _support(lead, student), strict=True)
    }


def _support(lead: Any, student: Student) -> tuple[Support, SupportStudent]:
    terms = Terms("Check-in", SupportCategory.ATTENDANCE, lead, clock.today("America/Chicago"))
    office = office_of(student)
    support = Support.create(student.school, terms, by=office)
    add_to_support(Student.id == student.id, support, by=office)
    return support, db.session.scalars(select(SupportStudent).filter_by(support_id=support.id)).one()


def office_of(student: Student) -> Account:
    """Somebody who may create supports at the student's school."""
    return db.session.scalars(colleagues(student.school_id, Permission.CREATE_SUPPORT)).first()


def _ticked(student: Student) -> Selection:
    return Selection.of(StudentFilter(), ids=[student.public_id], everyone=False)


def _pairing(guardian: Account, student: Student) -> Pairing:
    return next(pairing for pairing in student.live_pairings if pairing.guardian is guardian)


def _membership(staff: Account) -> Any:
    return db.session.scalar(select(Membership).filter_by(staff_id=staff.id))


def _link(account: Account) -> str:
    claims = {"account": account.public_id, "email": "grace.tran@example.net"}
    return signed_links.make(signed_links.EMAIL_CHECK, claims)


def _words_about(row: Any) -> dict[str, Any]:
    match row:
        case Student():
            return {"ids": row.public_id, **({"seen": row.code.public_id} if row.code else {})}
        case School():
            support = select(Support).where(Support.school_id == row.id, Support.name == "Check-in")
            return {"into": db.session.scalars(support).first().public_id, **_terms(row)}
        case Support():
            noah = select(Student).where(
                Student.given_name.in_(["Noah", "Tomás"]), Student.school_id == row.school_id
            )
            noah_id = db.session.scalars(noah).one().public_id
            return {"students": noah_id, "seen": row.versions, **_terms(row.school)}
        case Pairing():
            return {"pairings": row.public_id, "reason": "moved_away"}
        case NetworkMembership() | Membership():
            return _level_below(row)
        case _:
            return {}


def _level_below(row: NetworkMembership | Membership) -> dict[str, Any]:
    if isinstance(row, NetworkMembership):
        return {"level": "no_network_access", "seen": row.level, "reach": "listed"}
    return {"level": "school_wide_viewer", "seen": row.level, "title": "Colleague"}


def _terms(school: School) -> dict[str, Any]:
    lead = db.session.scalars(colleagues(school.id, Permission.CREATE_SUPPORT)).first()
    return {"name": "Check-in", "category": "other", "lead": lead.public_id, "first_day": "2026-09-01"}
