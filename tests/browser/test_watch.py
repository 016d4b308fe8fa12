"""That the other tests here would notice."""

import pytest

pytestmark = pytest.mark.browser


def test_errors_broken_policies_and_requests_to_strangers_are_noticed(visitor, watch):
    page = visitor()
    page.goto("/join")
    page.evaluate("console.error('of our own making')")
    page.evaluate("document.body.setAttribute('onclick', 'go()')")
    page.evaluate("document.body.append(Object.assign(new Image(), { src: 'http://elsewhere.example/' }))")
    with page.expect_event("pageerror"):
        page.evaluate("setTimeout(() => { throw new Error('thrown') })")

    noticed = "\n".join(watch.complaints)
    watch.complaints.clear()

    assert "of our own making" in noticed
    assert "script-src" in noticed
    assert "img-src" in noticed
    assert "asked elsewhere.example" in noticed
    assert "thrown" in noticed


def test_a_code_in_an_address_is_noticed(visitor, cast, server):
    code = cast.code_of(cast.noah)
    page = visitor()
    page.goto(f"/no-such-page?code={code[:4].lower()}-{code[4:]}")

    assert server.was_sent(code)
    server.addresses.clear()
