"""Restricting a guardian in the browser: what staff do and see, what that guardian gets, what nobody else notices."""

import re

import pytest
from sqlalchemy import select

from portal import db
from portal.mail import messages
from portal.models import AccessCode, EventKind, Guardian, MessageKind, OutboxMessage, Restriction, School
from portal.models.guardians.list import guardians_of
from portal.models.guardians.restricting import CustodyOrder, restrict
from portal.text import access_code
from tests.browsing import IN_FORM, IN_PAGE, get, post
from tests.statements import counted
from tests.views import family_pages as families

NOBODY = "AAAAAAAAAAAAAAAAAAAAAA"
WHY = "The court decided on 3 November."


@pytest.fixture
def otto(cast, as_):
    return as_(cast.otto)


def at(student, further):
    return f"/students/{student.public_id}/restrictions/{further}"


def end_of(restriction):
    return f"/restrictions/{restriction.public_id}/end"


def tab(student):
    return f"/students/{student.public_id}/portal-access"


def pairing_of(student, guardian):
    return next(each.public_id for each in guardians_of(student).connected if each.email == guardian.email)


def restriction_of(student) -> Restriction | None:
    return db.session.scalars(select(Restriction).filter_by(student_id=student.id)).one_or_none()


def place(browser, student, guardian=None, **fields):
    person = pairing_of(student, guardian) if guardian else "else"
    filled = {"person": person, "reason": WHY, "first_day": "2020-01-01", "replaces_code": "y"}
    return post(browser, at(student, "new"), **filled | fields)


def test_the_page_offers_who_is_connected_and_says_what_will_happen(cast, otto):
    page = otto.get(at(cast.mia, "new")).text

    assert "Grace Tran · grace@example.com" in page
    assert "Other guardians keep access and see nothing of it." in page
    assert re.search(r'<input[^>]*checked[^>]*name="replaces_code"', page)


def test_who_was_clicked_is_chosen(cast, otto):
    page = otto.get(at(cast.mia, f"new?pairing={pairing_of(cast.mia, cast.grace)}")).text

    (chosen,) = re.findall(r'<input checked[^>]*name="person"[^>]*>', page)
    assert pairing_of(cast.mia, cast.grace) in chosen


def test_the_guardians_very_next_request_finds_a_student_who_never_existed(cast, otto, as_):
    grace = as_(cast.grace)
    assert grace.get(f"/family/students/{cast.mia.public_id}").status_code == 200
    code = cast.mia.code.public_id
    response = place(otto, cast.mia, cast.grace)

    assert (response.status_code, response.location) == (303, tab(cast.mia))
    assert cast.mia.code.public_id != code
    barred, nobody = (grace.get(f"/family/students/{name}") for name in (cast.mia.public_id, NOBODY))
    assert barred.status_code == nobody.status_code == 404
    assert bare(barred).replace(cast.mia.public_id, NOBODY) == bare(nobody)
    assert grace.get(f"/family/students/{cast.mia.public_id}/removal").status_code == 404
    assert "Mia" not in grace.get("/family").text


def test_the_other_parent_sees_nothing_of_it(cast, otto, as_):
    minh = as_(cast.minh)
    paths = ("/family", f"/family/students/{cast.mia.public_id}", "/family/account")
    before = [bare(minh.get(path)) for path in paths]
    place(otto, cast.mia, cast.grace)

    assert [bare(minh.get(path)) for path in paths] == before
    assert families.mails("login_instructions") == []


