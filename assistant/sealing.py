"""Seals what is kept of a citizen with a key of theirs: without that key nobody can open it, we included.

An owner's key is random (AES-256-GCM). It is kept wrapped, that is sealed by a key that comes from the operator's
secret (HKDF, RFC 5869) and lies elsewhere than the database. Each sealed text is a nonce of 96 random bits and the
ciphertext with its tag (NIST SP 800-38D); what it belongs to is authenticated with it, so a row cannot be put in
another's place.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BITS = 256
NONCE_BYTES = 12


class CannotOpen(Exception):
    """Sealed by another key, for another place, or changed since."""


class Sealer:
    """Makes keys of owners, seals with them and opens again; `secret` is the operator's."""

    def __init__(self, secret: str) -> None:
        """Derive the key that wraps all others; an empty secret would be everybody's."""
        if not secret:
            raise ValueError("there must be a secret to seal with (KRATT_DATA_KEY)")
        derivation = HKDF(SHA256(), length=KEY_BITS // 8, salt=None, info=b"kratt: keys of owners")
        self._wrapping = AESGCM(derivation.derive(secret.encode()))

    def new_key(self, owner: str) -> bytes:
        """A fresh key of this owner, wrapped."""
        return _sealed(self._wrapping, AESGCM.generate_key(KEY_BITS), owner)

    def can_use(self, wrapped_key: bytes, owner: str) -> bool:
        """Whether a wrapped key is this owner's and was wrapped by this secret; if not, nothing it sealed opens."""
        try:
            self._key(wrapped_key, owner)
        except CannotOpen:
            return False
        return True

    def seal(self, text: str, wrapped_key: bytes, owner: str, place: str) -> bytes:
        """The text, for this place alone.

        Raises:
            CannotOpen: the key is not this owner's.
        """
        return _sealed(self._key(wrapped_key, owner), text.encode(), place)

    def open(self, sealed: bytes, wrapped_key: bytes, owner: str, place: str) -> str:
        """What was sealed.

        Raises:
            CannotOpen: by another key, or for another place.
        """
        return _opened(self._key(wrapped_key, owner), sealed, place).decode()

    def _key(self, wrapped_key: bytes, owner: str) -> AESGCM:
        return AESGCM(_opened(self._wrapping, wrapped_key, owner))


def _sealed(key: AESGCM, content: bytes, place: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, content, place.encode())


def _opened(key: AESGCM, sealed: bytes, place: str) -> bytes:
    try:
        return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], place.encode())
    except (InvalidTag, ValueError):  # ValueError: shorter than a nonce
        raise CannotOpen from None
