"""View, download and email Login Instructions; reset the code they hold."""

import io
import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import func, select

from portal import clock, db
from portal.models import AccessCode, Contact, Event, EventKind, OutboxMessage
from portal.text.access_code import pretty
from tests.browsing import get, post


def at(student, page: str = "login-instructions") -> str:
    return f"/students/{student.public_id}/{page}"


def last_event(student) -> tuple[str, int | None]:
    newest = select(Event.kind, Event.account_id).filter_by(student_id=student.id).order_by(Event.id.desc())
    return tuple(db.session.execute(newest.limit(1)).one())


def contact_of(student, given_name: str) -> str:
    found = select(Contact.public_id).filter_by(student_id=student.id, given_name=given_name)
    return db.session.scalars(found).one()


def mails() -> list[tuple[str, str]]:
    return [
        (mail.to_address, mail.language)
        for mail in db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        if mail.kind == "login_instructions"
    ]


def test_the_window_shows_the_code_and_how_to_use_it(cast, as_):
    response = as_(cast.otto).get(at(cast.mia))

    assert f'data-copy-text="{pretty(cast.code_of(cast.mia))}"' in response.text
    assert "localhost/join" in response.text
    assert response.headers["Cache-Control"] == "no-store"
    assert last_event(cast.mia) == (EventKind.CODE_SHOWN.value, cast.otto.id)


def test_copying_the_code_is_recorded(cast, as_):
    browser = as_(cast.otto)
    told = re.search(r'data-copy="#student-code"[^>]* hx-post="([^"]+)"', browser.get(at(cast.mia)).text)[1]

    assert post(browser, told, htmx=True).status_code == 204
    assert last_event(cast.mia) == (EventKind.CODE_COPIED.value, cast.otto.id)


def test_the_code_is_in_no_address_and_no_title(cast, as_):
    code = cast.code_of(cast.mia)
    page = as_(cast.otto).get(at(cast.mia)).text

    addresses = re.findall(r'(?:href|action|hx-get|hx-post)="([^"]*)"', page)
    title = re.search(r"<title>(.*?)</title>", page)[1]
    assert not [text for text in [*addresses, title] if code in unquote(text).replace("-", "")]


def test_the_window_is_the_same_page_for_htmx(cast, as_):
    part = get(as_(cast.otto), at(cast.mia), htmx=True).text

    assert part.strip().startswith('<section class="sheet" id="instructions"')
    assert "<html" not in part


@pytest.mark.parametrize("page", ["login-instructions", "login-instructions.pdf", "access-code/reset"])
@pytest.mark.parametrize("who", ["lucia", "emil", "leo"])
def test_without_a_live_code_there_is_only_the_tab(cast, as_, who, page):
    student = getattr(cast, who)

    assert as_(cast.otto).get(at(student, page)).location == at(student, "portal-access")


def test_the_letter_is_a_download_whose_name_holds_no_code(cast, as_):
    response = as_(cast.otto).get(at(cast.mia, "login-instructions.pdf"))

    assert response.mimetype == "application/pdf"
    assert response.data.startswith(b"%PDF")
    assert response.headers["Content-Disposition"] == 'attachment; filename="login-instructions-mia-tran.pdf"'
    assert response.headers["Cache-Control"] == "no-store"
    assert last_event(cast.mia) == (EventKind.LETTER_PRINTED.value, cast.otto.id)


def test_the_letter_speaks_the_language_that_was_chosen(cast, as_):
    browser = as_(cast.otto)

    english, spanish, nonsense = (
        browser.get(at(cast.ines, "login-instructions.pdf") + query).data
        for query in ("?language=en", "?language=es", "?language=xx")
    )

    assert english != spanish == nonsense


def test_a_letter_in_spanish_names_the_grade_in_spanish(cast, as_):
    pdf = as_(cast.otto).get(at(cast.mia, "login-instructions.pdf?language=es")).data
    words = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()

    assert "Grado 2" in words
    assert "Grade" not in words


def test_mail_to_a_contact_goes_in_the_contacts_language(cast, as_):
    contact = contact_of(cast.ines, "Rosa")

    response = post(as_(cast.otto), at(cast.ines, "login-instructions/mail"), contact=contact)

    assert response.location == at(cast.ines, "portal-access")
    assert mails() == [("rosa@example.com", "es")]
    assert last_event(cast.ines) == (EventKind.CODE_MAILED.value, cast.otto.id)


def test_mail_to_a_typed_address(cast, as_):
    browser = as_(cast.otto)

    response = post(browser, at(cast.mia, "login-instructions/mail"), email="aunt@example.com", htmx=True)

    assert "On its way" in response.text
    assert mails() == [("aunt@example.com", "en")]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choose a contact or type an address."),
        ({"email": "not an address"}, "Enter an email address such as"),
        ({"email": "two@example.com, three@example.com"}, "Enter an email address such as"),
        ({"contact": "AAAAAAAAAAAAAAAAAAAAAA"}, "This contact is no longer on file."),
    ],
)
def test_mail_to_nobody_is_refused(cast, as_, fields, sentence):
    response = post(as_(cast.otto), at(cast.mia, "login-instructions/mail"), **fields)

    assert response.status_code == 422
    assert sentence in response.text
    assert mails() == []