def test_staff_see_who_and_why_on_the_tab_and_on_the_revoke_page(cast, otto, as_):
    place(otto, cast.mia, cast.grace, document="Docket 26-114", last_day="2099-12-31")
    for browser in (otto, as_(cast.vera), as_(cast.carl)):
        page = browser.get(tab(cast.mia)).text
        assert "Restricted access" in page
        assert WHY in page
        assert "Docket 26-114" in page
        assert "until Dec 31, 2099" in page

    assert "End restriction" in otto.get(tab(cast.mia)).text
    assert "End restriction" not in as_(cast.vera).get(tab(cast.mia)).text
    revoking = otto.get(f"/pairings/{pairing_of(cast.mia, cast.grace)}/revocation").text
    assert WHY in revoking
    assert WHY not in otto.get(f"/pairings/{pairing_of(cast.mia, cast.minh)}/revocation").text


@pytest.mark.parametrize("presents", [families.enter, families.join])
def test_the_answer_to_a_restricted_code_is_the_one_for_every_other(cast, otto, client, as_, presents):
    """Byte for byte: for who is signed in, and for a stranger who signs up with that email."""
    place(otto, cast.mia, cast.grace, replaces_code="")
    place(otto, cast.mia, email="rolf@example.com", replaces_code="")
    code = cast.code_of(cast.mia)
    if presents is families.enter:
        other = access_code.draw()
        answers = [presents(as_(cast.grace), each) for each in (code, other)]
    else:
        answers = [sign_up_at_the_last_moment(client, code), sign_up_with_an_old_code(cast, client)]
        code, other = cast.code_of(cast.mia), cast.code_of(cast.noah)

    restricted, wrong = (mask(bare(answer)) for answer in answers)
    assert families.COMMON_ANSWER in restricted
    assert restricted == wrong
    assert answers[0].status_code == answers[1].status_code == 422
    assert families.events(EventKind.RESTRICTED_CODE_TRIED) == 1
    assert Guardian.with_email("rolf@example.com") is None


def sign_up_at_the_last_moment(client, code):
    families.enter(client, code)
    return families.sign_up(client, code, email="rolf@example.com")


def sign_up_with_an_old_code(cast, client):
    code = cast.code_of(cast.noah)
    families.enter(client, code)
    with db.writing():
        AccessCode.replace(cast.noah, by=cast.otto)
    return families.sign_up(client, code, email="rolf@example.com")


def test_a_code_that_is_on_the_screen_when_the_restriction_comes_pairs_nobody(cast, otto, as_):
    zoe = as_(cast.zoe)
    families.enter(zoe, cast.code_of(cast.noah))
    place(otto, cast.noah, email=cast.zoe.email, replaces_code="")
    response = post(zoe, "/join/student")

    assert response.status_code == 422
    assert families.COMMON_ANSWER in response.text
    assert cast.noah.live_pairings == []
    assert "Tried an access code once since." in otto.get(tab(cast.noah)).text


def test_ending_it_gives_access_back(cast, otto, as_):
    place(otto, cast.mia, cast.grace)
    end = end_of(restriction_of(cast.mia))
    assert "grace@example.com" in otto.get(end).text
    refused = post(otto, end, reason=" ")
    ended = post(otto, end, reason="The order was set aside.")

    assert refused.status_code == 422
    assert "Write why, for your colleagues." in refused.text
    assert ended.status_code == 303
    assert as_(cast.grace).get(f"/family/students/{cast.mia.public_id}").status_code == 200
    assert otto.get(end).status_code == 404
    page = otto.get(tab(cast.mia)).text
    assert "ended the restriction for Grace Tran" in page
    assert "restricted access for Grace Tran" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": "  "}, "Write why, for your colleagues."),
        ({"reason": "x" * 1001}, "at most 1,000 characters"),
        ({"document": "x" * 201}, "at most 200 characters"),
        ({"email": ""}, "Enter their email."),
        ({"email": "rolf at home"}, "looks mistyped"),
        ({"first_day": ""}, "Enter the first day."),
        ({"first_day": "soon"}, "Enter a date such as 2027-06-26."),
        ({"last_day": "9999-99-99"}, "Enter a date such as 2027-06-26."),
        ({"last_day": "2020-01-02"}, "The last day is over before the restriction begins."),
    ],
)
def test_what_is_missing_or_wrong_is_said(cast, otto, fields, sentence):
    response = place(otto, cast.noah, **{"email": "rolf@example.com"} | fields)

    assert response.status_code == 422
    assert sentence in response.text
    assert restriction_of(cast.noah) is restriction_of(cast.mia) is None


