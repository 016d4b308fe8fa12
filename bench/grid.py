"""The Data Grid and the dashboard: what their pages cost in hellos, and how the grid grows with the students."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.rig.apart import in_turns
from bench.rig.browsing import opening
from bench.rig.district import browser_of, office, portal_with
from bench.rig.hello import Calls, in_hellos
from bench.rig.report import Report
from bench.rig.scale import FULL, Scale

#: The addresses that are measured, and the most hellos that each may cost at 2,000 students.
PAGES = {
    "grid of 100 rows": ("/students/grid", 50),
    "grid by days absent": ("/students/grid?sort=-absent", 150),
    "grid of one status": ("/students/grid?status=not_enabled", 100),
    "dashboard": ("/dashboard", 150),
    "coverage board": ("/portal-access/coverage", 400),
}


def run(report: Report, scale: Scale) -> None:
    """At 2,000 students in one school, and at ten times as many."""
    students = scale.of(2_000, smallest=60)
    if scale is not FULL:
        with grid_pages(students) as calls:
            small = in_hellos(calls, scale)
        large = None
    else:
        costs = in_turns({"small": (grid_pages, (students,)), "large": (grid_pages, (10 * students,))}, scale)
        small, large = costs["small"], costs["large"]
    for page, (_address, goal) in PAGES.items():
        report.at_most(f"{page}, hellos at 2,000 students", small[page], goal)
        if large:
            report.at_most(f"P3 {page}, 10x students in one school", large[page] / small[page], GROWTH[page])


#: A count over all students of a school grows with them.
GROWTH = {page: 1.2 if page == "grid of 100 rows" else 10 for page in PAGES}


@contextmanager
def grid_pages(students: int) -> Iterator[Calls]:
    """How to open each page there."""
    with portal_with(students) as app:
        with app.app_context():
            clerk = browser_of(app, office())
        yield {page: opening(clerk, address) for page, (address, _goal) in PAGES.items()}
