"""The pages that people see: account and consent, and the provider's own error page.

They work without JavaScript, load one stylesheet from a path of its own and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from .answers import UNCACHED

STYLE_PATH = "/sandbox/style.css"
STYLE = (Path(__file__).parent / "style.css").read_bytes()
OTHER_ACCOUNT = "other"

FRAME = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - Provider sandbox</title>
<link rel="stylesheet" href="{style}">
</head>
<body>
<header class="banner">
<p><strong>Provider sandbox.</strong> A stand-in for calendar providers, for tests and
demonstrations only.
No real account is used, and no password is asked.</p>
</header>
<main class="card">
{content}
</main>
</body>
</html>
"""


@dataclass(frozen=True)
class ScopeBox:
    scope: str
    meaning: str
    #: Whether the user may untick it.
    optional: bool
    ticked: bool


@dataclass(frozen=True)
class ConsentView:
    action: str
    client_id: str
    redirect_uri: str
    #: (e-mail address, name) in the order shown.
    accounts: list[tuple[str, str]]
    #: The address that is selected at first, or "".
    chosen: str
    #: What the field for another address holds at first; selects it where not empty.
    other: str
    scopes: list[ScopeBox]
    hidden: list[tuple[str, str]]
    complaint: str = ""


def origin_of(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def headers(redirect_uri: str | None = None) -> dict[str, str]:
    """Browsers apply form-action to the redirect after a form too, so the client's origin is
    part of it."""
    targets = "'self'" + (f" {origin_of(redirect_uri)}" if redirect_uri else "")
    policy = (f"default-src 'none'; style-src 'self'; form-action {targets}; "
              "base-uri 'none'; frame-ancestors 'none'")
    return {"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer", **UNCACHED}


def frame(title: str, content: str) -> str:
    return FRAME.format(title=escape(title), style=STYLE_PATH, content=content)


def account_choice(view: ConsentView) -> str:
    known = [email for email, _ in view.accounts]
    other = bool(view.other) or (bool(view.chosen) and view.chosen not in known)
    typed = view.other or (view.chosen if other else "")
    selected = OTHER_ACCOUNT if other else view.chosen or (known[0] if known else OTHER_ACCOUNT)
    rows = []
    for number, (email, name) in enumerate(view.accounts):
        checked = " checked" if email == selected else ""
        rows.append(
            f'<div class="choice"><input type="radio" name="account" id="account-{number}" '
            f'value="{escape(email)}"{checked}><label for="account-{number}">'
            f'<span class="name">{escape(name)}</span> '
            f'<span class="email">{escape(email)}</span></label></div>')
    checked = " checked" if selected == OTHER_ACCOUNT else ""
    rows.append(
        f'<div class="choice"><input type="radio" name="account" id="account-other" '
        f'value="{OTHER_ACCOUNT}"{checked}><label for="account-other">'
        '<span class="name">Use another account</span></label></div>'
        '<div class="field"><label for="other-account">E-mail address of the other account'
        '</label><input type="text" inputmode="email" autocomplete="off" spellcheck="false" '
        f'name="other_account" id="other-account" value="{escape(typed)}"></div>')
    return "\n".join(rows)


def scope_box(number: int, box: ScopeBox) -> str:
    state = (" checked" if box.ticked else "") + ("" if box.optional else " disabled")
    always = "" if box.optional else ' <span class="always">(always shared)</span>'
    return (f'<div class="choice"><input type="checkbox" name="granted_scope" '
            f'id="scope-{number}" value="{escape(box.scope)}"{state}>'
            f'<label for="scope-{number}"><span class="name">{escape(box.meaning)}{always}</span> '
            f'<code>{escape(box.scope.rpartition("/auth/")[2])}</code></label></div>')


def consent(view: ConsentView) -> str:
    host = escape(urlsplit(view.redirect_uri).netloc)
    hidden = "\n".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
                       for name, value in view.hidden)
    boxes = "\n".join(scope_box(number, box) for number, box in enumerate(view.scopes))
    complaint = (f'<p class="complaint" role="alert">{escape(view.complaint)}</p>'
                 if view.complaint else "")
    return frame("Allow access", f"""<h1>{host} wants access to your calendar account</h1>
<p class="client">Client <code>{escape(view.client_id)}</code></p>
{complaint}
<form method="post" action="{escape(view.action)}">
{hidden}
<fieldset>
<legend>Choose an account</legend>
{account_choice(view)}
</fieldset>
<fieldset>
<legend>What {host} may do</legend>
{boxes}
</fieldset>
<div class="buttons">
<button type="submit" name="decision" value="allow" class="main">Allow</button>
<button type="submit" name="decision" value="deny">Deny</button>
</div>
</form>""")


def refusal(error: str, description: str, status: int) -> str:
    return frame(f"Error {status}: {error}", f"""<h1>Access blocked: this request is invalid</h1>
<p class="complaint" role="alert">Error {status}: {escape(error)}</p>
<p>{escape(description)}</p>
<p>The provider does not send the browser back to the application in this case.</p>""")


async def style(_: web.Request) -> web.Response:
    return web.Response(body=STYLE, headers={"Content-Type": "text/css; charset=utf-8",
                                             "Cache-Control": "max-age=300",
                                             "X-Content-Type-Options": "nosniff"})