def test_a_contact_of_another_student_is_not_on_file(cast, as_):
    foreign = contact_of(cast.noah, "Naomi")

    response = post(as_(cast.otto), at(cast.mia, "login-instructions/mail"), contact=foreign)

    assert response.status_code == 422
    assert mails() == []


def test_the_form_that_mails_a_code_does_not_show_it(cast, as_):
    otto, mail = as_(cast.otto), at(cast.mia, "login-instructions/mail")

    for page in (otto.get(mail).text, post(otto, mail).text, get(otto, mail, htmx=True).text):
        assert pretty(cast.code_of(cast.mia)).replace("-", "</span> <span>") not in page
        assert "student-code" not in page
    assert last_event(cast.mia) == (EventKind.PORTAL_ACCESS_VIEWED.value, cast.otto.id)
    assert re.search(r"<select [^>]*autofocus", otto.get(mail).text)
    assert "autofocus" not in post(otto, mail).text


def test_a_second_press_sends_no_second_mail(cast, as_):
    browser, address = as_(cast.otto), at(cast.mia, "login-instructions/mail")
    post(browser, address, email="aunt@example.com")

    again = browser.get(post(browser, address, email="aunt@example.com").location)

    assert "already on their way to aunt@example.com" in again.text
    assert len(mails()) == 1
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        post(browser, address, email="aunt@example.com")
    assert len(mails()) == 2


def test_the_tab_tells_what_became_of_the_mails(cast, as_):
    browser = as_(cast.otto)
    for to in ("waits", "sent", "failed"):
        post(browser, at(cast.mia, "login-instructions/mail"), email=f"{to}@example.com")
    with db.writing():
        _waits, sent, failed = db.session.scalars(select(OutboxMessage).order_by(OutboxMessage.id))
        sent.sent_at = clock.now()
        failed.failed_at, failed.failure = clock.now(), "The mailbox does not exist."

    page = browser.get(at(cast.mia, "portal-access")).text

    assert all(words in page for words in ("On its way", "Sent ", "Failed", "The mailbox does not exist."))


def test_resetting_says_exactly_what_will_happen(cast, as_):
    page = as_(cast.otto).get(at(cast.mia, "access-code/reset")).text

    assert "The code on letters already sent stops working now." in page
    assert "Families who are already connected keep access." in page


def test_resetting_makes_a_new_code_and_leaves_pairings(cast, as_):
    before, seen = cast.code_of(cast.mia), cast.mia.code.public_id

    response = post(as_(cast.otto), at(cast.mia, "access-code/reset"), seen=seen, htmx=True)

    assert response.text.startswith('<div id="code">')
    assert cast.code_of(cast.mia) != before
    assert len(cast.mia.live_pairings) == 2


def test_a_stale_form_resets_nothing(cast, as_):
    stale = cast.mia.code.public_id
    with db.writing():
        AccessCode.replace(cast.mia, by=cast.hana)
    fresh = cast.code_of(cast.mia)

    response = post(as_(cast.otto), at(cast.mia, "access-code/reset"), seen=stale)

    assert response.status_code == 422
    assert "Somebody made a new access code in the meantime." in response.text
    assert cast.code_of(cast.mia) == fresh


@pytest.mark.parametrize("fields", [{}, {"seen": ""}])
def test_a_form_that_does_not_say_which_code_resets_nothing(cast, as_, fields):
    before = cast.code_of(cast.mia)

    assert post(as_(cast.otto), at(cast.mia, "access-code/reset"), **fields).status_code == 422
    assert cast.code_of(cast.mia) == before


def test_a_double_click_resets_once(cast, as_):
    browser, seen = as_(cast.otto), cast.mia.code.public_id
    address = at(cast.mia, "access-code/reset")

    post(browser, address, seen=seen)
    post(browser, address, seen=seen)

    assert db.session.scalar(select(func.count()).where(AccessCode.student_id == cast.mia.id)) == 2


def test_looking_at_the_reset_changes_nothing(cast, as_):
    before = cast.code_of(cast.mia)

    as_(cast.otto).get(at(cast.mia, "access-code/reset"))

    assert cast.code_of(cast.mia) == before


def test_a_contact_whose_address_no_mail_reaches_is_no_error(cast, as_):
    with db.writing():
        db.session.add(Contact(student_id=cast.mia.id, given_name="Odd", email="odd@school.local"))

    answer = post(
        as_(cast.otto),
        f"/students/{cast.mia.public_id}/login-instructions/mail",
        contact=contact_of(cast.mia, "Odd"),
    )

    assert answer.status_code == 303
