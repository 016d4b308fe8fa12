"""Nothing secret or personal reaches the log, whoever writes to it."""

import json
import logging

import pytest
import structlog
from flask import Flask
from flask.logging import default_handler

from portal.text import access_code
from portal.web import logs

CODE = "K7QD9M2XHT4W"
TOKEN = "dDRoVeNQAf3ikG5-8OxZI8peCqXuOGUP0nLP5oSPjRqxc"
LINK = "eyJhY2NvdW50IjoiOXpVQmZfM1NnIiwiZXBvY2giOiIxMiJ9.awJy5Q.a7pMWXb4nP3y6PM_LuA7TYKfcg8"


@pytest.fixture
def configured() -> None:
    logs.init_app(Flask("portal"))


def is_code(text: str) -> bool:
    try:
        return bool(access_code.canonical(text))
    except access_code.Mistyped:
        return False


def redacted(**line: object) -> dict[str, object]:
    return dict(logs.redact(None, "info", line))


@pytest.mark.parametrize(
    "spelling",
    [
        CODE,
        CODE.lower(),
        access_code.pretty(CODE),
        "K7QD 9M2X HT4W",
        "k7qd.9m2x.ht4w",
        "K7QD–9M2X–HT4W",
        "K7QD - 9M2X - HT4W",
        "K7QD_9M2X_HT4W",
        f"/join#{CODE}",
        f"code={CODE}&x=1",
        f"join_{CODE}_x",
        f'"{CODE}"',
        "K7QD 9M2X HT44",  # one symbol off is nearly a code
    ],
)
def test_a_code_is_left_out_however_it_is_spelt(spelling: str):
    line = redacted(event=f"tried {spelling} just now")

    assert "[code]" in str(line["event"])
    assert "9M2X" not in str(line).upper()


@pytest.mark.parametrize(
    "secret", ["grace.sullivan+school@home.example", "o'brien@xn--bcher-kva.example", TOKEN, LINK]
)
def test_emails_and_tokens_are_left_out(secret: str):
    line = redacted(event=f"sent ({secret}) off", path=f"/password/reset/{secret}")

    assert secret not in str(line)
    assert "sent" in str(line["event"])


@pytest.mark.parametrize(
    "key", ["password", "new_password", "csrf_token", "token", "email", "code", "name", "client_secret"]
)
def test_what_is_secret_by_its_name_is_left_out(key: str):
    assert redacted(**{key: "x"}) == {key: "[left out]"}


def test_what_lies_deeper_is_looked_at_too():
    line = redacted(form={"password": "x", "note": [CODE, ("grace@home.example",)]}, error=ValueError(CODE))

    assert line == {"form": {"password": "[left out]", "note": ["[code]", ["[email]"]]}, "error": "[code]"}


@pytest.mark.parametrize(
    "plain",
    [
        "database unavailable",
        "codes.show",
        "OperationalError",
        "/students/W1CVblILFW8-zBAonXcQXg/portal-access",
        "GET /static/portal.1b2c3d4e.css 200",
        "2026-11-22T04:53:23.825431Z",
        'File "/data/site/portal/web/errors.py", line 7, in self.full_dispatch_request',
    ],
)
def test_what_says_nothing_about_anybody_stays(plain: str):
    assert redacted(event=plain) == {"event": plain}


def test_numbers_stay_numbers():
    assert redacted(status=404, done=True, seconds=0.5, by=None) == {
        "status": 404, "done": True, "seconds": 0.5, "by": None,
    }  # fmt: skip


def test_our_own_lines_are_redacted_json(configured: None, capsys: pytest.CaptureFixture[str]):
    structlog.get_logger("portal.test").info("code shown", student=7, to="grace@home.example")

    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["student"], line["to"]) == ("code shown", 7, "[email]")
    assert {"level", "timestamp"} <= set(line)


def test_the_lines_of_libraries_are_redacted_json(configured: None, capsys: pytest.CaptureFixture[str]):
    logging.getLogger("some.library").warning("refused by %s for %s", "mail.example", "grace@home.example")

    assert json.loads(capsys.readouterr().err)["event"] == "refused by mail.example for [email]"


def test_a_traceback_is_redacted(configured: None, capsys: pytest.CaptureFixture[str]):
    try:
        raise ValueError(f"{CODE} of grace@home.example")
    except ValueError:
        logging.getLogger("portal").exception("Exception on /password/reset/%s", LINK)

    said = capsys.readouterr().err
    line = json.loads(said)
    assert "ValueError: [code] of [email]" in line["exception"]
    assert line["event"] == "Exception on /password/reset/[token]"


def test_starting_twice_does_not_say_everything_twice(configured: None):
    logs.init_app(Flask("portal"))

    assert logging.getLogger().handlers.count(default_handler) == 1
