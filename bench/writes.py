"""P4: redeeming, resetting and signing up, beside a bare durable commit of four rows on the same disk."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles

from flask import current_app
from sqlalchemy import select

from bench.rig import profiling
from bench.rig.district import office, portal_with
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.stopwatch import seconds_of
from portal import db
from portal.db.connections import PRAGMAS
from portal.models import AccessCode, Guardian, Student
from portal.models.guardians.redemption import redeem

TIMES = 200


def run(report: Report, scale: Scale) -> None:
    """95th percentiles of a redemption and of a reset, in bare commits; measured in turns."""
    times = scale.of(TIMES, smallest=5)
    with portal_with(times + 1, schools=1, codes=False) as app, app.app_context():
        bare, redeeming, resetting = _measure()
        report.at_most("P4 redeem, p95 in bare durable commits", _p95(redeeming) / _p95(bare), 8)
        report.at_most("P4 reset, p95 in bare durable commits", _p95(resetting) / _p95(bare), 8)


def _measure() -> tuple[list[float], list[float], list[float]]:
    clerk = office()
    guardian = Guardian(given_name="Grace", email="grace@example.org")
    with db.writing():
        db.session.add(guardian)
        students = db.session.scalars(select(Student)).all()
        codes = {student.id: AccessCode.enable(student, by=clerk).text for student in students}
    bare = _bare_commits()
    rounds = [
        (
            seconds_of(bare),
            _written("redeem", lambda: redeem([codes[student.id]], by=guardian, address="127.0.0.1")),  # noqa: B023
            _written("reset", lambda: AccessCode.replace(student, by=clerk)),  # noqa: B023
        )
        for student in students
    ]
    return tuple(map(list, zip(*rounds[1:], strict=True)))  # type: ignore[return-value]


def _bare_commits() -> Callable[[], object]:
    folder = Path(current_app.extensions["settings"].home)
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE line (id INTEGER PRIMARY KEY, words TEXT)")

    def commit() -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO line (words) VALUES (?)", [("x" * 80,)] * 4)
        connection.execute("COMMIT")

    return commit


def _written(name: str, work: Callable[[], object]) -> float:
    def write() -> None:
        with profiling.section(name), db.writing():
            work()

    return seconds_of(write)


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1]
