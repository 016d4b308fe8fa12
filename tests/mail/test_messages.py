"""What mails say, and what they never say."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from portal import clock, db
from portal.config import Settings
from portal.crypto import signed_links
from portal.demo import Cast
from portal.mail import messages
from portal.mail.messages import Dropped
from portal.models import AccessCode, MessageKind, OutboxMessage
from portal.text import access_code
from portal.text.language import LANGUAGES

Post = Callable[..., OutboxMessage]


def both_bodies(mail: EmailMessage) -> list[str]:
    return [mail.get_body((kind,)).get_content() for kind in ("plain", "html")]


def link_in(mail: EmailMessage) -> str:
    text = mail.get_body(("plain",)).get_content()
    return next(line.strip() for line in text.splitlines() if line.strip().startswith("http"))


def instructions(posted: Post, cast: Cast, **fields: object) -> OutboxMessage:
    return posted(MessageKind.LOGIN_INSTRUCTIONS, student_id=cast.mia.id, **fields)


def test_login_instructions_carry_the_code_and_its_link(posted: Post, cast: Cast, settings: Settings):
    code = cast.mia.code.text

    mail = messages.write(instructions(posted, cast))

    for body in both_bodies(mail):
        assert access_code.pretty(code) in body
        assert f"{settings.address}/join#{code}" in body
        assert "Student Access Code" in body
        assert f"{cast.mia.given_name[0]}.)" in body


@pytest.mark.parametrize("language", LANGUAGES)
def test_login_instructions_never_name_the_child_with_the_code(posted: Post, cast: Cast, language: str):
    mail = messages.write(instructions(posted, cast, language=language))

    everything = " ".join([mail["Subject"], mail["To"], *both_bodies(mail)])
    assert cast.mia.given_name not in everything
    assert cast.mia.family_name not in everything


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_header_holds_the_code(posted: Post, cast: Cast, language: str):
    code = cast.mia.code.text

    mail = messages.write(instructions(posted, cast, language=language))

    headers = "".join(str(value) for value in mail.values()).replace("-", "")
    assert code not in headers


def test_the_code_is_the_one_of_the_moment_of_sending(posted: Post, cast: Cast):
    message = instructions(posted, cast)
    old = cast.mia.code.text
    with db.writing():
        AccessCode.replace(cast.mia, by=cast.otto)

    body = both_bodies(messages.write(message))[0]

    assert access_code.pretty(cast.mia.code.text) in body
    assert access_code.pretty(old) not in body


def test_without_a_live_code_nothing_is_sent(posted: Post, cast: Cast):
    message = instructions(posted, cast)
    with db.writing():
        cast.mia.code.close(by=cast.otto)

    with pytest.raises(Dropped, match="no working access code"):
        messages.write(message)


def test_an_expired_code_is_not_sent(posted: Post, cast: Cast):
    message = instructions(posted, cast)

    with (
        time_machine.travel(cast.mia.code.expires_at + timedelta(seconds=1), tick=False),
        pytest.raises(Dropped),
    ):
        messages.write(message)


def test_mails_speak_the_language_of_their_reader(posted: Post, cast: Cast):
    english = messages.write(instructions(posted, cast, language="vi"))
    spanish = messages.write(instructions(posted, cast, language="es-MX"))

    assert (english["Content-Language"], spanish["Content-Language"]) == ("en", "es")
    assert '<html lang="es">' in both_bodies(spanish)[1]


@pytest.mark.parametrize(
    ("kind", "purpose", "path"),
    [
        (MessageKind.PASSWORD_RESET, signed_links.PASSWORD_RESET, "/password/reset/"),
        (MessageKind.INVITATION, signed_links.INVITATION, "/password/reset/"),
    ],
)
def test_a_password_link_is_for_this_account_and_this_password(
    posted: Post, cast: Cast, settings: Settings, kind: MessageKind, purpose: str, path: str
):
    link = link_in(messages.write(posted(kind, account_id=cast.grace.id)))

    assert link.startswith(settings.address + path)
    claims = signed_links.read(purpose, link.removeprefix(settings.address + path))
    assert claims == {"account": cast.grace.public_id, "epoch": cast.grace.password_epoch}


@pytest.mark.parametrize(
    ("words", "email"), [({"email": "new@example.com"}, "new@example.com"), (None, None)]
)
def test_an_email_check_is_for_the_new_address_if_there_is_one(
    posted: Post, cast: Cast, words: dict[str, str] | None, email: str | None
):
    message = posted(MessageKind.EMAIL_CHECK, account_id=cast.grace.id, words=words)

    link = link_in(messages.write(message))

    claims = signed_links.read(signed_links.EMAIL_CHECK, link.rpartition("/")[2])
    assert claims == {"account": cast.grace.public_id, "email": email or cast.grace.email}


def test_a_sign_up_check_proves_the_address_it_went_to(posted: Post):
    link = urlsplit(link_in(messages.write(posted(MessageKind.SIGN_UP_CHECK, to="new@example.com"))))

    (proof,) = parse_qs(link.query)["proof"]
    assert link.path == "/join/account"
    assert signed_links.read(signed_links.SIGN_UP_CHECK, proof) == {"email": "new@example.com"}


def test_a_closed_account_gets_no_link(posted: Post, cast: Cast):
    message = posted(MessageKind.PASSWORD_RESET, account_id=cast.grace.id)
    with db.writing():
        cast.grace.closed_at = clock.now()

    with pytest.raises(Dropped, match="closed"):
        messages.write(message)


@pytest.mark.parametrize("kind", [MessageKind.PASSWORD_RESET, MessageKind.INVITATION])
def test_a_password_link_never_goes_to_an_address_that_was_given_up(
    posted: Post, cast: Cast, kind: MessageKind
):
    message = posted(kind, account_id=cast.grace.id)
    with db.writing():
        cast.grace.email = "new@example.com"

    with pytest.raises(Dropped, match="another email"):
        messages.write(message)


@pytest.mark.parametrize("kind", MessageKind)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_kind_can_be_written(posted: Post, cast: Cast, kind: MessageKind, language: str):
    words = {"name": "Otto Brandt", "email": "otto@example.org", "count": "201"}
    message = posted(kind, account_id=cast.grace.id, student_id=cast.mia.id, language=language, words=words)

    mail = messages.write(message)

    assert all(len(body) > 200 for body in both_bodies(mail))
    assert mail["Subject"]


def test_a_school_with_a_wicked_name_stays_text(posted: Post, cast: Cast):
    with db.writing():
        cast.lincoln.name = "<b>Lincoln</b>\r\nBcc: eve@example.com {{ 7 * 7 }}"

    mail = messages.write(instructions(posted, cast))

    assert mail["Bcc"] is None
    assert "<b>Lincoln" not in both_bodies(mail)[1]
    assert "{{ 7 * 7 }}" in both_bodies(mail)[0]
