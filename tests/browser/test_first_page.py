"""What a guardian's phone has to load, on its first day and on a slow connection."""

import pytest

pytestmark = pytest.mark.browser

#: Bytes, with headers: the page, its style sheet, script, fonts and icons.
FIRST_PAGE = 45_000


@pytest.mark.parametrize("path", ["/join", "/sign-in"])
def test_the_first_page_of_a_guardian_is_light(visitor, path):
    page = visitor()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes: list[int] = []
    devtools.on("Network.loadingFinished", lambda loaded: sizes.append(loaded["encodedDataLength"]))

    page.goto(path, wait_until="networkidle")

    assert len(sizes) >= 5
    assert sum(sizes) <= FIRST_PAGE
