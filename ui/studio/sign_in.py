"""Signing in to the studio and out of it: a plain form that works without scripts."""

import secrets
from typing import Annotated

import anyio
from anyio import to_thread
from fastapi import FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.app import Shopclerk
from bot.server.sessions import read_secret
from bot.settings import ShopSettings
from ui.markup import escape
from ui.plain_page import CONTENT_POLICY, plain_page
from ui.studio.access import COOKIE, StudioAccess
from ui.studio.attempts import TooManyAttempts, client_key
from ui.studio.gate import SIGN_IN, SIGN_OUT, STUDIO, StudioGate

FORM_COOKIE = "shopclerk_studio_form"
_AT_ONCE = 2  # each password that is checked takes 64 MB for a moment


def open_access(clerk: Shopclerk) -> StudioAccess:
    """The access that shop.toml describes."""
    studio = clerk.settings.studio
    secret = read_secret(clerk.shop_dir / ".shopclerk")
    return StudioAccess(studio.users, secret, hours=studio.session_hours)


def add_studio_access(api: FastAPI, clerk: Shopclerk, access: StudioAccess) -> None:
    """Add the sign-in pages and close everything below /studio; call it before mounting there."""
    pages = _Pages(clerk.settings.shop, access)
    few = anyio.CapacityLimiter(_AT_ONCE)
    api.add_middleware(StudioGate, access=access)

    @api.get(STUDIO, include_in_schema=False)
    async def studio(request: Request) -> Response:
        """The studio's address without the last slash."""
        return _to(request, f"{STUDIO}/")

    @api.get(SIGN_IN, include_in_schema=False)
    async def sign_in_page(request: Request) -> Response:
        """The form, or how to add the first user."""
        if access.user(request):
            return _to(request, f"{STUDIO}/")
        return pages.form(request)

    @api.post(SIGN_IN, include_in_schema=False)
    async def sign_in(
        request: Request,
        name: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        form: Annotated[str, Form()] = "",
    ) -> Response:
        """Set the cookie, or show the form again and say why."""
        if not pages.is_ours(request, form):
            return pages.form(request, name, "The form was out of date. Please try again.", 403)
        client = client_key(request.client.host) if request.client else ""
        try:
            token = await to_thread.run_sync(
                lambda: access.sign_in(name, password, client=client), limiter=few
            )
        except TooManyAttempts as error:
            problem = f"Too many attempts. Please try again in {_time(error.wait_s)}."
            answer = pages.form(request, name, problem, 429)
            answer.headers["retry-after"] = str(error.wait_s)
            return answer
        if token is None:
            return pages.form(request, name, "The name or the password is wrong.", 401)
        welcome = _to(request, f"{STUDIO}/")
        _set(welcome, request, COOKIE, token, max_age_s=access.max_age_s)
        return welcome

    @api.post(SIGN_OUT, include_in_schema=False)
    async def sign_out(request: Request) -> Response:
        """Forget the user. The gate has seen that one of our own pages asks for it."""
        answer = _to(request, SIGN_IN)
        _set(answer, request, COOKIE, "", max_age_s=0)
        return answer


class _Pages:
    """The form with its token."""

    def __init__(self, shop: ShopSettings, access: StudioAccess) -> None:
        self._shop = shop
        self._access = access

    def form(
        self, request: Request, name: str = "", problem: str = "", status: int = 200
    ) -> HTMLResponse:
        """The form; a token that another tab's form has is kept."""
        token = request.cookies.get(FORM_COOKIE, "")
        if not self._access.is_form_token(token):
            token = self._access.form_token()
        body = _form(token, name, problem) if self._access.has_users else _NO_USERS
        page = plain_page(
            self._shop, "en", title="Studio", body=f'<div class="narrow">{body}</div>',
            back="To the chat",
        )
        answer = HTMLResponse(page, status, {"content-security-policy": CONTENT_POLICY})
        _set(answer, request, FORM_COOKIE, token, max_age_s=None)
        return answer

    def is_ours(self, request: Request, token: str) -> bool:
        """Whether form and cookie bring back the same token of ours."""
        kept = request.cookies.get(FORM_COOKIE, "")
        same = secrets.compare_digest(kept.encode(), token.encode())
        return same and self._access.is_form_token(token)


def _form(token: str, name: str, problem: str) -> str:
    told = f'<p class="problem" id="problem" role="alert">{escape(problem)}</p>' if problem else ""
    described = ' aria-describedby="problem"' if problem else ""
    at_name, at_password = ("", " autofocus") if name else (" autofocus", "")
    return (
        f'<h1>Studio</h1><p class="soft">For the people who look after the answers.</p>{told}'
        f'<form method="post" action="sign-in"><input type="hidden" name="form" '
        f'value="{escape(token)}"><label for="name">Name</label>'
        f'<input id="name" name="name" value="{escape(name)}" autocomplete="username" '
        f'autocapitalize="none" spellcheck="false" required{at_name}{described}>'
        f'<label for="password">Password</label><input id="password" name="password" '
        f'type="password" autocomplete="current-password" required{at_password}{described}>'
        f'<button type="submit">Sign in</button></form>'
    )


_NO_USERS = (
    "<h1>Studio</h1><p>Nobody can sign in yet. Add the first user in a terminal, with the folder "
    "of your shop:</p>"
    '<pre class="command">shopclerk users add "Your name" --role lead --shop my-shop</pre>'
    "<p>Then start <code>shopclerk run</code> again and reload this page.</p>"
)


def _time(wait_s: int) -> str:
    if wait_s <= 90:
        return f"{wait_s} seconds" if wait_s != 1 else "1 second"
    return f"{-(-wait_s // 60)} minutes"


def _to(request: Request, path: str) -> RedirectResponse:
    return RedirectResponse(str(request.scope.get("root_path", "")) + path, 303)


def _set(
    answer: Response, request: Request, name: str, value: str, *, max_age_s: int | None
) -> None:
    forwarded = request.headers.get("x-forwarded-proto", "").split(",")[0].strip()
    answer.set_cookie(
        name,
        value,
        max_age=max_age_s,
        path=str(request.scope.get("root_path", "")) + STUDIO,
        secure=request.url.scheme == "https" or forwarded == "https",
        httponly=True,
        samesite="strict",
    )
