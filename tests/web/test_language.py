"""Each request speaks its reader's language, and nothing of it is left for the next one."""

import re

import pytest

from portal.text.language import now

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def language_of(page: str) -> str:
    return re.search(r'<html lang="(\w+)"', page)[1]


@pytest.mark.parametrize(
    ("headers", "language"), [(SPANISH, "es"), ({}, "en"), ({"Accept-Language": "ar"}, "en")]
)
def test_a_stranger_is_answered_in_the_browsers_language(client, headers, language):
    assert language_of(client.get("/sign-in", headers=headers).text) == language


def test_after_a_request_the_language_is_english_again(client):
    assert language_of(client.get("/no-such-page", headers=SPANISH).text) == "es"

    assert now() == "en"
    assert language_of(client.get("/sign-in").text) == "en"


def test_the_sign_in_of_staff_is_in_english(client):
    assert language_of(client.get("/staff/sign-in", headers=SPANISH).text) == "en"
