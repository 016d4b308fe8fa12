import pytest

from tests.browsing import post


def test_a_stranger_chooses_a_language_for_the_browser(client, cast):
    response = post(client, "/language?next=/join", language="es")

    assert response.location == "/join"
    assert '<html lang="es"' in client.get("/join").text


def test_a_guardian_chooses_for_the_account(client, cast, as_):
    post(as_(cast.grace), "/language?next=/family/account", language="es")

    assert cast.grace.language == "es"
    assert '<html lang="es"' in as_(cast.grace).get("/family").text


@pytest.mark.parametrize("language", ["", "xx", "es; DROP"])
def test_a_language_that_we_do_not_speak_is_not_chosen(client, cast, language):
    response = post(client, "/language", language=language)

    assert response.location == "/"
    assert '<html lang="en"' in client.get("/join").text


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_choosing_leads_to_no_other_site(client, cast, page):
    assert post(client, f"/language?next={page}", language="es").location == "/"


def test_the_choice_keeps_the_rest_of_the_address(client, cast):
    page = client.get("/sign-in?next=/family/account").text

    assert 'action="/language?next=/sign-in?next%3D/family/account"' in page


def test_pages_of_staff_offer_no_choice(client, cast):
    assert "Español" not in client.get("/staff/sign-in").text
