"""P5: 64 guardians who redeem at once, on the installation as it is started; with two web workers and with one."""

from statistics import median
from time import perf_counter
from typing import NamedTuple

from flask import Flask
from sqlalchemy import func, select

from bench.rig.browsing import redemptions
from bench.rig.clients import Phone, Reply, crowd, post
from bench.rig.district import portal_with
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.server import installed
from portal import db
from portal.models import Pairing

AT_ONCE, ROUNDS = 64, 3


class Evening(NamedTuple):
    """How long redemptions took in one round, in seconds, and how many were not answered as they should."""

    alone: float
    together: float
    longest_wait: float
    failed: int


def run(report: Report, scale: Scale) -> None:
    """Each guardian redeems a code of another child; clients are threads of this process."""
    size, rounds = scale.of(AT_ONCE, smallest=4), scale.of(ROUNDS, smallest=1)
    needed = rounds * 2 * (2 * size + 1)
    with portal_with(3 * needed, schools=1) as app:
        phones = [Phone.of(app, form.browser, form.fields["csrf_token"]) for form in redemptions(app, needed)]
        before = _pairings(app)
        two, one = zip(*(_both(app, phones, size) for _ in range(rounds)), strict=True)
        doubled = abs(_pairings(app) - before - needed)
    failed = sum(evening.failed for evening in (*two, *one))
    report.at_most("P5 redemptions that failed, were lost or doubled", failed + doubled, 0)
    share = median(evening.alone / evening.together for evening in two)
    report.at_least("P5 64 at once, share of one uncontended writer", share, 0.6)
    report.at_most("P5 longest wait among 64, seconds", median(evening.longest_wait for evening in two), 1)
    report.told("P5 redemptions a second, 64 at once", size / median(evening.together for evening in two))
    gain = median(single.together / double.together for double, single in zip(two, one, strict=True))
    report.at_least("P5 two web workers, times as fast as one", gain, 1.2)


def _both(app: Flask, phones: list[Phone], size: int) -> tuple[Evening, Evening]:
    return _evening(app, phones, size, "2"), _evening(app, phones, size, "1")


def _evening(app: Flask, phones: list[Phone], size: int, workers: str) -> Evening:
    with installed(app, PORTAL_WORKERS=workers) as installation:
        first = _redeem(installation.port, phones.pop())  # not measured
        alone = [_redeem(installation.port, phones.pop()) for _ in range(size)]
        waiting = [phones.pop() for _ in range(size)]
        start = perf_counter()
        crowded = crowd([lambda each=each: _redeem(installation.port, each) for each in waiting])
        together = perf_counter() - start
    failed = sum(not _is_done(reply) for reply in (first, *alone, *crowded))
    longest = max(reply.seconds for reply in crowded)
    return Evening(sum(reply.seconds for reply in alone), together, longest, failed)


def _redeem(port: int, phone: Phone) -> Reply:
    return post(port, phone, "/join/student")


def _is_done(reply: Reply) -> bool:
    return reply.status == 303 and reply.location.endswith("/family")


def _pairings(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(func.count()).select_from(Pairing)).one()
