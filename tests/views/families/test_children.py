from datetime import timedelta

from portal import clock, db
from portal.models import Enrolment, EventKind
from portal.models.guardians.pairing import RevocationReason
from portal.models.guardians.revocation import revoke
from tests.views.families.test_families import statements
from tests.views.family_pages import events


def address(student) -> str:
    return f"/family/students/{student.public_id}"


def test_profile_school_homeroom_classes_and_teachers_are_shown(cast, as_):
    page = as_(cast.grace).get(address(cast.mia)).text

    assert "Mia Tran" in page
    assert "10201" in page
    assert "Lincoln Elementary" in page
    assert "555-0142" in page
    assert "2A" in page
    assert "Ada Lindqvist" in page
    assert "Music" in page


def test_emails_of_staff_and_the_code_are_not_shown(cast, as_):
    page = as_(cast.grace).get(address(cast.mia)).text

    assert cast.ada.email not in page
    assert cast.code_of(cast.mia) not in page


def test_classes_that_are_over_are_not_shown(cast, as_):
    with db.writing():
        enrolments = db.session.query(Enrolment).filter_by(student_id=cast.mia.id)
        enrolments.update({"last_day": clock.now().date() - timedelta(days=2)})
        cast.mia.homeroom_id = None

    page = as_(cast.grace).get(address(cast.mia)).text

    assert "Music" not in page
    assert "The school has not named a homeroom yet." in page
    assert "No classes yet." in page


def test_one_can_switch_between_children(cast, as_):
    page = as_(cast.rosa).get(address(cast.ines)).text

    assert f'href="{address(cast.tomas)}"' in page
    assert f'href="{address(cast.ines)}" aria-current="page"' in page


def test_a_child_of_others_is_not_found_as_one_that_does_not_exist(cast, as_):
    grace = as_(cast.grace)

    assert grace.get(address(cast.noah)).status_code == 404
    assert grace.get("/family/students/nobody").status_code == 404


def test_a_revoked_guardian_sees_nothing_from_the_next_request_on(cast, as_):
    grace, minh = as_(cast.grace), as_(cast.minh)
    before = grace.get(address(cast.mia)).status_code
    with db.writing():
        own = [pairing for pairing in cast.mia.live_pairings if pairing.guardian_id == cast.grace.id]
        revoke(own, by=cast.otto, reason=RevocationReason.CUSTODY)

    assert before == 200
    assert grace.get(address(cast.mia)).status_code == 404
    assert minh.get(address(cast.mia)).status_code == 200


def test_a_student_who_left_is_seen_only_where_the_school_says_so(cast, as_):
    grace = as_(cast.grace)
    with db.writing():
        cast.mia.left_at = clock.now()
    hidden = grace.get(address(cast.mia)).status_code
    with db.writing():
        cast.lincoln.shows_former_students = True

    page = grace.get(address(cast.mia))

    assert hidden == 404
    assert page.status_code == 200
    assert "no longer at this school" in page.text


def test_pairings_outlive_the_code_and_the_school_year(cast, as_):
    with db.writing():
        cast.mia.code.close(by=cast.otto)

    assert as_(cast.grace).get(address(cast.mia)).status_code == 200


def test_who_looked_is_recorded(cast, as_):
    as_(cast.grace).get(address(cast.mia))

    assert events(EventKind.CHILD_VIEWED) == 1


def test_the_page_takes_a_constant_number_of_statements(cast, as_):
    rosa, page = as_(cast.rosa), address(cast.ines)

    sent = statements(lambda: rosa.get(page))

    assert len([each for each in sent if each.startswith("SELECT")]) <= 5
    assert len([each for each in sent if each.startswith("INSERT")]) == 1
