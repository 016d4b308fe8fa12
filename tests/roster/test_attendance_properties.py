"""Whatever is wrong with attendance: each line is used or reported, never half applied, twice is once."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal import db
from portal.models import AttendanceDay
from portal.roster.problems import NotARoster
from tests.roster.bundles import ATTENDANCE, bundle
from tests.roster.test_apply_properties import CELLS, ONE_BY_ONE, applied, changed, imported_before, tried
from tests.roster.test_reader_properties import CHANGES as BROKEN
from tests.roster.test_reader_properties import mutated

__all__ = ["imported_before"]

DAYS = st.sampled_from(["2026-11-16", "11/17/2026", "17.11.2026", "2026-13-01", "2031-01-01", "1850-01-01"])
STATUSES = st.sampled_from(["present", "LATE", "a", "E", "dozing", "-1", "15", "1" * 400, "absent\u202e"])
CHANGES = st.lists(
    st.tuples(st.integers(0, 500), st.integers(0, 20), CELLS | DAYS | STATUSES), min_size=1, max_size=12
)


@given(CHANGES)
@ONE_BY_ONE
def test_attendance_with_wrong_cells_each_line_used_or_reported(imported_before, changes):
    text = changed(ATTENDANCE, changes)
    with tried():
        done = applied({"attendance.csv": text})
        stored = db.session.scalars(select(func.count()).select_from(AttendanceDay)).one()

        rejected = {problem.line for problem in done.problems if problem.severity == "rejected"}
        lines = [line for line in text.splitlines()[1:] if line.strip(",")]
        assert stored + len(rejected) == len(lines)
        assert applied({"attendance.csv": text}).changes == 0


@given(CHANGES)
@ONE_BY_ONE
def test_attendance_with_wrong_cells_beside_a_roster(app, changes):
    with tried():
        files = bundle(attendance=changed(ATTENDANCE, changes))
        applied(files)

        assert applied(files).changes == 0


@given(BROKEN)
@ONE_BY_ONE
def test_attendance_with_wrong_bytes(imported_before, changes):
    with tried():
        try:
            applied({"attendance.csv": mutated(ATTENDANCE.encode(), changes)})
        except NotARoster:
            return
