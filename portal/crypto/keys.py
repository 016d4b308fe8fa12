"""Encrypt texts, index them for look-ups, and derive secrets for signing, with the key ring in use.

New texts are encrypted with the ring's current key; older ones are decrypted with the key that encrypted them.
"""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.crypto.key_ring import KeyRing, KeysError

__all__ = ["KeyRing", "KeysError", "index", "indexes", "old_secrets", "open_sealed", "seal", "secret", "use"]

#: The length of the nonce of AES-GCM (NIST SP 800-38D, 5.2.1.1).
NONCE_BYTES = 12

_ring: KeyRing | None = None


def use(ring: KeyRing) -> None:
    """Set the key ring of this process, which all functions of this module use."""
    global _ring
    _ring = ring


def seal(text: str, *, purpose: str, owner: str) -> bytes:
    """Encrypt `text` with the current key (AES-256-GCM).

    It can be decrypted only with the same `purpose`, such as "access-code", and `owner`, the row it belongs to, such
    as "student:7". So it cannot be read from a copy in another row or column.
    """
    ring = _ring_in_use()
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(ring.sub_key(ring.current, "seal", purpose))
    kid = ring.current.encode()
    return bytes([len(kid)]) + kid + nonce + cipher.encrypt(nonce, _bytes(text), _bound_to(purpose, owner))


def open_sealed(sealed: bytes, *, purpose: str, owner: str) -> str:
    """Decrypt what `seal` returned for the same `purpose` and `owner`.

    Raises KeysError when it was altered, has another purpose or owner, or its key is not on the ring.
    """
    ring = _ring_in_use()
    start = 1 + (sealed[0] if sealed else 0)
    kid, nonce = sealed[1:start].decode(errors="replace"), sealed[start : start + NONCE_BYTES]
    if kid not in ring.keys or len(nonce) < NONCE_BYTES:
        raise KeysError("No key on the ring opens this sealed text.")
    cipher = AESGCM(ring.sub_key(kid, "seal", purpose))
    try:
        text = cipher.decrypt(nonce, sealed[start + NONCE_BYTES :], _bound_to(purpose, owner))
    except InvalidTag:
        raise KeysError("This sealed text was altered, or belongs elsewhere.") from None
    return text.decode("utf-8", "surrogatepass")


def index(purpose: str, text: str) -> bytes:
    """Return 32 bytes by which `text` can be looked up without being stored: its HMAC-SHA256 with the current key.

    `purpose` is a label with a version, such as "code-v1".
    """
    return indexes(purpose, text)[0]


def indexes(purpose: str, text: str) -> list[bytes]:
    """Return the index with every key, the current one first, so that look-ups work after a change of key."""
    message = _bytes(f"{purpose}‖{text}")
    return [hmac.digest(key, message, "sha256") for key in _ring_in_use().sub_keys("index", purpose)]


def secret(purpose: str) -> str:
    """Return a secret for signing, such as cookies: 64 hexadecimal digits derived from the current key."""
    return _secrets(purpose)[0]


def old_secrets(purpose: str) -> list[str]:
    """Return the secrets from the other keys, to check what was signed before the key changed."""
    return _secrets(purpose)[1:]


def _secrets(purpose: str) -> list[str]:
    return [key.hex() for key in _ring_in_use().sub_keys("secret", purpose)]


def _ring_in_use() -> KeyRing:
    if _ring is None:
        raise KeysError("No key ring is in use.")
    return _ring


def _bound_to(purpose: str, owner: str) -> bytes:
    return _bytes(f"{purpose}‖{owner}")


def _bytes(text: str) -> bytes:
    # A text that was sent may contain half a surrogate pair, which must not cause a server error.
    return text.encode("utf-8", "surrogatepass")
