"""What connecting costs at the provider: few calls, over connections that are kept."""

import pytest

from harness.httpd_config import Config
from harness.people import IVY
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD

FLOWS = 10
ONE = "StartServers 1\nServerLimit 1\nMaxRequestWorkers 25\nMinSpareThreads 5\nMaxSpareThreads 25"


@pytest.fixture(scope="module")
def secured(tls_sandbox):
    return tls_sandbox


@pytest.fixture
def site(make_site, secured):
    """One child, and providers over TLS."""
    site = make_site(start=False, sandbox=secured)
    secured.reset()
    for name, urls in (("urls", "google"), ("outlook_urls", "outlook"), ("apple_urls", "icloud")):
        setattr(site, name, dict(secured.https[urls]))
    return site.start(Config(extra=ONE), CalIntCAFile=secured.certificate)



@pytest.mark.parametrize("provider, email, most, endpoints, hosts", [
    ("google", "avery@example.com", 2, ("token", "calendarList"), 1),
    ("outlook", "avery@contoso.example", 2, ("outlook.token", "outlook.calendars"), 1),
    ("apple", AVERY, 4, ("icloud.entry", "icloud.principal", "icloud.home"), 2)])
def test_connecting_makes_few_calls_over_kept_connections(site, secured, proof, provider, email, most, endpoints,
                                                          hosts):
    ivy = site.client(IVY)
    ivy.page()
    callbacks = [None] * FLOWS if provider == "apple" else [ivy.consent(secured, email, provider=provider)
                                                            for _ in range(FLOWS)]
    before = secured.state()
    for number, callback in enumerate(callbacks):
        if provider == "apple":
            site.execute("DELETE FROM calendar_password_tries")
        answer = ivy.get(callback) if callback else ivy.type_password(email, AVERY_PASSWORD)
        assert notice_of(answer) == ("reconnected" if number else "connected")
    after = secured.state()
    calls = sum(after["requests"][name] - before["requests"].get(name, 0) for name in endpoints)
    handshakes = after["handshakes"] - before["handshakes"]
    proof.figure(f"{provider}: {calls} calls and {handshakes} TLS handshakes in {FLOWS} connections")
    assert calls <= most * FLOWS
    assert handshakes == hosts, "each host once, however many flows come"
