"""Who a request comes from: a signed cookie or bearer token, and nothing else in the request."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.messages import Shopper

COOKIE = "shopclerk_session"


def read_secret(state_dir: Path) -> str:
    """Return the signing secret: SHOPCLERK_SECRET, else one made once and kept in a 0600 file."""
    given = os.environ.get("SHOPCLERK_SECRET")
    if given:
        return given
    path = state_dir / "secret"
    try:
        return path.read_text(encoding="ascii")
    except FileNotFoundError:
        state_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return path.read_text(encoding="ascii")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            secret = secrets.token_urlsafe(32)
            file.write(secret)
        return secret


class Sessions:
    """Makes and reads session tokens."""

    def __init__(self, secret: str, *, hours: int) -> None:
        self._signer = URLSafeTimedSerializer(secret, salt="shopclerk-session")
        self.max_age_s = hours * 3600

    def start(self) -> Shopper:
        """A new anonymous session."""
        return Shopper(session_id=secrets.token_urlsafe(18))

    def token(self, shopper: Shopper) -> str:
        """The shopper as a signed token."""
        return self._signer.dumps([shopper.session_id, shopper.customer_id])

    def shopper(self, cookies: Mapping[str, str], headers: Mapping[str, str]) -> Shopper:
        """The shopper of a request; anonymous without a session when there is no valid token."""
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        token = bearer if scheme.lower() == "bearer" else cookies.get(COOKIE, "")
        try:
            session_id, customer_id = self._signer.loads(token, max_age=self.max_age_s)
            return Shopper(str(session_id), None if customer_id is None else int(customer_id))
        except (BadSignature, ValueError, TypeError):
            return Shopper()
