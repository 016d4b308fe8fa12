"""From the button to the letter, to the family, and back again; with JavaScript and without."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from tests.browser import acts, qr
from tests.browser.eyes import DESK, PHONE

pytestmark = pytest.mark.browser

GUARDIAN = "carmen.ortiz@example.com"


@pytest.mark.parametrize("scripted", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_code_on_a_letter_becomes_a_guardian_who_sees_their_child(
    visitor, cast, server, tmp_path, viewport, scripted
):
    otto, carmen = (visitor(viewport=viewport, java_script_enabled=scripted) for _person in range(2))
    acts.open_tab(acts.sign_in(otto, cast, cast.otto), cast.lucia)
    code = hand_out_letter(enable(otto), server.base_url, tmp_path)

    scan(carmen, f"{server.base_url}/join#{plain(code)}", code, scripted=scripted)
    expect(carmen.get_by_text("L. F.")).to_be_visible()
    expect(carmen.get_by_text("Lucía")).to_have_count(0)
    acts.say_yes(carmen)
    acts.sign_up(carmen, GUARDIAN, "Carmen", "Ortiz")
    see_child(carmen)
    carmen.goto("/family")
    revoke(otto, cast)
    see_child_no_more(carmen)

    new_code = acts.read_code(acts.view_instructions(acts.open_tab(otto, cast.lucia)))
    pair_again(carmen, old_code=code, new_code=new_code)
    assert not any(server.was_sent(plain(each)) for each in (code, new_code))


def enable(otto: Page) -> Locator:
    expect(otto.get_by_role("link", name="View Login Instructions")).to_have_count(0)
    otto.get_by_role("button", name="Enable Parent/Guardian Login").click()
    instructions = otto.locator("#instructions")
    expect(instructions).to_be_visible()
    return instructions


def hand_out_letter(instructions: Locator, base_url: str, folder: Path) -> str:
    """The code that is on the page, in its QR code and on the letter."""
    code = acts.read_code(instructions)
    assert qr.opens(instructions.get_by_role("img", name="QR code"), f"{base_url}/join#{plain(code)}")
    [page] = PdfReader(acts.download_letter(instructions, folder)).pages
    letter = " ".join(page.extract_text().split())
    assert code in letter
    assert "Lucía Fernández Ortiz" in letter
    return code


def plain(code: str) -> str:
    return code.replace("-", "")


def scan(carmen: Page, address: str, code: str, *, scripted: bool) -> None:
    """The phone opens the address; without JavaScript the code in it stays unread and is typed."""
    carmen.goto(address)
    if not scripted:
        acts.enter_code(carmen, code)
    expect(carmen).to_have_url(address.partition("#")[0] + "/student")


def see_child(carmen: Page) -> None:
    expect(carmen.get_by_role("heading", name="Your children")).to_be_visible()
    carmen.get_by_role("link", name="Lucía Fernández Ortiz").click()
    expect(carmen.get_by_role("heading", level=1, name="Lucía Fernández Ortiz")).to_be_visible()
    expect(carmen.get_by_text("Lincoln Elementary").first).to_be_visible()


def see_child_no_more(carmen: Page) -> None:
    """The very next click."""
    carmen.get_by_role("link", name="Lucía Fernández Ortiz").click()
    expect(carmen.get_by_role("heading", name="Nothing here")).to_be_visible()
    expect(carmen.get_by_text("Lucía")).to_have_count(0)


def revoke(otto: Page, cast) -> None:
    acts.open_tab(otto, cast.lucia)
    expect(otto.locator("#guardians").get_by_text(GUARDIAN)).to_be_visible()
    otto.get_by_role("link", name="Manage Access of Carmen Ortiz").click()
    expect(otto.get_by_role("heading", name="Revoke access for Carmen Ortiz")).to_be_visible()
    acts.choose(otto, "Letter lost or shared")
    otto.get_by_role("button", name="Revoke Access").click()
    expect(otto.locator("#guardians").get_by_text("Nobody is connected yet")).to_be_visible()
    expect(otto.get_by_text("Give it to anyone who has yet to pair.").first).to_be_visible()


def pair_again(carmen: Page, *, old_code: str, new_code: str) -> None:
    carmen.goto("/family")
    expect(carmen.get_by_text("No student is connected to your account")).to_be_visible()
    carmen.get_by_role("link", name="Add a Student").click()
    acts.enter_code(carmen, old_code)
    expect(carmen.get_by_role("alert")).to_contain_text("This code can't be used.")
    acts.enter_code(carmen, new_code)
    acts.say_yes(carmen)
    expect(carmen.get_by_role("link", name="Lucía Fernández Ortiz")).to_be_visible()
