"""P2, P3: what View Network costs in hellos, and how it grows with everything tenfold."""

from collections.abc import Callable

from flask.testing import FlaskClient
from sqlalchemy import select

from bench.district import browser_of, network_of
from bench.hello import in_hellos
from bench.report import Report
from portal import db
from portal.models import Staff

PAGE, BY_GUARDIANS, TREND = "/network", "/network?order=with_one&band=elementary", "/network/trend"


def run(report: Report) -> None:
    """A network of 100 schools and 5,000 students, then one of 1,000 schools and 500,000 students."""
    small, large = _costs(100, students=50), _costs(1_000, students=500)
    report.at_most("P2 network of 1,000 schools, hellos", large[PAGE], 40)
    report.at_most("P2 the same, by guardians in one grade band", large[BY_GUARDIANS], 40)
    report.at_most("P2 its trend, hellos", large[TREND], 40)
    report.at_most("P3 network, 10x schools of 10x the students", large[PAGE] / small[PAGE], 1.2)


def _costs(schools: int, *, students: int) -> dict[str, float]:
    with network_of(schools, students=students) as app:
        with app.app_context():
            office = browser_of(app, db.session.scalars(select(Staff)).one())
        return in_hellos({page: _opening(office, page) for page in (PAGE, BY_GUARDIANS, TREND)})


def _opening(office: FlaskClient, page: str) -> Callable[[], None]:
    def open_it() -> None:
        answer = office.get(page)
        if answer.status_code != 200:
            raise RuntimeError(f"{page} answered {answer.status_code}")

    return open_it
