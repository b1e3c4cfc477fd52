"""The organisation's page as its administrator uses it, and what an organisation registers with a provider."""

from __future__ import annotations

from .paths import ORGANIZATION as PAGE
from .providers import GOOGLE

#: Of a Google project of its own: its number stands in front.
OWN_ID = "9876543210-own.apps.googleusercontent.com"
OWN_SECRET = "GOCSPX-recognisable-own-secret"
OWN_OUTLOOK_ID = "99998888-aaaa-7777-bbbb-666655554444"
REMOVE = "Use this server's client again for {}"


def register(site, client_id=OWN_ID, secret=OWN_SECRET, project="own-project", provider=GOOGLE) -> None:
    uri = site.redirect_uri if provider is GOOGLE else site.outlook_redirect_uri
    site.sandbox.add_client(client_id, secret=secret, project=project, redirect_uris=[uri])


def form_of(browser, provider=GOOGLE):
    return browser.page(PAGE).form(f"Save the client for {provider.name}")


def save(browser, client_id=OWN_ID, secret=OWN_SECRET, provider=GOOGLE, form=None, **more):
    """What the administrator's browser gets for the form with these values."""
    return browser.submit(form or form_of(browser, provider), client_id=client_id, client_secret=secret, **more)


def remove(browser, provider=GOOGLE):
    return browser.submit(browser.page(PAGE).form(REMOVE.format(provider.name)))


def versions(site):
    return site.rows("SELECT * FROM calendar_oauth_clients WHERE organization_id <> '' ORDER BY version")


def client_of(site, person):
    """The client that the person's connection was made with."""
    return site.row("SELECT c.* FROM calendar_integrations i JOIN calendar_oauth_clients c ON c.id = i.oauth_client_id"
                    " WHERE i.user_id = %s AND i.active", person.id)
