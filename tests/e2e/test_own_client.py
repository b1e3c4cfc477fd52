"""An organisation's own OAuth client: chosen at the start, remembered by state and connection, changed under both."""

import pytest

from harness import clocks
from harness.own_client import (OWN_ID, OWN_OUTLOOK_ID, OWN_SECRET, PAGE, client_of, form_of, register, remove, save,
                                versions)
from harness.paths import SWITCH
from harness.people import ADA, IVY, Person, add_people
from harness.providers import OUTLOOK
from harness.session import notice_of, query_of
from harness.site import CLIENT_ID, CLIENT_SECRET

NEXT_ID = "5555555555-next.apps.googleusercontent.com"
SIBLING_ID = "9876543210-sibling.apps.googleusercontent.com"
FAR_ADMIN = Person("90", "far@ats.example", "Far Admin", organization="2", is_admin=True)
FAR_USER = Person("91", "fay@ats.example", "Fay Far", organization="2", is_interviewer=True)


@pytest.fixture
def own(site, ada):
    """A site whose organisation has brought its client."""
    register(site)
    assert notice_of(save(ada)) == "saved"
    return site


def started_with(browser, provider="google"):
    return query_of(browser.start(provider))["client_id"]


def refreshed(site, browser, sandbox):
    """Makes the connection refresh its token; the notice that comes of it."""
    sandbox.expire_access_tokens()
    clocks.tokens_expired(site, "active", status="error", last_error="provider_unavailable")
    return notice_of(browser.submit(browser.page().form("Retry")))


def grant_clients(sandbox):
    return sorted(grant["client_id"] for grant in sandbox.live_grants())


def test_start_callback_and_refresh_go_through_it(own, ivy, sandbox):
    assert started_with(ivy) == OWN_ID
    assert notice_of(ivy.connect(sandbox)) == "connected"
    assert (client_of(own, IVY)["client_id"], client_of(own, IVY)["organization_id"]) == (OWN_ID, IVY.organization)
    assert grant_clients(sandbox) == [OWN_ID]
    assert own.row("SELECT organization_id FROM calendar_grants")["organization_id"] == IVY.organization
    assert refreshed(own, ivy, sandbox) == "connected"
    assert sandbox.live_grants()[0]["refreshes"] == 1


def test_outlooks_client_has_a_tenant_of_its_own(site, ada, ivy, sandbox):
    register(site, OWN_OUTLOOK_ID, OWN_SECRET, provider=OUTLOOK)
    assert notice_of(save(ada, OWN_OUTLOOK_ID, provider=OUTLOOK, tenant="contoso.example")) == "saved"
    url = ivy.start("outlook")
    assert "/contoso.example/oauth2/v2.0/authorize?" in url and query_of(url)["client_id"] == OWN_OUTLOOK_ID
    assert started_with(ivy, "google") == CLIENT_ID, "the other provider's client is still the server's"
    assert notice_of(ivy.connect(sandbox, OUTLOOK.email, provider="outlook")) == "connected"
    # The sandbox takes a code only at the tenant that it was given for; a refresh goes the same way.
    assert refreshed(site, ivy, sandbox) == "connected"
    assert client_of(site, IVY)["tenant"] == "contoso.example"


def test_a_reconnect_through_another_outlook_client_says_what_is_left_at_microsoft(site, ada, ivy, sandbox):
    assert notice_of(ivy.connect(sandbox, OUTLOOK.email, provider="outlook")) == "connected"
    register(site, OWN_OUTLOOK_ID, OWN_SECRET, provider=OUTLOOK)
    save(ada, OWN_OUTLOOK_ID, provider=OUTLOOK)
    for expected in ({"provider": "outlook", "provider_revocation": "unsupported"}, {"provider": "outlook"}):
        assert notice_of(ivy.connect(sandbox, OUTLOOK.email, provider="outlook")) == "reconnected"
        assert site.audit("reconnected")[-1]["metadata"] == expected
    assert client_of(site, IVY)["client_id"] == OWN_OUTLOOK_ID
    assert not site.jobs("revoke")


def test_a_tenants_client_takes_no_account_of_another_tenant(site, ada, ivy, sandbox):
    register(site, OWN_OUTLOOK_ID, OWN_SECRET, provider=OUTLOOK)
    save(ada, OWN_OUTLOOK_ID, provider=OUTLOOK, tenant="consumers")
    site.log.expect("CALINT0203.*id_token")
    sandbox.fault("outlook.token", "bad_id_token", claim="tid")
    assert notice_of(ivy.connect(sandbox, "avery@outlook.example", provider="outlook")) == "exchange_failed"


