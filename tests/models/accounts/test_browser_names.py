import pytest

from portal.models.accounts.browser_names import named

APPLE, GOOGLE = (
    "AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0",
)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {APPLE} Safari/604.1", "Safari, iPhone"),
        (f"Mozilla/5.0 (Linux; Android 14; Pixel 8) {GOOGLE} Mobile Safari/537.36", "Chrome, Android"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {GOOGLE} Safari/537.36 Edg/131.0.0.0", "Edge, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15) Gecko/20100101 Firefox/132.0", "Firefox, Mac"),
        ("", "A browser"),
        ("curl/8", "A browser"),
    ],
)
def test_a_browser_is_called_what_people_call_it(user_agent, name):
    assert named(user_agent) == name
