"""Every page of the portal, and who is looking at it."""

from typing import Any

from flask import Flask
from sqlalchemy import select

from portal import db, signed_links
from portal.db import Refused
from portal.demo import Cast
from portal.models import Batch, Note, Student, SupportStudent
from portal.models.bulk_codes import make_codes
from portal.models.fate import Act
from portal.models.mail_batch import mail_families
from portal.models.selection import Selection
from portal.models.wanted import Wanted
from tests import working
from tests.browser import rosters
from tests.models import orders
from tests.views.staff_room import at_work

#: Addresses by visitor. `{mia}` is the public id of Mia.
PAGES = {
    "stranger": [
        "/",
        "/join",
        "/sign-in",
        "/staff/sign-in",
        "/password/forgotten",
        "/password/forgotten?kind=staff",
        "/password/forgotten/sent",
        "/password/reset/{reset}",
        "/password/reset/nonsense",
        "/join/check-your-email",
        "/no-such-page",
    ],
    "grace": [
        "/family",
        "/family/students/{mia}",
        "/family/students/{mia}/removal",
        "/family/students/{noah}",
        "/family/account",
        "/family/account/password",
        "/family/account/email",
        "/family/account/deletion",
        "/email/confirm/{email_check}",
        "/email/confirm/nonsense",
        "/join",
        "/students",
    ],
    "rosa": [
        "/family",
        "/family/students/{tomas}",
        "/family/students/{tomas}/removal",
        "/family/account",
        "/family/account/password",
        "/family/account/email",
        "/family/account/deletion",
        "/join",
    ],
    "zoe": ["/family"],
    "otto": [
        "/students/grid?sort=-absent&grade=2",
        "/students/grid?select=1",
        "/students/grid?q=nobody+of+this+name",
        "/students/grid/columns",
        "/students",
        "/students?q=nobody+of+this+name",
        "/students/{mia}",
        "/students/{leo}",
        "/students/{mia}/planning",
        "/students/{mia}/planning/history",
        "/students/{mia}/notes",
        "/students/{lucia}/notes",
        "/notes/{ottos_note}",
        "/students/{mia}/restrictions/new",
        "/students/{lucia}/restrictions/new",
        "/students/{noah}/restrictions/{noahs_restriction}/end",
        "/students/{mia}/portal-access",
        "/students/{noah}/portal-access",
        "/students/{lucia}/portal-access",
        "/students/{emil}/portal-access",
        "/students/{leo}/portal-access",
        "/students/{mia}/login-instructions",
        "/students/{mia}/login-instructions/mail",
        "/students/{mia}/access-code/reset",
        "/students/{mia}/guardian-limit",
        "/pairings/{grace_and_mia}/revocation",
        "/students/{tomas}",
        "/network",
        "/mails/{lost_mail}/resend",
        "/jobs",
        "/jobs/{waiting_job}",
        "/jobs/{waiting_job}/cancel",
        "/jobs/{ready_job}",
        "/jobs/{failed_job}",
        "/jobs/{cancelled_job}",
        "/portal-access",
        "/portal-access?status=paired&sort=homeroom&all=1",
        "/portal-access?q=nobody+of+this+name",
        "/portal-access?language=es",
        "/portal-access/coverage",
        "/portal-access/batches/{plan}",
        "/portal-access/batches/{plan_of_nothing}",
        "/portal-access/batches/{result}",
        "/portal-access/batches/{letters}",
        "/portal-access/batches/{emails}",
        "/portal-access/batches/{sent_emails}",
    ],
    "sam": ["/jobs"],
    "vera": [
        "/students/grid",
        "/dashboard",
        "/dashboard?by=academic",
        "/students",
        "/students/{mia}/portal-access",
        "/students/{lucia}/portal-access",
    ],
    "priya": [
        "/caseload",
        "/caseload?q=nobody+of+this+name",
        "/students/{noah}",
        "/students/{ines}/point-people/academic",
        "/supports",
        "/supports/{reading_corner}",
        "/supports/{reading_corner}/students",
        "/supports/students/{noahs_place}/removal",
    ],
    "delia": [
        "/settings/caseloads",
        "/schools/{lincoln}/point-people/credits/{nils}",
        "/caseload",
        "/students/{noah}/supports",
        "/students/{emil}/supports",
        "/students/{ines}/point-people/academic",
        "/supports",
        "/supports?state=ended",
        "/supports?q=nothing+of+this+name",
        "/supports/new/{lincoln}",
        "/supports/{reading_corner}",
        "/supports/{reading_corner}/edit",
        "/supports/{reading_corner}/end",
        "/supports/{reading_corner}/students",
        "/supports/{reading_corner}/students?q=tran",
    ],
    "ada": ["/students", "/students/{mia}"],
    "nora": [
        "/students",
        "/students/{mia}",
        "/settings/roster",
        "/settings/roster/new",
        "/settings/roster/{roster}",
        "/settings/roster/{roster}/apply",
        "/settings/roster/{applied_roster}",
        "/settings/roster/{emptying_roster}/apply",
        "/settings/roster/{broken_roster}",
    ],
    "hana": [
        "/settings/roster",
        "/settings/family-page",
        "/settings/letter",
        "/settings/letter/en",
        "/settings/letter/es",
        "/settings/letter/en/original",
        "/settings/users",
        "/settings/users?select=1",
        "/settings/users?q=nobody+of+this+name",
        "/settings/users/{otto_at_work}",
        "/settings/users/{hana_at_work}",
        "/settings/users/{otto_at_work}/deactivation",
        "/settings/users/{hana_at_work}/deactivation",
        "/settings/users/new",
        "/settings/users/level-changes/new",
        "/settings/users/level-changes/new?level=caseload_viewer&ids={otto_at_work}&ids={hana_at_work}",
        "/settings/levels",
    ],
    "ona": ["/network", "/students"],
}

#: What is no page: machines read the one, printers the other.
NOT_PAGES = {"health.show", "job_files.show", "letter_proofs.show", "letters.show"}

#: Only on the way, with something in hand: test_accessibility.py goes there step by step.
ON_THE_WAY = {"redemptions.show", "guardians.create", "second_factors.show", "second_factors.create"}


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
            return Batch.plan(act, Selection.of(Wanted(), ids=ids, everyone=False), by=self._cast.otto)

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
