"""Mail that may have been sent, or did not arrive: staff see it, and decide whether it goes again."""

import pytest

from portal import db
from portal.models import Event, EventKind
from portal.models.mail.delivery_state import MailState, state_of
from tests.browsing import get, post
from tests.working import lost_mail


@pytest.fixture
def mail(cast):
    return lost_mail(cast.mia)


def at(mail) -> str:
    return f"/mails/{mail.public_id}/resend"


def test_the_tab_says_that_it_may_have_been_sent(cast, as_, mail):
    tab = as_(cast.otto).get(f"/students/{cast.mia.public_id}/portal-access").text

    assert "It may have been sent; we did not send it twice." in tab
    assert at(mail) in tab


def test_whoever_may_not_mail_codes_gets_no_button(cast, as_, mail):
    tab = as_(cast.vera).get(f"/students/{cast.mia.public_id}/portal-access").text

    assert at(mail) not in tab


def test_sending_again_says_first_what_may_happen(cast, as_, mail):
    assert "the family gets the same email twice" in as_(cast.otto).get(at(mail)).text
    assert 'id="resend"' in get(as_(cast.otto), at(mail), htmx=True).text


def test_it_goes_again_once_and_that_is_recorded(cast, as_, mail):
    otto = as_(cast.otto)

    first, second = post(otto, at(mail)), post(otto, at(mail))

    assert (first.status_code, second.status_code) == (303, 303)
    assert state_of(mail) is MailState.ON_ITS_WAY
    mailed = db.session.query(Event).filter_by(kind=EventKind.CODE_MAILED.value, student_id=cast.mia.id)
    assert mailed.count() == 1


def test_what_is_on_its_way_has_no_such_page(cast, as_, mail):
    otto = as_(cast.otto)
    post(otto, at(mail))

    assert otto.get(at(mail)).status_code == 303
