from datetime import timedelta

import time_machine

from portal import clock, db
from portal.models import AccessCode
from portal.text.access_code import draw, pretty
from tests.browsing import post
from tests.views.family_pages import COMMON_ANSWER, enter


def test_another_code_joins_those_that_are_kept(client, cast):
    enter(client, cast.code_of(cast.noah))
    enter(client, cast.code_of(cast.jamal))

    page = client.get("/join/student").text

    assert "N. A." in page
    assert "J. W." in page


def test_more_than_ten_codes_are_refused(client, cast):
    response = enter(client, *(draw() for _ in range(11)))

    assert response.status_code == 422
    assert "Enter at most 10 access codes at once." in response.text


def test_one_of_several_children_can_be_dropped(client, cast):
    enter(client, cast.code_of(cast.noah), cast.code_of(cast.jamal))
    page = client.get("/join/student").text
    mark = page.split("J. W.")[1].split('name="mark" value="')[1].split('"')[0]

    response = post(client, "/join/drop", mark=mark)
    page = client.get("/join/student").text

    assert response.location == "/join/student"
    assert "N. A." in page
    assert "J. W." not in page


def test_no_this_is_not_my_child_forgets_the_code(client, cast):
    enter(client, cast.code_of(cast.noah))
    mark = client.get("/join/student").text.split('name="mark" value="')[1].split('"')[0]

    response = post(client, "/join/drop", mark=mark)

    assert response.location == "/join"
    assert client.get("/join/student").location == "/join"


def test_codes_are_forgotten_after_half_an_hour(client, cast):
    with time_machine.travel(start := clock.now(), tick=False):
        enter(client, cast.code_of(cast.noah))
    with time_machine.travel(start + timedelta(minutes=30), tick=False):
        assert client.get("/join/student").status_code == 200
    with time_machine.travel(start + timedelta(minutes=30, seconds=1), tick=False):
        assert client.get("/join/student").location == "/join"


def test_the_cookie_does_not_hold_the_code(client, cast):
    code = cast.code_of(cast.noah)

    enter(client, code)

    with client.session_transaction() as cookie:
        assert code not in str(dict(cookie))
        assert pretty(code) not in str(dict(cookie))


def test_a_forged_or_damaged_cookie_holds_no_codes(client, cast):
    for nonsense in ("", "x", "AAAA", "é"):
        with client.session_transaction() as cookie:
            cookie["codes"] = nonsense

        assert client.get("/join/student").location == "/join"


def test_a_code_that_ends_while_the_child_is_on_the_screen_is_not_paired(client, cast):
    enter(client, cast.code_of(cast.noah))
    with db.writing():
        AccessCode.replace(cast.noah, by=cast.otto)

    response = client.get("/join/student")

    assert response.location == "/join"
    assert COMMON_ANSWER in client.get("/join").text


def test_the_code_stands_in_no_address_and_no_title(client, cast):
    code = cast.code_of(cast.noah)

    response = enter(client, code)
    page = client.get("/join/student").text

    assert code not in response.location
    assert code not in page
    assert pretty(code) not in page
