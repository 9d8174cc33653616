"""Who is signed in to the studio: a signed cookie that a changed shop.toml makes void."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from typing import Protocol

from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.passwords import verify
from bot.publishing.values import User
from bot.settings import StudioUser
from bot.user_names import MAX_NAME_CHARS, name_key
from ui.studio.attempts import Attempts

COOKIE = "shopclerk_studio"
_FORM_HOURS = 12


class HasCookies(Protocol):
    """A request of Starlette, FastAPI or Gradio."""

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies by name."""
        ...


class StudioAccess:
    """Signs the shop's users in, and knows them again."""

    def __init__(self, users: Sequence[StudioUser], secret: str, *, hours: int) -> None:
        self._users = {name_key(user.name): user for user in users}
        self._signer = URLSafeTimedSerializer(secret, salt="shopclerk-studio")
        self._forms = URLSafeTimedSerializer(secret, salt="shopclerk-studio-form")
        self._attempts = Attempts()
        self.max_age_s = hours * 3600

    @property
    def has_users(self) -> bool:
        """Whether anybody can sign in at all."""
        return bool(self._users)

    def user(self, request: HasCookies) -> User | None:
        """The user whom the request comes from; the role is what shop.toml says now."""
        token = dict(request.cookies).get(COOKIE, "")
        try:
            name, mark = self._signer.loads(token, max_age=self.max_age_s)
        except (BadSignature, ValueError, TypeError):
            return None
        known = self._users.get(name_key(str(name)))
        if known is None or not hmac.compare_digest(_mark(known), str(mark)):
            return None
        return User(known.name, known.role)

    def sign_in(self, name: str, password: str, *, client: str = "") -> str | None:
        """Return a token for the cookie, or None: the name or the password is wrong.

        Takes some 0.1 s and 64 MB, by design: call it from few threads. `client` is whose address
        the attempt comes from (`attempts.client_key`).

        Raises:
            TooManyAttempts: of this name or client; the password was not looked at.
        """
        key = name_key(name[: MAX_NAME_CHARS + 1])
        by_name, by_client = f"name {key}", f"client {client}"
        self._attempts.begin(by_name, by_client)
        known = self._users.get(key)
        fits = verify(known.password_hash if known else None, password)
        if known is None or not fits:
            return None
        self._attempts.succeeded(by_name, by_client)
        return self._signer.dumps([known.name, _mark(known)])

    def form_token(self) -> str:
        """A token that a form and a cookie must both bring back."""
        return self._forms.dumps(secrets.token_urlsafe(12))

    def is_form_token(self, token: str) -> bool:
        """Whether the token is one of ours and not too old."""
        try:
            self._forms.loads(token, max_age=_FORM_HOURS * 3600)
        except BadSignature:
            return False
        return True


def _mark(user: StudioUser) -> str:
    """What changes with the password: old tokens are void then."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]
