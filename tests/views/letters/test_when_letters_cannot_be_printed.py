"""What somebody sees when too many letters are being printed, or the printing is ended by force."""

import os
import signal
from contextlib import ExitStack
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import db
from portal.documents.printing import orders, process
from portal.documents.printing.kinds import LETTERS, PREVIEWS
from portal.documents.sample import EDITABLE
from portal.models import Event, EventKind, LetterWording
from portal.web.errors import REFUSED
from tests.browsing import post
from tests.documents.printing.forking import forked_printing

WORDS = "/settings/letter/en"


@pytest.fixture
def busy():
    """As many letters and previews are asked for as may be made and wait, once those of other tests have ended."""
    with ExitStack() as prints:
        for kind in (LETTERS, PREVIEWS):
            for _ in range(kind.at_once):
                prints.enter_context(orders.CHANNEL.turn(kind))
            for _ in range(kind.waiting):
                prints.enter_context(orders.CHANNEL._connect(kind))
        yield


def letter_of(student) -> str:
    return f"/students/{student.public_id}/login-instructions.pdf"


def printed() -> int:
    return db.session.scalar(select(func.count(Event.id)).filter_by(kind=EventKind.LETTER_PRINTED.value))


def assert_too_busy(answer: Any) -> None:
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many letters are being made at the moment" in answer.text


def test_too_many_letters_at_once_are_refused_in_words(cast, as_, busy):
    assert_too_busy(as_(cast.otto).get(letter_of(cast.mia)))

    assert printed() == 0


def test_too_many_previews_at_once_are_refused_in_the_frame(cast, as_, busy):
    answer = as_(cast.hana).get(f"{WORDS}/proof.pdf")

    assert_too_busy(answer)
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_what_the_server_refuses_is_shown_in_the_frame_too(cast, as_):
    answer = as_(cast.hana).get(f"{WORDS}/proof.pdf", environ_overrides={REFUSED: 503})

    assert answer.status_code == 503
    assert "Please wait a moment and try again" in answer.text
    assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]


def test_what_was_typed_is_kept_while_it_cannot_be_laid_out(cast, as_, busy):
    typed = dict.fromkeys(EDITABLE, "") | {"lead": "<p>Welcome to Lincoln</p>"}

    answer = post(as_(cast.hana), WORDS, **typed)

    assert_too_busy(answer)
    assert "Welcome to Lincoln" in answer.text
    assert LetterWording.current(cast.lincoln, "en") is None


def test_a_letter_whose_printing_is_killed_is_not_recorded_and_the_next_one_is_made(cast, as_, monkeypatch):
    otto = as_(cast.otto)
    monkeypatch.setattr(process.child, "serve", lambda *_: os.kill(os.getpid(), signal.SIGKILL))

    with forked_printing(monkeypatch):
        answer = otto.get(letter_of(cast.mia))
        preview = as_(cast.hana).get(f"{WORDS}/proof.pdf")

    assert answer.status_code == 409
    assert "The letter could not be made. Please try again" in answer.text
    assert "takes too much memory or time" in preview.text
    assert printed() == 0
    assert otto.get(letter_of(cast.mia)).status_code == 200
    assert printed() == 1
