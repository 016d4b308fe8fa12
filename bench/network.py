"""P2, P3: what View Network costs in hellos, and how it grows with everything tenfold."""

from collections.abc import Iterator
from contextlib import contextmanager

from bench.rig.apart import in_turns
from bench.rig.browsing import opening
from bench.rig.district import browser_of, network_admin, network_of
from bench.rig.hello import Calls
from bench.rig.report import Report
from bench.rig.scale import FULL, Scale

PAGE, BY_GUARDIANS, TREND = "/network", "/network?order=with_one&band=elementary", "/network/trend"


def run(report: Report, scale: Scale) -> None:
    """A network of 100 schools and 5,000 students, then one of 1,000 schools and 500,000 students."""
    schools, students = (100, 50) if scale is FULL else (4, 8)
    places = {
        "small": (network_pages, (schools, students)),
        "large": (network_pages, (10 * schools, scale.of(10, smallest=1) * students)),
    }
    costs = in_turns(places, scale)
    small, large = costs["small"], costs["large"]
    report.at_most("P2 network of 1,000 schools, hellos", large[PAGE], 35)
    report.at_most("P2 the same, by guardians in one grade band", large[BY_GUARDIANS], 35)
    report.at_most("P2 its trend, hellos", large[TREND], 35)
    report.at_most("P3 network, 10x schools of 10x the students", large[PAGE] / small[PAGE], 1.2)


@contextmanager
def network_pages(schools: int, students: int) -> Iterator[Calls]:
    """How to open each page of such a network."""
    with network_of(schools, students=students) as app:
        with app.app_context():
            admin = browser_of(app, network_admin())
        yield {page: opening(admin, page) for page in (PAGE, BY_GUARDIANS, TREND)}
