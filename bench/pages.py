"""P2, P3: what pages and the two commonest writes cost in hellos, and how that grows with the district."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from bench.rig.apart import in_turns
from bench.rig.browsing import opening, redemptions, resets, sending
from bench.rig.district import a_guardian, a_student, browser_of, network_admin, office, portal_with
from bench.rig.hello import Calls, in_hellos
from bench.rig.report import Report
from bench.rig.scale import FULL, Scale

#: The most hellos that each page may cost at 2,000 students; those below are told without a goal.
GOALS = {
    "tab": 25,
    "list": 30,
    "search": 35,
    "bulk page of 100 rows": 40,
    "family": 15,
    "network": 35,
    "grid": 50,
}

#: How much more each may cost with ten times the students in one school.
GROWTH = {"list": 1.2, "search": 2, "bulk page of 100 rows": 1.2, "tab": 1.15}

STUDENTS, OTHERS = 2_000, 500


def run(report: Report, scale: Scale) -> None:
    """A school of 2,000 students in a network of four; the same with ten times the students, and of forty schools."""
    students, others = scale.of(STUDENTS, smallest=60), scale.of(OTHERS, smallest=4)
    if scale is not FULL:
        with district_pages(students, 4, others, scale.asks) as calls:
            _report_costs(report, in_hellos(calls, scale))
        return
    costs = in_turns(
        {
            "district": (district_pages, (students, 4, others, scale.asks)),
            "large": (district_pages, (10 * students, 4, others, 0)),
            "many": (district_pages, (students, 40, others, 0)),
        },
        scale,
    )
    _report_costs(report, costs["district"])
    for page, goal in GROWTH.items():
        growth = costs["large"][page] / costs["district"][page]
        report.at_most(f"P3 {page}, 10x students in one school", growth, goal)
    for page in sorted(GOALS.keys() - {"network"}):  # which shows more schools then: see bench/network.py
        growth = costs["many"][page] / costs["district"][page]
        report.at_most(f"P3 {page}, 10x schools", growth, 1.15)


@contextmanager
def district_pages(students: int, schools: int, others: int, writes: int) -> Iterator[Calls]:
    """How to ask for each page of such a district, and how to send so many resets and redemptions."""
    with portal_with(students, schools=schools, others=others) as app:
        calls = _pages(app)
        if writes:
            calls["reset"] = sending(resets(app, writes))
            calls["redeem"] = sending(redemptions(app, writes))
        yield calls


def _pages(app: Flask) -> dict[str, object]:
    with app.app_context():
        student = a_student().public_id
        clerk, phone = browser_of(app, office()), browser_of(app, a_guardian())
        admin = browser_of(app, network_admin())
    return {
        "tab": opening(clerk, f"/students/{student}/portal-access"),
        "list": opening(clerk, "/students"),
        "search": opening(clerk, "/students?q=okafor"),
        "bulk page of 100 rows": opening(clerk, "/portal-access"),
        "family": opening(phone, "/family"),
        "network": opening(admin, "/network"),
        "grid": opening(clerk, "/students/grid"),
        "child's page": opening(phone, f"/family/students/{student}"),
        "student overview": opening(clerk, f"/students/{student}"),
        "dashboard": opening(clerk, "/dashboard"),
    }


def _report_costs(report: Report, costs: dict[str, float]) -> None:
    for page, cost in costs.items():
        if page in GOALS:
            report.at_most(f"P2 {page}, hellos", cost, GOALS[page])
        else:
            report.told(f"P2 {page}, hellos", cost)
