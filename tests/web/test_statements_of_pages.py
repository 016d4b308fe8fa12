"""What a page asks of the database is the same for one row and for thousands, on every page there is."""

import pytest
from flask import Flask

from portal.policy.permissions import Permission
from portal.worker import totals
from tests.browser.addresses import address_of, endpoints_looked_at
from tests.browser.pages import PAGES
from tests.statements import counted
from tests.web.growing import grow

#: As many statements at the most: those who are looked at all day, and the rest.
MOST = {
    "/students": 4,
    "/students/{mia}/portal-access": 4,
    "/portal-access": 4,
    "/network": 5,
    "/family": 2,
}
MOST_OTHERS = 9

#: What is sent as a file, by who may have it.
FILES = {
    "nora": ["/network.csv"],
    "hana": ["/settings/letter/en/proof.pdf"],
    "otto": ["/students/{mia}/login-instructions.pdf"],
}
FILE_ENDPOINTS = {"networks.download", "letters.preview", "codes.download_instructions"}

#: Sends a file as it lies on the disk; it needs one that the worker has made.
NOT_COUNTED = {"jobs.download"}


def _asked(browser, address: str) -> int:
    with counted() as statements:
        browser.get(address)
    return len(statements)


@pytest.mark.parametrize("who", sorted(PAGES.keys() - {"stranger"}))
def test_every_page_asks_the_same_however_many_rows(cast, as_, who):
    browser = as_(getattr(cast, who))
    addresses = {page: address_of(page, cast) for page in [*PAGES[who], *FILES.get(who, [])]}
    asked: dict[str, list[int]] = {page: [] for page in addresses}
    for rows in (1, 49, 1950):
        grow(cast, rows)
        totals.recount_changed()
        for page, address in addresses.items():
            browser.get(address)  # what is remembered for a minute, such as that one was here, is told now
            asked[page].append(_asked(browser, address))

    assert {page: counts for page, counts in asked.items() if len(set(counts)) > 1} == {}
    assert {page: counts for page, counts in asked.items() if counts[0] > _most(page)} == {}


def _most(page: str) -> int:
    return MOST.get(page.partition("?")[0], MOST_OTHERS)


def test_every_page_behind_the_door_is_counted(app: Flask, cast):
    guarded = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and isinstance(getattr(app.view_functions[rule.endpoint], "guard", None), Permission)
    }

    assert guarded - endpoints_looked_at(app, cast) - FILE_ENDPOINTS - NOT_COUNTED == set()
