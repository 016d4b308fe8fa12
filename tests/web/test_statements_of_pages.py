"""What a page asks of the database is the same for one row and for thousands, on every page there is."""

import pytest

from portal.worker import totals
from tests.browser.addresses import address_of
from tests.browser.pages import PAGES
from tests.statements import counted
from tests.web.growing import grow

#: As many statements at the most: those who are looked at all day, and the rest.
MOST = {
    "/students": 5,
    "/students/{mia}/portal-access": 6,
    "/portal-access": 5,
    "/network": 5,
    "/family": 5,
}


def _asked(browser, address: str) -> int:
    with counted() as statements:
        browser.get(address)
    return len(statements)


@pytest.mark.parametrize("who", sorted(PAGES.keys() - {"stranger"}))
def test_every_page_asks_the_same_however_many_rows(cast, as_, who):
    browser = as_(getattr(cast, who))
    addresses = {page: address_of(page, cast) for page in PAGES[who]}
    asked: dict[str, list[int]] = {page: [] for page in addresses}
    for rows in (1, 49, 1950):
        grow(cast, rows)
        totals.recount_changed()
        for page, address in addresses.items():
            browser.get(address)  # what is remembered for a minute, such as that one was here, is told now
            asked[page].append(_asked(browser, address))

    assert {page: counts for page, counts in asked.items() if len(set(counts)) > 1} == {}
    assert {page: counts for page, counts in asked.items() if counts[0] > MOST.get(page, 15)} == {}
