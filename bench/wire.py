"""P10: how large pages are, and what a guardian's first page costs a phone with everything that belongs to it."""

import gzip
import re

from flask.testing import FlaskClient

from bench.rig.district import a_guardian, a_student, browser_of, office, portal_with
from bench.rig.report import Report
from bench.rig.scale import Scale

#: What the HTML of a page makes a browser fetch: style, scripts, icons, and the typeface that it asks for early.
FETCHED = re.compile(r'<(?:link|script|img|use)\b[^>]*? (?:href|src)="(/static/[^"#]+)')


def run(report: Report, scale: Scale) -> None:
    """Pages of a school of 2,000, to a browser that takes gzip."""
    with portal_with(scale.of(2_000, smallest=60), schools=1) as app:
        with app.app_context():
            student = a_student().public_id
            clerk, phone = browser_of(app, office()), browser_of(app, a_guardian())
        students, tab = clerk.get("/students").data, clerk.get(f"/students/{student}/portal-access").data
        report.at_most("P10 list of 50 rows, bytes", len(students), 20_480)
        report.at_most("P10 list of 50 rows, bytes gzipped", len(gzip.compress(students)), 4_096)
        report.at_most("P10 tab, bytes", len(tab), 8_192)
        report.at_most("P10 a guardian's first page with all, KB", _first_page(phone) / 1000, 45)


def _first_page(phone: FlaskClient) -> int:
    """Return the bytes of the page, which the proxy compresses, and of each file as the server sends it."""
    page = phone.get("/family").data
    files = sorted({found[1] for found in FETCHED.finditer(page.decode())})
    sizes = [len(phone.get(name, headers={"Accept-Encoding": "gzip"}).data) for name in files]
    return len(gzip.compress(page)) + sum(sizes)
