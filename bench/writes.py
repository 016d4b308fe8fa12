"""P4: redeeming, resetting and signing up, beside a bare durable commit of four rows and one call of argon2."""

from collections.abc import Callable, Iterator, Mapping
from statistics import median, quantiles
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import create_engine, select

from bench.rig import profiling
from bench.rig.browsing import Sending, redemptions, resets, sign_ups
from bench.rig.district import office, portal_with
from bench.rig.empty import COST
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.stopwatch import processor_seconds_of, seconds_of
from portal import db
from portal.db.connections import PRAGMAS
from portal.models import AccessCode, Guardian, Student
from portal.models.guardians.redemption import redeem

TIMES, SIGN_UPS = 200, 60

#: Work by its name, a new piece of it at each step.
Works = Mapping[str, Iterator[Callable[[], object]]]


def run(report: Report, scale: Scale) -> None:
    """Acts alone, without pages, beside bare commits; then the forms that browsers send."""
    times, hashed = scale.of(TIMES, smallest=5), scale.of(SIGN_UPS, smallest=3)
    with portal_with(times + 1, schools=1, codes=False) as app, app.app_context():
        took = _in_turns(_acts(), seconds_of)
    for act in ("redeem", "reset"):
        report.at_most(f"P4 {act}, p95 in bare durable commits", _p95(took[act]) / _p95(took["bare"]), 8)
    with portal_with(8 * (times + hashed), schools=1) as app:
        spent = _in_turns(_forms(app, times), processor_seconds_of)
        took = _in_turns(_with_hash(app, hashed), seconds_of)
    cpu = {name: median(seconds) for name, seconds in spent.items()}
    report.at_most("P4 reset, processor time in redemptions", cpu["reset"] / cpu["redeem"], 1)
    report.at_most("P4 sign-up, in calls of argon2", median(took["sign up"]) / median(took["argon2"]), 1.3)


def _acts() -> Works:
    clerk = office()
    guardian = Guardian(given_name="Grace", email="grace@example.org")
    with db.writing():
        db.session.add(guardian)
        students = db.session.scalars(select(Student)).all()
        codes = [AccessCode.enable(student, by=clerk).text for student in students]
    bare = _bare_commits()
    return {
        "bare": (bare for _ in students),
        "redeem": (_written(redeem, [code], by=guardian, address="127.0.0.1") for code in codes),
        "reset": (_written(AccessCode.replace, student, by=clerk) for student in students),
    }


def _forms(app: Flask, count: int) -> Works:
    return {"redeem": _sent(redemptions(app, count)), "reset": _sent(resets(app, count))}


def _with_hash(app: Flask, count: int) -> Works:
    hasher = PasswordHasher(time_cost=COST[0], memory_cost=COST[1], parallelism=1)
    forms = sign_ups(app, count)
    return {"sign up": _sent(forms), "argon2": (lambda: hasher.hash("correct horse battery") for _ in forms)}


def _sent(forms: list[Sending]) -> Iterator[Callable[[], object]]:
    return (form.send for form in forms)


def _in_turns(works: Works, clock: Callable[[Callable[[], object]], float]) -> dict[str, list[float]]:
    """Return the seconds of each piece of work, but of the first."""
    took: dict[str, list[float]] = {name: [] for name in works}
    for pieces in zip(*works.values(), strict=True):
        for name, piece in zip(works, pieces, strict=True):
            with profiling.section(name):
                took[name].append(clock(piece))
    return {name: seconds[1:] for name, seconds in took.items()}


def _bare_commits() -> Callable[[], object]:
    """Return what commits four rows without any of the portal, in a table of its own on the same disk."""
    connection: Any = create_engine(db.db.engine.url).raw_connection().driver_connection
    if db.db.engine.dialect.name == "sqlite":
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE line (words TEXT)")
    connection.commit()

    def commit() -> None:
        for _ in range(4):
            connection.execute("INSERT INTO line (words) VALUES ('A line of some eighty letters and spaces')")
        connection.commit()

    return commit


def _written(act: Callable[..., object], *arguments: object, **named: object) -> Callable[[], None]:
    def write() -> None:
        with db.writing():
            act(*arguments, **named)

    return write


def _p95(seconds: list[float]) -> float:
    return quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
