"""Who has seen whom is recorded, once the page is made; and a full disk keeps nobody from reading."""

from collections.abc import Iterator

import pytest
import time_machine
from flask.testing import FlaskClient

from portal.config import Settings
from portal.models import Staff, Student
from tests import elsewhere
from tests.apps import another, meanwhile
from tests.conftest import client_of

VIEWS = "SELECT count(*) FROM events WHERE kind = 'student viewed'"
SEEN = "SELECT last_seen_at FROM sign_ins"

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture
def ottos(otto: Staff, settings: Settings) -> Iterator[FlaskClient]:
    with another(settings) as portal:
        yield client_of(portal, otto)


def test_a_view_of_a_student_is_recorded_with_the_viewer(ottos: FlaskClient, mia: Student, otto: Staff):
    ottos.get(f"/edges/students/{mia.public_id}")

    recorded = f"{VIEWS} AND account_id = :otto AND student_id = :mia AND address = '127.0.0.1'"
    assert elsewhere.read(recorded, otto=otto.id, mia=mia.id) == 1


def test_a_view_that_was_refused_is_none(ottos: FlaskClient, mia: Student):
    ottos.get(f"/edges/students/{'A' * 22}")

    assert elsewhere.read(VIEWS) == 0


def test_a_page_that_failed_was_not_seen(ottos: FlaskClient, mia: Student):
    meanwhile.append(lambda: 1 / 0)

    answer = ottos.get(f"/edges/students/{mia.public_id}")

    assert answer.status_code >= 500
    assert elsewhere.read(VIEWS) == 0


def test_that_a_browser_was_used_is_noted_once_a_minute(
    ottos: FlaskClient, mia: Student, now: time_machine.Traveller
):
    first = elsewhere.read(SEEN)
    for seconds, is_noted in ((59, False), (1, True), (59, False), (1, True)):
        now.shift(seconds)
        ottos.get(f"/edges/students/{mia.public_id}")

        assert (elsewhere.read(SEEN) != first) is is_noted
        first = elsewhere.read(SEEN)


def test_a_record_that_cannot_be_written_keeps_nobody_from_reading(
    ottos: FlaskClient, mia: Student, capsys: pytest.CaptureFixture[str]
):
    elsewhere.write("ALTER TABLE events RENAME TO events_aside")

    answer = ottos.get(f"/edges/students/{mia.public_id}")

    assert (answer.status_code, answer.text) == (200, mia.name)
    assert "disclosure not recorded" in capsys.readouterr().out
