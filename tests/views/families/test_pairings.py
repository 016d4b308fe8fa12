from portal.models import EventKind
from tests.browsing import post
from tests.views.family_pages import enter, events


def removal(student) -> str:
    return f"/family/students/{student.public_id}/removal"


def test_the_page_says_what_will_happen_and_changes_nothing(cast, as_):
    page = as_(cast.grace).get(removal(cast.mia)).text

    assert "Remove Mia Tran from your account?" in page
    assert "Other parents and guardians keep their access." in page
    assert len(cast.mia.live_pairings) == 2


def test_a_child_removed_is_gone_for_this_guardian_only(cast, as_):
    grace, code = as_(cast.grace), cast.code_of(cast.mia)

    response = post(grace, removal(cast.mia))

    assert response.location == "/family"
    assert "Mia Tran is no longer in your account." in grace.get("/family").text
    assert [each.guardian_id for each in cast.mia.live_pairings] == [cast.minh.id]
    assert events(EventKind.LEFT) == 1
    assert cast.code_of(cast.mia) == code


def test_removing_twice_is_not_found_the_second_time(cast, as_):
    grace = as_(cast.grace)
    post(grace, removal(cast.mia))

    assert post(grace, removal(cast.mia)).status_code == 404


def test_nobody_removes_a_child_from_the_account_of_others(cast, as_):
    assert post(as_(cast.rosa), removal(cast.mia)).status_code == 404
    assert post(as_(cast.otto), removal(cast.mia)).status_code == 403
    assert len(cast.mia.live_pairings) == 2


def test_the_code_brings_the_child_back(cast, as_):
    grace = as_(cast.grace)
    post(grace, removal(cast.mia))

    enter(grace, cast.code_of(cast.mia))
    post(grace, "/join/student")

    assert "Mia Tran" in grace.get("/family").text
