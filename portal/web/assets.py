"""The files browsers fetch: read once at start, served under names that change with their content."""

import gzip
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from flask import Flask, has_request_context, request
from markupsafe import Markup

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATIC = Path(__file__).parent.parent / "static"
#: The style sheets, each with its folders of components. What a family reads needs none of those of staff.
STYLESHEETS = {"portal.css": ("components",), "staff.css": ("components", "components_of_staff")}
FOREVER = "public, max-age=31536000, immutable"
BRIEFLY = "public, max-age=300"
CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
}

_ICON = Markup('<svg class="icon%s"%s><use href="%s#%s"/></svg>')
#: Icons that point the other way where one writes from right to left.
_TURNING = frozenset({"chevron-left", "chevron-right", "log-out"})
#: Between rules; no string in them has either.
_COMMENT_OR_INDENTATION = re.compile(r"\s*(/\*.*?\*/\s*|\n\s*)+", re.DOTALL)
_LABELLED, _HIDDEN = Markup(' role="img" aria-label="%s"'), Markup(' aria-hidden="true"')


@dataclass(frozen=True)
class Asset:
    """One file as it is sent."""

    body: bytes
    zipped: bytes
    content_type: str
    etag: str


def init_app(app: Flask) -> None:
    """Serve everything in static/, kept forever; give templates `asset(name)`, its address, and `draw(icon)`."""
    assets = _read_all()
    addresses = {name: f"/static/{_add_hash(name, asset)}" for name, asset in assets.items()}
    served = {addresses[name]: (asset, FOREVER) for name, asset in assets.items()}
    served |= {f"/static/{name}": (asset, BRIEFLY) for name, asset in assets.items()}

    def asset(name: str) -> str:
        return (request.script_root if has_request_context() else "") + addresses[name]

    @lru_cache(maxsize=256)
    def unlabelled(name: str, address: str) -> Markup:
        return _ICON % (" icon-turns" if name in _TURNING else "", _HIDDEN, address, name)

    def draw(name: str | None, label: str | None = None) -> Markup:
        if not name:
            return Markup("")
        icon = unlabelled(name, asset("icons.svg"))
        return icon.replace(_HIDDEN, _LABELLED % label, 1) if label else icon

    app.add_template_global(asset, "asset")
    app.add_template_global(draw, "draw")
    app.wsgi_app = _Assets(app.wsgi_app, served)  # type: ignore[method-assign]


class _Assets:
    """Answers for the files it knows and leaves every other request to the app."""

    def __init__(self, app: "WSGIApplication", served: dict[str, tuple[Asset, str]]) -> None:
        self.app = app
        self.served = served

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or environ["PATH_INFO"] not in self.served:
            return self.app(environ, start_response)
        asset, keeping = self.served[environ["PATH_INFO"]]
        zipped = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") and len(asset.zipped) < len(asset.body)
        body = asset.zipped if zipped else asset.body
        headers = [("Cache-Control", keeping), ("ETag", asset.etag), ("Vary", "Accept-Encoding")]
        if environ.get("HTTP_IF_NONE_MATCH") == asset.etag:
            start_response("304 Not Modified", headers)
            return []
        headers += [("Content-Type", asset.content_type), ("Content-Length", str(len(body)))]
        headers += [("X-Content-Type-Options", "nosniff")] + [("Content-Encoding", "gzip")] * zipped
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]


def _read_all() -> dict[str, Asset]:
    paths = [path for path in sorted(STATIC.rglob("*")) if path.is_file() and path.suffix != ".css"]
    assets = {path.relative_to(STATIC).as_posix(): _asset(path.name, path.read_bytes()) for path in paths}
    sheets = {name: _stylesheet(folders, assets) for name, folders in STYLESHEETS.items()}
    return assets | {name: _asset(name, body) for name, body in sheets.items()}


def _stylesheet(folders: tuple[str, ...], assets: dict[str, Asset]) -> bytes:
    """Join the style sheets in the order of the cascade, without comments and indentation."""
    css = STATIC / "css"
    parts = sorted((path for folder in folders for path in (css / folder).glob("*.css")), key=_file_name)
    paths = [css / "tokens.css", css / "base.css", css / "layout.css", *parts, css / "print.css"]
    text = _COMMENT_OR_INDENTATION.sub("\n", "\n".join(path.read_text() for path in paths))
    for name, asset in assets.items():
        text = text.replace(f'"../{name}"', f'"{_add_hash(name, asset)}"')
    return text.encode()


def _file_name(path: Path) -> str:
    return path.name


def _asset(name: str, body: bytes) -> Asset:
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    return Asset(body, gzip.compress(body, mtime=0), CONTENT_TYPES[PurePosixPath(name).suffix], etag)


def _add_hash(name: str, asset: Asset) -> str:
    path = PurePosixPath(name)
    return f"{path.with_suffix('')}.{asset.etag[1:9]}{path.suffix}"
