"""Outlook's OAuth client: a certificate instead of a secret, tenants, and what configtest says of both."""

import subprocess

import pytest

from harness import clocks
from harness.paths import SETTINGS
from harness.people import IVY
from harness.process import wait_until
from harness.session import notice_of, query_of
from harness.site import OUTLOOK_CLIENT_ID

AVERY, PERSONAL = "avery@contoso.example", "avery@outlook.example"


def make_key(folder, name, kind="rsa:2048"):
    """A key and a self-signed certificate, as an administrator makes them."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    options = ["-newkey", kind] if kind.startswith("rsa") else [
        "-newkey", "ec", "-pkeyopt", f"ec_paramgen_curve:{kind}"]
    subprocess.run(["openssl", "req", "-x509", *options, "-noenc", "-days", "2", "-subj", "/CN=calint", "-keyout", key,
                    "-out", certificate], check=True, capture_output=True)
    key.chmod(0o600)
    certificate.chmod(0o644)
    return key, certificate


def certified(site, key, certificate):
    return site.outlook_section(CalIntClientSecret="", CalIntClientCertificate=str(certificate),
                                CalIntClientKey=str(key))


@pytest.fixture
def certified_site(make_site, sandbox, tmp_path):
    site = make_site(start=False)
    key, certificate = make_key(tmp_path, "client")
    site.start(provider=certified(site, key, certificate))
    sandbox.add_client(OUTLOOK_CLIENT_ID, certificate=certificate.read_text())
    return site


def test_a_client_with_a_certificate_connects_and_refreshes(certified_site, sandbox):
    site, browser = certified_site, certified_site.client(IVY)
    site.log.expect("CALINT0208")
    sandbox.fault("outlook.calendars", "error", count=1)
    assert notice_of(browser.connect(sandbox, AVERY, provider="outlook")) == "validation_failed"
    sandbox.expire_access_tokens()
    assert notice_of(browser.submit(browser.page().form("Retry"))) == "connected"
    details = sandbox.state()["details"]
    assert (details["outlook.token.authorization_code"], details["outlook.token.refresh_token"]) == (1, 1)


def test_an_assertion_is_new_at_every_call(certified_site, sandbox):
    """The sandbox takes none twice."""
    for person in range(3):
        browser = certified_site.client(IVY)
        assert notice_of(browser.connect(sandbox, AVERY, provider="outlook")) in ("connected", "reconnected")


def test_a_certificate_that_microsoft_does_not_know_is_the_operators_to_mend(certified_site, sandbox, tmp_path):
    _, other = make_key(tmp_path, "other")
    sandbox.add_client(OUTLOOK_CLIENT_ID, certificate=other.read_text())
    certified_site.log.expect(r":error\].*CALINT0204: ALARM.*AADSTS700027")
    assert notice_of(certified_site.client(IVY).connect(sandbox, AVERY, provider="outlook")) == "misconfigured"


def test_the_tenant_is_asked_and_lets_its_accounts_in(make_site, sandbox):
    site = make_site(start=False)
    site.start(provider=site.outlook_section(CalIntTenant="contoso.example"))
    browser = site.client(IVY)
    assert "/contoso.example/oauth2/v2.0/authorize?" in browser.start("outlook")
    assert notice_of(browser.connect(sandbox, AVERY, provider="outlook")) == "connected"


def test_an_account_of_another_kind_of_tenant_is_not_taken(make_site, sandbox):
    """The provider's word isn't enough: its endpoints let everybody in here."""
    site = make_site(start=False)
    urls = {name: site.outlook_urls[url].replace("{tenant}", "common")
            for name, url in (("CalIntAuthorizeURL", "authorize_url"), ("CalIntTokenURL", "token_url"))}
    site.start(provider=site.outlook_section(CalIntTenant="organizations", **urls))
    site.log.expect("CALINT0203.*id_token")
    assert notice_of(site.client(IVY).connect(sandbox, PERSONAL, provider="outlook")) == "exchange_failed"
    assert not site.integrations(IVY)
    assert notice_of(site.client(IVY).connect(sandbox, AVERY, provider="outlook")) == "connected"


def test_a_configured_issuer_must_be_in_the_answer(make_site, sandbox):
    site = make_site(start=False)
    site.start(provider=site.outlook_section(CalIntIssuer="https://login.microsoftonline.com/x/v2.0"))
    site.log.expect("CALINT0207")
    browser = site.client(IVY)
    assert browser.get(browser.consent(sandbox, AVERY, provider="outlook")).status_code == 400
    assert sandbox.requests("outlook.token") == 0


def configtest(make_site, **changes):
    site = make_site(start=False)
    provider = changes.pop("provider", None) or site.outlook_section(**changes)
    site.add_node(launch=False, provider=provider)
    return site.httpd.test_configuration()


@pytest.mark.parametrize("changes, says", [
    ({"CalIntTenant": "everybody"}, "common, organizations, consumers"),
    ({"CalIntTenant": '"contoso example"'}, "common, organizations, consumers"),
    ({"CalIntTenant": "../common"}, "common, organizations, consumers"),
    ({"CalIntClientSecret": ""}, "has no CalIntClientSecret"),
    ({"CalIntClientKey": "/etc/hostname"}, "CalIntClientCertificate and CalIntClientKey together"),
    ({"CalIntClientSecret": "", "CalIntClientCertificate": "/etc/hostname"},
     "CalIntClientCertificate and CalIntClientKey together"),
    ({"CalIntClientCertificate": "/etc/hostname", "CalIntClientKey": "exec:/bin/true"}, "keep one of them"),
    ({"CalIntClientSecret": "", "CalIntClientCertificate": "/etc/hostname", "CalIntClientKey": "/etc/hostname"},
     "can be read or written by others; chmod 600 it"),
    ({"CalIntClientSecret": "", "CalIntClientCertificate": "/nonexistent", "CalIntClientKey": "exec:/bin/true"},
     "CalIntClientCertificate: /nonexistent"),
    ({"CalIntClientKey": "exec:relative"}, "absolute path"),
    ({"CalIntRevokeURL": "https://example.com/revoke"}, "which Microsoft Outlook doesn't know"),
    ({"CalIntTokenURL": "http://evil.example/{tenant}/token"}, "CalIntTokenURL is not HTTPS"),
], ids=lambda value: "-".join(value) if isinstance(value, dict) else "")
def test_a_section_that_cannot_work_is_refused_with_what_to_write(make_site, changes, says):
    tested = configtest(make_site, **changes)
    assert tested.returncode != 0
    assert says in tested.stderr


@pytest.mark.parametrize("directive", ["CalIntTenant common", "CalIntClientCertificate /etc/hostname"])
def test_outlooks_directives_are_refused_for_google(make_site, directive):
    tested = configtest(make_site, provider="<CalIntProvider google>\nCalIntClientID a\nCalIntClientSecret b\n"
                                            f"{directive}\n</CalIntProvider>")
    assert tested.returncode != 0
    assert "which Google Calendar doesn't know" in tested.stderr


@pytest.mark.parametrize("changes", [
    {}, {"CalIntTenant": "aaaabbbb-0000-cccc-1111-dddd2222eeee"}, {"CalIntTenant": "consumers"},
    {"CalIntAuthorizeURL": "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/authorize",
     "CalIntTokenURL": "https://login.microsoftonline.us/{tenant}/oauth2/v2.0/token",
     "CalIntApiURL": "https://graph.microsoft.us/v1.0"}], ids=["default", "id", "word", "cloud"])
def test_a_section_that_works_passes(make_site, changes):
    tested = configtest(make_site, **changes)
    assert tested.returncode == 0, tested.stderr


def refuses_to_start(site, node, says):
    site.log.expect(f"CALINT0108: not started: .*{says}", "AH00016")
    with pytest.raises(RuntimeError, match=says):
        node.start()


@pytest.mark.parametrize("kind, says", [("P-256", "isn't RSA"), ("rsa:1024", "has 1024 bits")])
def test_a_key_that_cannot_sign_is_refused_at_start(make_site, tmp_path, kind, says):
    site = make_site(start=False)
    node = site.add_node(launch=False, provider=certified(site, *make_key(tmp_path, "client", kind)))
    refuses_to_start(site, node, says)


def test_a_key_of_another_certificate_is_refused_at_start(make_site, tmp_path):
    site = make_site(start=False)
    key, certificate = make_key(tmp_path, "client")[0], make_key(tmp_path, "other")[1]
    node = site.add_node(launch=False, provider=certified(site, key, certificate))
    refuses_to_start(site, node, "isn't the certificate's")


def test_a_key_file_that_is_gone_at_a_restart_degrades_and_recovers(certified_site, sandbox):
    site, browser = certified_site, certified_site.client(IVY)
    configuration = site.httpd.configuration.read_text()
    site.log.expect("CALINT0104.*ALARM.*CalIntClientKey", "CALINT0106")
    site.httpd.configuration.write_text(configuration.replace("client.key", "gone.key"))
    site.httpd.graceful()
    wait_until(lambda: browser.get(SETTINGS).status_code == 503, "the broken configuration")
    site.httpd.configuration.write_text(configuration)
    site.httpd.graceful()
    wait_until(lambda: browser.get(SETTINGS).status_code == 200, "the mended configuration")
    assert notice_of(browser.connect(sandbox, AVERY, provider="outlook")) == "connected"


def test_a_reconnection_after_the_client_changed_its_proof_needs_nothing(make_site, sandbox, tmp_path):
    """From a secret to a certificate: grants belong to the client's id."""
    site = make_site()
    browser = site.client(IVY)
    assert notice_of(browser.connect(sandbox, AVERY, provider="outlook")) == "connected"
    key, certificate = make_key(tmp_path, "client")
    sandbox.add_client(OUTLOOK_CLIENT_ID, certificate=certificate.read_text())
    site.rewrite(provider=certified(site, key, certificate))
    site.httpd.graceful()
    sandbox.expire_access_tokens()
    clocks.tokens_expired(site, status="error")
    assert notice_of(browser.submit(browser.page().form("Retry"))) == "connected"
    assert query_of(browser.start("outlook"))["client_id"] == OUTLOOK_CLIENT_ID
