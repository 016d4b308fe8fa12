"""The board at the top of the page, and as a page of its own."""

import re

from tests import rows
from tests.browsing import get
from tests.statements import counted


def test_each_bar_leads_to_the_list_behind_it_with_everybody_ticked(cast, as_):
    otto = as_(cast.otto)
    board = otto.get("/portal-access/coverage").text
    link = re.search(r'href="([^"]*homeroom=2A[^"]*status=waiting[^"]*)"', board)[1].replace("&amp;", "&")
    there = otto.get(link).text

    assert "Remind 1" in board
    assert "The 1 that matches" in there
    assert re.search(r'name="all" value="1" checked', there)
    assert "Noah" in there


def test_the_page_brings_the_board_along(cast, as_):
    otto = as_(cast.otto)
    address = f"/portal-access/coverage?school={cast.lincoln.public_id}"
    part = get(otto, address, htmx=True).text

    assert f'hx-get="{address}" hx-trigger="load"' in otto.get("/portal-access").text
    assert part.strip().startswith('<section id="coverage"')
    assert "3 of 5 students have a code that works" in part
    assert "<html" not in part


def test_languages_are_called_by_their_names(cast, as_):
    board = as_(cast.otto).get("/portal-access/coverage").text

    assert all(name in board for name in ("Spanish", "Vietnamese", "Polish"))


def test_a_list_of_one_language_says_so(cast, as_):
    page = as_(cast.otto).get("/portal-access?language=es").text

    assert "Home language: Spanish" in page
    assert "Show every language" in page
    assert '<input type="hidden" name="language" value="es">' in page, "it is part of what is chosen"


def test_an_empty_school_says_so(app, as_):
    board = as_(rows.staff(rows.school())).get("/portal-access/coverage").text

    assert "No students yet" in board


def test_the_board_asks_few_questions(cast, as_):
    otto = as_(cast.otto)

    with counted() as statements:
        otto.get("/portal-access/coverage")

    assert len(statements) <= 5
