"""How the value of a setting is written: each function reads one kind, or raises ValueError with what it must be."""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

#: A scheme and a host, perhaps with a port: no user, no path, no IPv6 address.
_ADDRESS = re.compile(r"https?://[\w.-]+(:[1-9]\d{1,4})?")
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


def number(least: int, most: int) -> Callable[[Any], int]:
    """Return the reader of whole numbers from `least` to `most`."""

    def read(written: Any) -> int:
        try:
            found = int(written)
        except ValueError:
            found = least - 1
        if not least <= found <= most:
            raise ValueError(f"must be a number from {least} to {most}")
        return found

    return read


def one_of(*words: str) -> Callable[[str], str]:
    """Return the reader of one of these words."""

    def read(written: str) -> str:
        if written not in words:
            raise ValueError(f"must be {', '.join(words[:-1])} or {words[-1]}")
        return written

    return read


def yes_or_no(written: Any) -> bool:
    """Read "true", "yes", "on" or "1", or the opposite of one."""
    word = str(written).strip().lower()
    if word not in _YES | _NO:
        raise ValueError("must be true or false")
    return word in _YES


def secure_address(written: str) -> str:
    """Read the address of the portal. On this machine only, it need not be secure."""
    address = written.strip().rstrip("/").lower()
    parts = urlsplit(address)
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    if address and not is_secure:
        raise ValueError("must begin with https:// (http:// only for 127.0.0.1 and localhost)")
    if address and not _ADDRESS.fullmatch(address):
        raise ValueError("must be https:// and a host name, with nothing after it but a port")
    return address


def database(written: str) -> str:
    """Read the URL of a database, as hosts write it, and name the driver in it."""
    if written.startswith(("postgres://", "postgresql://")):
        written = "postgresql+psycopg://" + written.split("://", 1)[1]
    if written and not written.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    if written and not _names_a_database(written):
        raise ValueError("must name a database: sqlite:////folder/file.db or postgresql://host/name")
    return written


def queue(written: str) -> str:
    """Read the URL of a server that keeps a queue."""
    if written and urlsplit(written).scheme not in {"postgres", "postgresql", "redis", "rediss"}:
        raise ValueError("must begin with postgresql:// or redis://")
    return written


def networks(written: str) -> str:
    """Read networks with commas between them."""
    for network in filter(None, written.split(",")):
        ip_network(network.strip())
    return written


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _names_a_database(url: str) -> bool:
    """Whether the URL names a database that lasts. One in memory would be a different one for each engine."""
    try:
        name = make_url(url).database or ""
    except (ArgumentError, ValueError):  # a port that is no number is a ValueError
        return False
    return name not in ("", ":memory:") and not (url.startswith("sqlite:") and not Path(name).is_absolute())
