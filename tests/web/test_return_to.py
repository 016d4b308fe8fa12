import pytest
from flask import Flask

from portal.web.navigation import return_to


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "family",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http://evil.example/",
        "https:/evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\r\nLocation: //evil.example",
        " /family",
    ],
)
def test_what_leads_elsewhere_is_not_followed(elsewhere):
    with Flask(__name__).test_request_context("/"):
        assert return_to("/family", asked=elsewhere) == "/family"


@pytest.mark.parametrize("page", ["/", "/family/account", "/students?search=a%20b&page=2", "/join#x"])
def test_a_page_of_ours_is_followed(page):
    with Flask(__name__).test_request_context("/"):
        assert return_to("/family", asked=page) == page
