"""`portal codes enable`: access codes for a school from the shell."""

import pytest
from sqlalchemy import select

from portal import db
from portal.commands.readiness import ready_app
from portal.config import Settings
from portal.models import AccessCode, Event, EventKind, SchoolClass
from tests import rows
from tests.commands.installing import Run, database, home, installed, keys_of_other_tests, refused, run

__all__ = ["database", "home", "installed", "keys_of_other_tests", "run"]  # fixtures


@pytest.fixture
def lincoln(installed: Run) -> Run:
    """A school of three students, one of them with a code; and another school."""
    with ready_app(Settings.read()).app_context():
        school = rows.school()
        room = rows.stored(SchoolClass(school_id=school.id, kind="homeroom", title="2A"))
        for name in ("Mia Sullivan", "Noah Berg", "Nora Never"):
            rows.student(school, name, homeroom_id=room.id if name == "Noah Berg" else None)
        mia = rows.student(school, "Emil Early")
        rows.enabled(mia, rows.staff(school))
        rows.student(rows.school("Riverside"), "Tomás Elsewhere")
        db.session.remove()
    return installed


def enabled() -> set[str]:
    """Whoever was enabled by nobody in particular."""
    with ready_app(Settings.read()).app_context():
        codes = db.session.scalars(select(AccessCode).filter_by(created_by_id=None, ended_at=None))
        events = db.session.scalars(
            select(Event).filter_by(kind=EventKind.CODE_ENABLED.value, account_id=None)
        )
        found = {code.student.given_name for code in codes}
        assert len(list(events)) == len(found)
        return found


def test_a_school_is_enabled_and_counted(lincoln: Run):
    result = lincoln("codes", "enable", "--school", "lincoln")

    assert result.exit_code == 0, result.output
    lines = [line.split(None, 1) for line in result.output.splitlines() if line.strip()][-3:]
    assert lines[:2] == [["3", "enabled"], ["1", "had a code already"]]
    assert lines[2][1] == "seconds"
    assert enabled() == {"Mia", "Noah", "Nora"}


def test_again_is_said_to_be_nothing(lincoln: Run):
    lincoln("codes", "enable", "--school", "lincoln")

    result = lincoln("codes", "enable", "--school", "lincoln")

    assert result.exit_code == 0
    assert "0  enabled" in result.output
    assert "4  had a code already" in result.output


def test_one_homeroom_only(lincoln: Run):
    assert lincoln("codes", "enable", "--school", "lincoln", "--homeroom", "2A").exit_code == 0

    assert enabled() == {"Noah"}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--school", "nowhere"], "There is no school nowhere. There are: lincoln, riverside."),
        (["--school", "lincoln", "--homeroom", "9Z"], "There is no homeroom 9Z at Lincoln."),
    ],
)
def test_what_does_not_exist_is_said(lincoln: Run, options: list[str], sentence: str):
    assert refused(lincoln("codes", "enable", *options), sentence)
    assert enabled() == set()
