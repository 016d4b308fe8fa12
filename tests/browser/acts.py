"""What people do in a browser, in their words."""

from pathlib import Path

import pyotp
from playwright.sync_api import Locator, Page, expect

from portal.demo import Cast
from portal.models import Account, Student

PASSWORD = "four otters paddle upstream"


def sign_in(page: Page, cast: Cast, account: Account) -> Page:
    """By the form, with the password of the cast."""
    page.goto("/staff/sign-in" if account.is_staff else "/sign-in")
    fill_in(page, account.email, cast.password_of(account))
    expect(page.get_by_text(account.name).first).to_be_attached()
    return page


def fill_in(page: Page, email: str, password: str) -> None:
    """Send the sign-in form."""
    page.get_by_label("Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def digits_for(page: Page) -> str:
    """What an authenticator app shows that was given the key on this page."""
    secret = page.locator("main details code").text_content() or ""
    return pyotp.TOTP(secret.replace(" ", "")).now()


def open_tab(page: Page, student: Student) -> Page:
    """The tab Portal Access of that student."""
    page.goto(f"/students/{student.public_id}/portal-access")
    return page


def view_instructions(page: Page) -> Locator:
    """The login instructions, in a dialog or on their own page."""
    page.get_by_role("link", name="View Login Instructions").click()
    instructions = page.locator("#instructions")
    expect(instructions).to_be_visible()
    return instructions


def read_code(instructions: Locator) -> str:
    """The code as it is shown: K7QD-9M2X-HT4W."""
    code = instructions.locator("#student-code")
    expect(code).to_be_visible()
    return "-".join(code.locator("span").all_inner_texts())


def download_letter(instructions: Locator, folder: Path) -> Path:
    with instructions.page.expect_download() as download:
        instructions.get_by_role("link", name="Download Login Instructions").click()
    letter = folder / download.value.suggested_filename
    download.value.save_as(letter)
    return letter


def enter_code(page: Page, code: str) -> None:
    """Type it where the page asks for it."""
    page.get_by_label("Student Access Code").fill(code)
    page.get_by_role("button", name="Continue").click()


def say_yes(page: Page) -> None:
    expect(page.get_by_role("heading", name="Is this your child?")).to_be_visible()
    page.get_by_role("button", name="Yes, continue").click()


def sign_up(page: Page, email: str, given_name: str, family_name: str) -> None:
    page.get_by_label("Your email").fill(email)
    page.get_by_label("First name").fill(given_name)
    page.get_by_label("Last name").fill(family_name)
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Create Account").click()


def choose(page: Page, box: str) -> None:
    """Tick a box or a dial by its label."""
    page.get_by_label(box, exact=True).check()
