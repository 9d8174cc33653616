"""Passwords of the studio's users: only argon2 hashes of them are kept."""

import re
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

MIN_PASSWORD_CHARS = 10
_HASHER = PasswordHasher()  # the library's defaults: RFC 9106's choice for little memory
_HASH = re.compile(
    r"\$argon2(id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{11,}\$[A-Za-z0-9+/]{16,}"
)


def hash_password(password: str) -> str:
    """Return an argon2id hash with a salt of its own."""
    return _HASHER.hash(_typed(password))


def is_password_hash(text: str) -> bool:
    """Whether the text has the form of an argon2 hash."""
    return _HASH.fullmatch(text) is not None


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; None, for nobody's hash, takes as long as a real one."""
    try:
        fits = _HASHER.verify(password_hash or _nobodys(), _typed(password))
    except VerificationError:
        return False
    return fits and password_hash is not None


def _typed(password: str) -> bytes:
    # The same letters in the same form, whichever keyboard they were typed on.
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")


@cache
def _nobodys() -> str:
    return hash_password("nobody's")
