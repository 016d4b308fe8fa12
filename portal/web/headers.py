"""Cookies, forged forms, response headers, trusted hosts."""

from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from itsdangerous import URLSafeTimedSerializer
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.config import Settings
from portal.crypto import keys

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

#: Of a page that shows another of ours in a frame, and of what may stand in one. Chromium shows a PDF as an object.
WITH_FRAME = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
IN_FRAME = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
PDF_IN_FRAME = "default-src 'none'; object-src 'self'; frame-ancestors 'self'"

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
    "Vary": "HX-Request, Cookie",
}

#: Of a browser behind a socket, or behind a proxy that says nonsense. Nothing is bound to it.
UNKNOWN_ADDRESS = "0.0.0.0"  # noqa: S104


def settings_for_flask(settings: Settings) -> dict[str, object]:
    """Return the settings of Flask and Flask-WTF for cookies, secrets and hosts."""
    is_secure = settings.is_secure
    return {
        "SECRET_KEY": keys.secret("cookies-v1"),
        "SECRET_KEY_FALLBACKS": keys.old_secrets("cookies-v1"),
        "SESSION_COOKIE_NAME": "__Host-portal" if is_secure else "portal",
        "SESSION_COOKIE_SECURE": is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": 30 * 86400,  # seconds; guardians stay signed in on their phone
        "PREFERRED_URL_SCHEME": "https" if is_secure else "http",
        "TRUSTED_HOSTS": _hosts(settings),
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,  # we send no Referer, so there is none to compare
    }


def init_app(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    CSRFProtect(app)
    app.session_interface = _Cookie(app)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    every = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if settings.is_secure else {})

    @app.after_request
    def set_headers(response: Response) -> Response:
        """Add the headers that the view has not set itself, all at once."""
        own = {name.lower() for name, _value in response.headers}
        response.headers.extend([each for each in every.items() if each[0].lower() not in own])
        return response


class _Cookie(SecureCookieSessionInterface):
    """The session as Flask signs it into a cookie: its signer is made once, and it is sent only when it has changed.

    A cookie lasts as long as the longest sign-in (`LONGEST`), so nobody needs it again before.
    """

    def __init__(self, app: Flask) -> None:
        self._signer = super().get_signing_serializer(app)

    def get_signing_serializer(self, _app: Flask) -> URLSafeTimedSerializer | None:
        return self._signer

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session.modified:
            super().save_session(app, session, response)


def with_frame(page: str, status: int, further: dict[str, str]) -> Response:
    """Return a page that may show another page of ours in a frame, with `further` headers."""
    return Response(page, status, further | {"Content-Security-Policy": WITH_FRAME}, content_type="text/html")


def in_frame(response: Response, *, is_pdf: bool = False) -> Response:
    """Let pages of ours, and nobody else's, show this in a frame."""
    response.headers["Content-Security-Policy"] = PDF_IN_FRAME if is_pdf else IN_FRAME
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def client_address() -> str:
    """Return the network address of the browser. ProxyFix finds it when proxies are configured.

    It is spelled in one way, so that throttles count it as one: an IPv4 address mapped into IPv6 is unmapped.
    """
    return _spelled(request.remote_addr or "")


@lru_cache(maxsize=1024)
def _spelled(remote: str) -> str:
    try:
        address = ip_address(remote.partition("%")[0])
    except ValueError:
        return UNKNOWN_ADDRESS
    return str(getattr(address, "ipv4_mapped", None) or address)


def _hosts(settings: Settings) -> list[str]:
    host = urlsplit(settings.address).hostname or ""
    return [host, "127.0.0.1", "localhost"] if settings.demo or not settings.base_url else [host]
