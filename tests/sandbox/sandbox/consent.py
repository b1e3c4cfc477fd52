"""What the providers' consent pages have in common: who was chosen there, and how the browser goes back."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from aiohttp import web

from . import pages
from .accounts import Account, Accounts, plausible_email
from .answers import UNCACHED
from .forms import Parameters


def chosen_account(form: Parameters, accounts: Accounts) -> tuple[Account | None, str]:
    """The account that the form names, or what is wrong with that. One that isn't known yet is made."""
    email = form.get("account")
    if email == pages.OTHER_ACCOUNT:
        email = form.get("other_account").strip()
        if not plausible_email(email):
            return None, "Enter a whole e-mail address, such as robin@example.com."
    elif accounts.find(email) is None:
        return None, "Choose an account."
    return accounts.ensure(email), ""


def back_to(redirect_uri: str, members: dict, status: int = 302) -> web.Response:
    """A redirect to the client, with these in its query."""
    mark = "&" if "?" in redirect_uri else "?"
    query = urlencode(members, quote_via=quote, safe="")
    return web.Response(status=status, headers={"Location": f"{redirect_uri}{mark}{query}",
                                                "Referrer-Policy": "no-referrer", **UNCACHED})
