"""Settings > Letter in the browser: a school writes its letter, and gives ours back; with JavaScript and without."""

import pytest
from playwright.sync_api import expect

from portal.demo import Cast
from tests.browser import acts

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_a_school_writes_its_letter_and_restores_the_original(visitor, cast: Cast, scripted):
    hana = acts.sign_in(visitor(java_script_enabled=scripted), cast, cast.hana)
    hana.goto("/settings/letter")
    hana.get_by_role("link", name="Edit the letter in English").click()
    hana.get_by_label("Opening").fill("<p>Dear {nobody}</p>")
    hana.get_by_role("button", name="Save").click()
    expect(hana.get_by_role("alert")).to_contain_text("{nobody} is no placeholder")

    hana.get_by_label("Opening").fill("<p>Welcome to Lincoln!</p>")
    hana.get_by_role("button", name="Save").click()
    expect(hana.get_by_text("Your own")).to_be_visible()
    expect(hana.get_by_text("Hana Novák changed the letter in English")).to_be_visible()

    hana.get_by_role("link", name="Edit the letter in English").click()
    hana.get_by_role("link", name="Restore the original").click()
    hana.get_by_role("button", name="Restore the original").click()
    expect(hana.get_by_text("Hana Novák restored the original letter in English")).to_be_visible()


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_what_stands_against_a_preview_is_said_where_the_page_would_be(visitor, cast: Cast, scripted):
    hana = acts.sign_in(visitor(java_script_enabled=scripted), cast, cast.hana)
    hana.goto("/settings/letter/en")
    hana.get_by_label("Opening").fill("<table>")

    hana.get_by_role("button", name="Show the page").click()

    expect(hana.frame_locator("iframe").get_by_text("<table> cannot stand in a letter")).to_be_visible()
    expect(hana.get_by_label("Opening")).to_have_value("<table>")
