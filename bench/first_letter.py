"""The first letter that a fresh installation prints, beside later ones, and what its processes keep of it."""

from statistics import median

from flask import Flask
from sqlalchemy import select

from bench.rig import processes
from bench.rig.clients import Phone, get
from bench.rig.district import browser_of, office, portal_with
from bench.rig.report import Report
from bench.rig.scale import Scale
from bench.rig.server import Installation, installed
from portal import db
from portal.models import AccessCode, Student

LATER = 10

#: What comes after the student in the address of a letter, and of the page it is printed from.
LETTER, TAB = "login-instructions.pdf", "portal-access"


def run(report: Report, scale: Scale) -> None:
    """Letters of one student each, as the office opens them; the installation starts anew for each round."""
    rounds, later = scale.of(3, smallest=1), scale.of(LATER, smallest=2)
    with portal_with(100, schools=1) as app:
        addresses = _letters(app, later + 1)
        with app.app_context():
            clerk = Phone.of(app, browser_of(app, office()))
        seen = []
        for _ in range(rounds):
            with installed(app) as installation:
                seen.append(_print(installation, clerk, addresses))
    firsts, kept, grown = zip(*seen, strict=True)
    report.at_most("the first letter, in later ones", median(firsts), 2)
    report.at_most("MiB that a web worker keeps of letters, at most", median(kept), 15)
    report.told("MiB that all processes have grown by", median(grown))


def _print(installation: Installation, clerk: Phone, addresses: list[str]) -> tuple[float, float, float]:
    """Return the first letter in later ones, and the MiB by which one process grew most, and all together.

    The pages from which letters are printed are read before, so that only letters are measured.
    """
    for address in addresses:
        get(installation.port, clerk, address.replace(LETTER, TAB))
    installation.settle()
    before = {pid: processes.private(pid) for pid in installation.pids}
    all_before = processes.pss(installation.pids)
    took = [_seconds(installation, clerk, address) for address in addresses]
    installation.settle()
    kept = max(processes.private(pid) - megabytes for pid, megabytes in before.items())
    return took[0] / median(took[1:]), kept, processes.pss(installation.pids) - all_before


def _seconds(installation: Installation, clerk: Phone, address: str) -> float:
    reply = get(installation.port, clerk, address)
    if reply.status != 200 or not reply.body.startswith(b"%PDF"):
        raise RuntimeError(f"{address} answered {reply.status}")
    return reply.seconds


def _letters(app: Flask, count: int) -> list[str]:
    with app.app_context():
        students = select(Student.public_id).join(AccessCode, AccessCode.student_id == Student.id)
        found = db.session.scalars(students.order_by(Student.id).limit(count)).all()
    return [f"/students/{public_id}/{LETTER}" for public_id in found]
