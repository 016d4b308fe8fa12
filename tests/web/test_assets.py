"""What browsers fetch: untouched where it is not ours, kept forever, readable in light and dark."""

import gzip
import hashlib
import re
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from flask.testing import FlaskClient

from portal.web import assets

TEMPLATES = assets.STATIC.parent / "templates"
TOKENS = (assets.STATIC / "css/tokens.css").read_text()
PAGES = [
    path
    for path in TEMPLATES.rglob("*.html")
    if path.relative_to(TEMPLATES).parts[0] not in ("documents", "mail")
]

#: WCAG 2.1 AA: words 4.5 to 1, edges of controls 3 to 1; what stands on what, by the names in tokens.css.
WORDS = {
    "ink": ("paper", "card", "sunk", "brand-soft", "sun-soft", "danger-soft", "good-soft"),
    "muted": ("paper", "card", "sunk"),
    "brand": ("paper", "card", "sunk", "brand-soft"),
    "brand-hover": ("paper", "card", "brand-soft"),
    "on-fill": ("brand-fill", "brand-fill-hover", "danger-fill", "danger-fill-hover"),
    "danger": ("paper", "card", "danger-soft"),
    "good": ("paper", "card", "sunk", "good-soft"),
    "sun-ink": ("sun-soft",),
}


@pytest.fixture
def app() -> Flask:
    app = Flask(__name__, static_folder=None)
    assets.init_app(app)
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def words(css: str) -> list[str]:
    return css.replace('"../', '"').split()


def address(app: Flask, name: str) -> str:
    with app.test_request_context():
        return render_template_string("{{ asset(name) }}", name=name)


def test_every_vendored_file_is_the_one_we_looked_at() -> None:
    listed = dict(
        line.split()[::-1] for line in (assets.STATIC / "vendor/HASHES.txt").read_text().splitlines()
    )
    vendored = [
        *assets.STATIC.glob("vendor/*.js"),
        *assets.STATIC.glob("fonts/*.woff2"),
        assets.STATIC / "icons.svg",
    ]

    found = {
        path.relative_to(assets.STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in vendored
    }

    assert found == listed


def test_a_hashed_address_may_be_kept_forever(app: Flask, client: FlaskClient) -> None:
    response = client.get(address(app, "portal.css"))

    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_address_changes_with_the_content(app: Flask) -> None:
    body = (assets.STATIC / "js/portal.js").read_bytes()

    assert address(app, "js/portal.js") == f"/static/js/portal.{hashlib.sha256(body).hexdigest()[:8]}.js"


def test_a_plain_address_is_kept_briefly_and_asked_about_again(client: FlaskClient) -> None:
    first = client.get("/static/icons.svg")
    again = client.get("/static/icons.svg", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert (again.status_code, again.data) == (304, b"")


def test_text_is_sent_zipped_to_those_who_can_read_it(client: FlaskClient) -> None:
    plain = client.get("/static/portal.css")
    zipped = client.get("/static/portal.css", headers={"Accept-Encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert zipped.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(zipped.data) == plain.data


def test_head_tells_the_length_and_sends_nothing(client: FlaskClient) -> None:
    response = client.head("/static/portal.css")

    assert int(response.headers["Content-Length"]) == len(client.get("/static/portal.css").data)
    assert response.data == b""


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/nothing.css",
        "/static/css/tokens.css",
        "/static/../assets.py",
        "/static//portal.css",
    ],
)
def test_what_is_no_asset_is_left_to_the_app(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code in (308, 404)


def test_other_methods_are_left_to_the_app(client: FlaskClient) -> None:
    assert client.post("/static/portal.css").status_code == 404


@pytest.mark.parametrize("name", ["portal.css", "staff.css"])
def test_a_style_sheet_says_what_its_files_say(client: FlaskClient, name: str) -> None:
    """All words of all files, as often as there; those of staff alone are left out for families."""
    of_staff = set(assets.STATIC.glob("css/components_of_staff/*.css")) if name == "portal.css" else set()
    paths = set(assets.STATIC.glob("css/**/*.css")) - of_staff
    written = re.sub(r"/\*.*?\*/", "", "\n".join(path.read_text() for path in paths), flags=re.DOTALL)
    sent = client.get(f"/static/{name}").text

    assert "/*" not in sent
    assert sorted(words(re.sub(r"\.[0-9a-f]{8}\.woff2", ".woff2", sent))) == sorted(words(written))


def test_every_font_the_stylesheet_names_is_served(client: FlaskClient) -> None:
    fonts = re.findall(r'url\("(fonts/[^"]+)"\)', client.get("/static/portal.css").text)

    assert len(fonts) == 3
    assert {client.get(f"/static/{font}").headers["Content-Type"] for font in fonts} == {"font/woff2"}


def test_fonts_are_small_enough_for_a_phone() -> None:
    assert all(path.stat().st_size <= 30_000 for path in assets.STATIC.glob("fonts/*.woff2"))


def test_the_script_stays_small() -> None:
    assert len((assets.STATIC / "js/portal.js").read_text().splitlines()) <= 150


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_words_and_edges_stand_out_enough(theme: str) -> None:
    colours = colours_of(theme)

    weak = {
        (word, ground)
        for word, grounds in WORDS.items()
        for ground in grounds
        if contrast(colours[word], colours[ground]) < 4.5
    }
    weak |= {
        ("edge", ground)
        for ground in ("paper", "card", "sunk")
        if contrast(colours["edge"], colours[ground]) < 3
    }

    assert weak == set()


def test_templates_name_only_icons_that_exist() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (assets.STATIC / "icons.svg").read_text()))
    named = {
        name
        for path in PAGES
        for name in re.findall(r'(?:\bicon\(|_sign\(|icon=)"([\w-]+)"', path.read_text())
    }

    assert named - drawn == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(TEMPLATES).as_posix())
def test_pages_hold_nothing_inline_and_nothing_from_elsewhere(path: Path) -> None:
    text = path.read_text()

    assert not re.search(
        r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)|hx-on|hx_on|javascript:|hx-(vals|headers)=.js:",
        text,
    )
    assert not re.search(r'(src|href)="(https?:)?//', text)


def colours_of(theme: str) -> dict[str, str]:
    light, dark = TOKENS.split("prefers-color-scheme: dark")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return colours | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if theme == "dark" else {})


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.1, from 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (red, green, blue)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
