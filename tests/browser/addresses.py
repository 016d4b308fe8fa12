"""The addresses of the pages that are looked at, and whether any page is missing among them."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal import db
from portal.crypto import signed_links
from portal.db import Refused
from portal.demo import Cast
from portal.models import Batch, NetworkMembership, Note, Student, SupportStudent
from portal.models.codes.bulk import make_codes
from portal.models.codes.outcome import Act
from portal.models.mail.batch import mail_families
from portal.models.students.filter import StudentFilter
from portal.models.students.selection import Selection
from tests import working
from tests.browser import rosters
from tests.browser.pages import NOT_PAGES, ON_THE_WAY, PAGES
from tests.models import orders
from tests.views.staff_room import at_work


def address_of(page: str, cast: Cast) -> str:
    return page.format_map(_Names(cast))


def endpoints_looked_at(app: Flask, cast: Cast) -> set[str]:
    """The endpoints that answer for PAGES."""
    routes = app.url_map.bind("localhost")
    paths = [address_of(page, cast).partition("?")[0] for pages in PAGES.values() for page in pages]
    return {routes.match(path)[0] for path in paths if path != "/no-such-page"}


def endpoints_with_a_page(app: Flask) -> set[str]:
    rules = app.url_map.iter_rules()
    return {rule.endpoint for rule in rules if "GET" in (rule.methods or ())} - NOT_PAGES - ON_THE_WAY


class _Names(dict[str, str]):
    """What stands for the names in an address."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast

    def __missing__(self, name: str) -> str:
        made = getattr(self, f"_{name}", None)
        return made() if made else getattr(self._cast, name).public_id

    def _otto_at_work(self) -> str:
        return at_work(self._cast.otto).public_id

    def _hana_at_work(self) -> str:
        return at_work(self._cast.hana).public_id

    def _ona_at_the_network(self) -> str:
        return self._at_the_network(self._cast.ona)

    def _nora_at_the_network(self) -> str:
        return self._at_the_network(self._cast.nora)

    def _at_the_network(self, staff: Any) -> str:
        return db.session.scalars(select(NetworkMembership).filter_by(staff_id=staff.id)).one().public_id

    def _grace_and_mia(self) -> str:
        return next(
            pairing.public_id
            for pairing in self._cast.mia.live_pairings
            if pairing.guardian is self._cast.grace
        )

    def _ottos_note(self) -> str:
        with db.writing():
            return Note.add(self._cast.mia, "A note to be corrected.", by=self._cast.otto).public_id

    def _noahs_place(self) -> str:
        ids = {"student_id": self._cast.noah.id, "support_id": self._cast.reading_corner.id}
        return db.session.scalars(select(SupportStudent).filter_by(**ids)).one().public_id

    def _noahs_restriction(self) -> str:
        return orders.place(self._cast.noah, "rolf@example.net", by=self._cast.otto).public_id

    def _reset(self) -> str:
        return _token(signed_links.PASSWORD_RESET, self._cast.grace, epoch=self._cast.grace.password_epoch)

    def _email_check(self) -> str:
        return _token(signed_links.EMAIL_CHECK, self._cast.grace, email="grace.tran@example.com")

    def _plan(self) -> str:
        return self._batch(Act.RESET, self._cast.mia, self._cast.lucia).public_id

    def _plan_of_nothing(self) -> str:
        return self._batch(Act.ENABLE, self._cast.mia).public_id

    def _result(self) -> str:
        batch = self._batch(Act.ENABLE, self._cast.mia, self._cast.lucia, self._cast.leo)
        make_codes(batch, by=self._cast.otto)
        return batch.public_id

    def _letters(self) -> str:
        return self._batch(Act.LETTERS, self._cast.mia, self._cast.lucia).public_id

    def _emails(self) -> str:
        return self._batch(Act.EMAIL, self._cast.mia, self._cast.lucia).public_id

    def _sent_emails(self) -> str:
        batch = self._batch(Act.EMAIL, self._cast.mia, self._cast.noah)
        mail_families(batch, by=self._cast.otto)
        working.lose_one_of(batch)
        return batch.public_id

    def _batch(self, act: Act, *students: Student) -> Batch:
        ids = [student.public_id for student in students]
        with db.writing():
            return Batch.plan(act, Selection.of(StudentFilter(), ids=ids, everyone=False), by=self._cast.otto)

    def _roster(self) -> str:
        return rosters.read(rosters.NEWS, by=self._cast.nora).public_id

    def _applied_roster(self) -> str:
        nora = self._cast.nora
        return rosters.apply(rosters.read(rosters.NEWS, by=nora), by=nora).public_id

    def _emptying_roster(self) -> str:
        return rosters.read(rosters.EMPTY, by=self._cast.nora).public_id

    def _broken_roster(self) -> str:
        return rosters.read({"notes.txt": "no roster"}, by=self._cast.nora).public_id

    def _lost_mail(self) -> str:
        return working.lost_mail(self._cast.mia).public_id

    def _waiting_job(self) -> str:
        return working.started(self._cast.otto, students=1_200).public_id

    def _ready_job(self) -> str:
        return working.done(self._cast.otto, working.writes()).public_id

    def _failed_job(self) -> str:
        return working.done(
            self._cast.otto, working.fails(Refused("The disk of the server is full."))
        ).public_id

    def _cancelled_job(self) -> str:
        return working.cancelled(self._cast.otto).public_id


def _token(purpose: str, account: Any, **claims: Any) -> str:
    return signed_links.make(purpose, {"account": account.public_id, **claims})