@pytest.mark.parametrize("change", ["replaced", "removed", "brought"])
def test_a_flow_ends_with_the_client_that_it_began_with(site, ada, ivy, sandbox, change):
    register(site)
    register(site, NEXT_ID, "next-secret", "next-project")
    if change != "brought":
        save(ada)
    callback = ivy.consent(sandbox)
    if change == "removed":
        remove(ada)
    else:
        save(ada, NEXT_ID, "next-secret")
    assert notice_of(ivy.get(callback)) == "connected"
    began_with = CLIENT_ID if change == "brought" else OWN_ID
    assert client_of(site, IVY)["client_id"] == began_with
    assert grant_clients(sandbox) == [began_with]
    assert refreshed(site, ivy, sandbox) == "connected", "through the former client, as long as it is there"
    assert started_with(ivy) == (CLIENT_ID if change == "removed" else NEXT_ID)


def test_a_state_of_a_version_that_is_gone_is_refused(own, ivy, sandbox):
    own.log.expect("CALINT0202.*another OAuth client")
    callback = ivy.consent(sandbox)
    own.execute("DELETE FROM calendar_oauth_clients WHERE organization_id <> ''")
    assert ivy.get(callback).status_code == 400
    assert sandbox.requests("token") == 0
    assert not own.integrations(IVY)


@pytest.mark.parametrize("to", [NEXT_ID, None], ids=["to-another", "to-the-servers"])
def test_a_reconnect_moves_to_the_present_client_and_releases_the_former_grant(own, ada, ivy, sandbox, to):
    register(own, NEXT_ID, "next-secret", "next-project")
    assert notice_of(ivy.connect(sandbox)) == "connected"
    before = own.integration(IVY)
    assert notice_of(save(ada, to, "next-secret") if to else remove(ada)) == "saved"
    assert notice_of(ivy.connect(sandbox)) == "reconnected", "the same account: nobody is asked"
    after = own.integration(IVY)
    assert (after["id"], after["generation"]) == (before["id"], before["generation"] + 1)
    assert client_of(own, IVY)["client_id"] == (to or CLIENT_ID)
    assert after["account_key"] != before["account_key"]
    (job,) = own.jobs("revoke")
    assert (job["grant_organization_id"], job["account_key"]) == (IVY.organization, before["account_key"])
    assert own.run_jobs().returncode == 0
    assert grant_clients(sandbox) == [to or CLIENT_ID], "the former grant, and no other, was revoked"
    assert refreshed(own, ivy, sandbox) == "connected"
    ivy.disconnect()
    assert own.run_jobs().returncode == 0
    assert not sandbox.live_grants()


def test_another_client_of_the_same_project_revokes_nothing(own, ada, ivy, ian, sandbox):
    """Google would end every grant of the account in the project, the new one too."""
    register(own, SIBLING_ID, "sibling-secret", "own-project")
    assert notice_of(ivy.connect(sandbox)) == "connected"
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "connected"
    ian.disconnect()
    save(ada, SIBLING_ID, "sibling-secret")
    assert notice_of(ivy.connect(sandbox)) == "reconnected"
    assert notice_of(ian.connect(sandbox, "sam@example.com")) == "connected", "before the revocation ran"
    assert own.run_jobs().returncode == 0
    assert client_of(own, IVY)["client_id"] == SIBLING_ID
    assert sum(grant["client_id"] == SIBLING_ID for grant in sandbox.live_grants()) == 2
    assert refreshed(own, ivy, sandbox) == "connected"


def test_another_account_through_another_client_asks_first(own, ada, ivy, sandbox):
    ivy.connect(sandbox)
    remove(ada)
    answer = ivy.connect(sandbox, "sam@example.com")
    assert answer.headers["Location"].startswith(SWITCH)
    assert own.integration(IVY)["account"] == "avery@example.com"
    assert own.run_jobs().returncode == 0
    assert grant_clients(sandbox) == [OWN_ID], "what was granted and not stored was given back to its own client"


def test_a_new_secret_serves_those_who_are_connected_through_the_old_one(own, ada, ivy, sandbox):
    ivy.connect(sandbox)
    save(ada, OWN_ID, "rotated-secret")
    assert refreshed(own, ivy, sandbox) == "connected"
    assert client_of(own, IVY)["version"] == 1, "the provider still takes the old secret"
    register(own, OWN_ID, "rotated-secret")
    assert refreshed(own, ivy, sandbox) == "connected"
    assert client_of(own, IVY)["version"] == 2
    presented = sandbox.requests("token")
    assert refreshed(own, ivy, sandbox) == "connected"
    assert sandbox.requests("token") == presented + 1, "the old secret isn't tried any more"


def test_a_wrong_new_secret_breaks_nobody(own, ada, ivy, sandbox):
    ivy.connect(sandbox)
    save(ada, OWN_ID, "mistyped")
    assert refreshed(own, ivy, sandbox) == "connected"