def test_the_same_person_twice_is_refused_in_words(cast, otto):
    place(otto, cast.noah, email="rolf@example.com")
    response = place(otto, cast.noah, email="Rolf@Example.com")

    assert response.status_code == 422
    assert "This person is restricted already. End that restriction first." in response.text


def test_a_foreign_pairing_refuses_the_whole_request(cast, otto):
    for foreign in (pairing_of(cast.tomas, cast.rosa), pairing_of(cast.ines, cast.rosa), NOBODY):
        assert place(otto, cast.mia, person=foreign).status_code == 404

    assert restriction_of(cast.noah) is restriction_of(cast.mia) is None


def test_login_instructions_to_them_are_refused_in_words(cast, otto):
    place(otto, cast.mia, cast.grace)
    mail = f"/students/{cast.mia.public_id}/login-instructions/mail"
    assert "Grace Tran ·" not in otto.get(mail).text
    response = post(otto, mail, email="Grace@example.com")

    assert response.status_code == 422
    assert "Access is restricted for Grace@example.com. The Portal Access tab says why." in response.text
    assert families.mails("login_instructions") == []


def test_mail_already_claimed_by_a_worker_is_not_sent(cast, otto):
    with db.writing():
        message = OutboxMessage.post(
            MessageKind.LOGIN_INSTRUCTIONS, to="grace@example.com", language="en", student_id=cast.mia.id
        )
    with db.writing():
        claimed = OutboxMessage.claim(message.id)
    place(otto, cast.mia, cast.grace)

    assert claimed is not None
    with pytest.raises(messages.Dropped, match="may not see the student"):
        messages.write(claimed)
    with db.writing():
        assert not claimed.hand_over()


def test_where_revoking_is_for_admins_so_is_restricting(cast, otto, as_):
    with db.writing():
        db.session.get_one(School, cast.lincoln.id).restricts_revoking = True

    assert otto.get(at(cast.mia, "new")).status_code == 403
    assert "Restrict access…" not in otto.get(tab(cast.mia)).text
    assert as_(cast.hana).get(at(cast.mia, "new")).status_code == 200


def test_placing_is_one_commit_and_few_statements(cast, otto):
    otto.get(at(cast.mia, "new"))
    person = pairing_of(cast.mia, cast.grace)
    with counted() as statements:
        place(otto, cast.mia, person=person)

    assert statements.commits == 1
    assert len(statements) <= 22, "\n".join(statements)


def test_the_tab_asks_as_often_with_restrictions(cast, otto):
    with counted() as without:
        otto.get(tab(cast.mia))
    with db.writing():
        for number in range(20):
            order = CustodyOrder(WHY, None, cast.mia.synced_at.date())
            restrict(cast.mia, f"rolf{number}@example.com", order, replaces_code=False, by=cast.otto)
    with counted() as with_many:
        otto.get(tab(cast.mia))

    assert len(with_many) == len(without)


def test_ending_in_the_dialog_renews_the_parts_of_the_tab(cast, otto):
    place(otto, cast.mia, cast.grace)
    end = end_of(restriction_of(cast.mia))
    assert "<html" not in get(otto, end, htmx=True).text
    parts = post(otto, end, htmx=True, reason="The order was set aside.").text

    assert 'id="guardians"' in parts
    assert 'id="history"' in parts
    assert "Restricted access" not in parts


def bare(response) -> str:
    """The page without what differs from request to request: the tokens."""
    return IN_PAGE.sub("", IN_FORM.sub("", response.text))


def mask(page: str) -> str:
    """Without the codes that were typed into it."""
    return re.sub(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", "CODE", page)