def test_a_client_that_the_provider_refuses_is_the_organisations_to_mend(own, ada, ivy, sandbox):
    ivy.connect(sandbox)
    save(ada, NEXT_ID, "next-secret")
    register(own, OWN_ID, "withdrawn")
    own.log.expect(rf":error\].*CALINT0204: ALARM.*organisation 1's own OAuth client {OWN_ID}, version 1 is refused")
    assert refreshed(own, ivy, sandbox) == "misconfigured"
    assert own.integration(IVY)["status"] == "error", "nobody is told to reconnect"
    page = ivy.page()
    assert "organisation's administrator must mend it" in page.text
    assert not own.log.with_tag("CalIntClientID")
    assert "Google Calendar refuses the OAuth client through which 1 person is connected" in ada.page(PAGE).text

    save(ada, OWN_ID, "withdrawn")
    assert notice_of(ivy.submit(page.form("Retry"))) == "connected", "mended by its administrator"


def test_a_refused_exchange_names_the_organisations_client(own, ivy, sandbox):
    callback = ivy.consent(sandbox)
    register(own, OWN_ID, "withdrawn")
    own.log.expect(rf":error\].*CALINT0204: ALARM: google refuses organisation 1's own OAuth client {OWN_ID}, version 1"
                   rf".*check its id and secret on {PAGE}")
    assert notice_of(ivy.get(callback)) == "misconfigured"
    assert not own.integrations(IVY)


def test_another_organisation_has_nothing_of_it(own, ivy, sandbox):
    add_people(own, [FAR_ADMIN, FAR_USER])
    own.httpd.know([FAR_ADMIN.login, FAR_USER.login])
    fay, far = own.client(FAR_USER), own.client(FAR_ADMIN)
    assert started_with(fay) == CLIENT_ID
    page = far.page(PAGE)
    assert OWN_ID not in page.text and "this server's client" in page.text
    ivy.connect(sandbox)
    assert "connected through" not in far.page(PAGE).text
    # A form can't name another organisation: the one of who sends it is meant.
    assert notice_of(far.submit(form_of(far), client_id=NEXT_ID, client_secret="s", organization_id="1")) == "saved"
    assert [(row["organization_id"], row["version"]) for row in versions(own)] == [("1", 1), ("2", 1)]
    assert (started_with(ivy), started_with(fay)) == (OWN_ID, NEXT_ID)


def test_other_nodes_and_a_restart_know_it_at_once(make_site, sandbox):
    site = make_site()
    second = site.add_node()
    register(site)
    browser, elsewhere = site.client(IVY), site.client(IVY, second)
    assert started_with(elsewhere) == CLIENT_ID
    save(site.client(ADA))
    assert (started_with(browser), started_with(elsewhere)) == (OWN_ID, OWN_ID)
    site.httpd.graceful()
    assert started_with(browser) == OWN_ID
    assert notice_of(browser.connect(sandbox)) == "connected"


def test_a_key_that_a_secret_uses_is_not_retired_before_it_moved(make_site, sandbox):
    site = make_site()
    register(site)
    ada, ivy = site.client(ADA), site.client(IVY)
    save(ada)
    save(ada, OWN_ID, OWN_SECRET + "-2")
    (old,) = [row.split()[0] for row in site.ctl("keys", "list").splitlines()]
    site.ctl("keys", "add")
    (new,) = [row.split()[0] for row in site.ctl("keys", "list").splitlines() if old not in row]
    site.ctl("keys", "promote", new, "--force")
    site.httpd.graceful()
    assert "Calendar" in ada.page().text  # the node's next request tells of its keys
    refused = site.run_ctl("keys", "retire", old)
    assert refused.returncode == 3 and "2 stored values" in refused.stdout + refused.stderr
    assert "2 rows moved" in site.ctl("keys", "reencrypt")
    site.ctl("keys", "retire", old)
    site.httpd.graceful()
    assert {bytes(row["secret_encrypted"])[1:5].hex() for row in versions(site)} == {new}
    register(site, OWN_ID, OWN_SECRET + "-2")
    assert notice_of(ivy.connect(sandbox)) == "connected"


def test_a_secret_moved_to_another_row_does_not_open(own, ada, ivy, sandbox):
    """Whoever can write to the database can't make one organisation's secret another's, nor an old one new."""
    save(ada, OWN_ID, "second")
    own.execute("UPDATE calendar_oauth_clients n SET secret_encrypted = o.secret_encrypted, seal_id = o.seal_id"
                " FROM calendar_oauth_clients o WHERE n.version = 2 AND o.version = 1 AND n.organization_id = '1'"
                " AND o.organization_id = '1'")
    own.log.expect("CALINT0216")
    assert ivy.connect(sandbox).status_code == 500
    assert sandbox.requests("token") == 0


def test_without_one_everything_goes_through_the_servers(site, ivy, sandbox):
    assert started_with(ivy) == CLIENT_ID
    assert notice_of(ivy.connect(sandbox)) == "connected"
    client = client_of(site, IVY)
    assert (client["organization_id"], client["secret_encrypted"]) == ("", None)
    assert CLIENT_SECRET not in site.cluster.dump(site.database)
