"""configtest refuses what can't work and says what to write."""

import os

import pytest

from harness.httpd_config import Config
from harness.people import IVY
from harness.process import as_root

REFUSED = [
    # directive, value, what the message must say
    ("CalIntDatabase", '""', "CalIntDatabase"),
    ("CalIntDatabase", "exec:relative", "absolute"),
    ("CalIntDatabasePool", "0", "whole number"),
    ("CalIntDatabasePool", "many", "whole number"),
    ("CalIntDatabasePrepare", "maybe", "auto"),
    ("CalIntDatabaseListen", "db.example.com", "connection string"),
    ("CalIntDatabaseListen", "exec:relative", "absolute"),
    ("CalIntKeyFile", "exec:relative", "absolute"),
    ("CalIntKeyFile", "credential:a/b", "credential"),
    ("CalIntPublicURL", "ats.example.com", "https://"),
    ("CalIntPublicURL", "http://ats.example.com", "https"),
    ("CalIntIdentity", "somebody", "remote-user"),
    ("CalIntIdentity", "env:HTTP_X_USER", "HTTP_"),
    ("CalIntIdentity", "env:REDIRECT_HTTP_X_USER", "request header"),
    ("CalIntIdentity", "session:", "session:"),
    ("CalIntOrganization", "env:HTTP_X_ORG", "request header"),
    ("CalIntOrganization", "remote-user", "session:"),
    ("CalIntStateLifetime", "5", "60"),
    ("CalIntReturnTo", "elsewhere", "/"),
    ("CalIntReturnTo", "//evil.example", "/"),
    ("CalIntRefreshLead", "-1", "whole number"),
    ("CalIntExpiryGrace", "soon", "whole number"),
    ("CalIntSyncWindow", "7 0", "whole number"),
    ("CalIntSyncInterval", "5", "60"),
    ("CalIntStaleAfter", "often", "whole number"),
    ("CalIntUnknownPolicy", "maybe", "busy or free"),
    ("CalIntProviderTimeout", "9 5", "CalIntProviderTimeout"),
    ("CalIntProviderConcurrency", "0", "whole number"),
    ("CalIntProxy", "proxy", "http"),
    ("CalIntFrameAncestors", '"http://x;y"', "CalIntFrameAncestors"),
    ("CalIntWorker", "maybe", "On or Off"),
    ("CalIntAllowInsecureLoopback", "maybe", "On or Off"),
    ("CalIntClientID", "outside", "CalIntProvider"),
]


def configtest_with(make_site, **changes):
    site = make_site(start=False)
    site.add_node(launch=False, **changes)
    return site.httpd.test_configuration()


@pytest.mark.parametrize("name,value,says", REFUSED)
def test_a_value_that_cannot_work_is_refused_with_what_to_write(make_site, name, value, says):
    tested = configtest_with(make_site, **{name: value})
    assert tested.returncode != 0
    assert name in tested.stderr and says in tested.stderr


@pytest.mark.parametrize("provider,says", [
    ("<CalIntProvider yahoo>\n</CalIntProvider>", "google"),
    ("<CalIntProvider google>\n</CalIntProvider>", "CalIntClientID"),
    ("<CalIntProvider google>\nCalIntClientID a\n</CalIntProvider>", "CalIntClientSecret"),
    ("<CalIntProvider google>\nCalIntClientID a\nCalIntClientSecret b\nCalIntTokenURL http://evil.example/t\n"
     "</CalIntProvider>", "https"),
    ("<CalIntProvider google>\nCalIntClientID a\nCalIntClientSecret b\nCalIntBogus x\n</CalIntProvider>",
     "CalIntBogus"),
    ("<CalIntProvider google>\nCalIntClientID a\nCalIntClientSecret b\nCalIntRequestsPerMinute 5\n</CalIntProvider>",
     "CalIntRequestsPerMinute"),
    ("<CalIntProvider apple>\nCalIntApiURL http://caldav.example.com\n</CalIntProvider>", "https"),
    ("<CalIntProvider apple>\nCalIntApiHosts *.com/\n</CalIntProvider>", "CalIntApiHosts"),
])
def test_a_provider_section_that_cannot_work_is_refused(make_site, provider, says):
    tested = configtest_with(make_site, provider=provider)
    assert tested.returncode != 0
    assert says in tested.stderr


@pytest.mark.parametrize("directive", [
    "CalIntClientID a", "CalIntClientSecret b", "CalIntClientCertificate /c.pem", "CalIntClientKey /c.key",
    "CalIntTenant common", "CalIntAuthorizeURL https://a.example/", "CalIntTokenURL https://a.example/",
    "CalIntRevokeURL https://a.example/", "CalIntIssuer none", "CalIntRequestsPerMinute 600",
])
def test_apple_refuses_directives_of_oauth_by_name(make_site, directive):
    tested = configtest_with(make_site, provider=f"<CalIntProvider apple>\n{directive}\n</CalIntProvider>")
    assert tested.returncode != 0
    assert f"<CalIntProvider apple> has {directive.split()[0]}, which Apple Calendar doesn't know" in tested.stderr
    assert "has no CalIntClient" not in tested.stderr


def test_files_of_another_user_are_refused(make_site):
    """Only root can give a file away; for anybody else, root's are the ones that can't be read."""
    if not as_root():
        return
    site = make_site(start=False)
    os.chown(site.key_file, 65534, 65534)
    os.chown(site.secret_file, 65534, 65534)
    tested = site.add_node(launch=False).test_configuration()
    assert tested.returncode != 0
    for directive, path in (("CalIntKeyFile", site.key_file), ("CalIntClientSecret", site.secret_file)):
        assert f"{directive}: {path} belongs to another user" in tested.stderr
    site.log.expect("CALINT0108.*CalIntKeyFile", "AH00016")
    with pytest.raises(RuntimeError, match="belongs to another user"):
        site.httpd.start()


def test_a_program_that_root_wrote_names_the_database(make_site):
    """Each new connection of httpd's children runs it, as httpd's user."""
    site = make_site(start=False)
    program = site.folder / "conninfo"
    program.write_text(f"#!/bin/sh\necho '{site.cluster.conninfo(site.database)}'\n", "ascii")
    program.chmod(0o755)
    if as_root():
        site.start(Config(), CalIntDatabase=f"exec:{program}")
        assert "Select Calendar Provider" in site.client(IVY).page().text
    else:
        assert "must belong to root" in configtest_with(make_site, CalIntDatabase=f"exec:{program}").stderr


@pytest.mark.parametrize("inside", [
    "", "CalIntApiURL https://caldav.icloud.com.cn\nCalIntApiHosts *.icloud.com.cn caldav.example.com\n"])
def test_apple_needs_no_client(make_site, inside):
    tested = configtest_with(make_site, provider=f"<CalIntProvider apple>\n{inside}</CalIntProvider>")
    assert tested.returncode == 0, tested.stderr


@pytest.mark.parametrize("provider", ["google", "outlook"])
def test_hosts_for_passwords_are_apples_alone(make_site, provider):
    section = (f"<CalIntProvider {provider}>\nCalIntClientID a\nCalIntClientSecret b\n"
               "CalIntApiHosts *.example.com\n</CalIntProvider>")
    tested = configtest_with(make_site, provider=section)
    assert tested.returncode != 0
    assert f"<CalIntProvider {provider}> has CalIntApiHosts" in tested.stderr


def test_http_on_loopback_needs_a_word_of_consent(make_site):
    tested = configtest_with(make_site, CalIntAllowInsecureLoopback="")
    assert tested.returncode != 0
    assert "CalIntAllowInsecureLoopback" in tested.stderr


def test_a_site_that_forgot_the_stylesheets_mount_is_told(make_site):
    site = make_site(start=False)
    httpd = site.add_node(launch=False)
    assert "calint-static" not in httpd.test_configuration().stderr
    directives = httpd.configuration.read_text("utf-8")
    httpd.configuration.write_text(directives.replace("SetHandler calint-static", ""), "utf-8")
    tested = httpd.test_configuration()
    assert tested.returncode == 0
    assert "CALINT0103: calint-static is mounted nowhere" in tested.stderr


def test_a_program_in_a_folder_that_another_user_may_change_is_refused(make_site, folder):
    place = folder / "theirs"
    place.mkdir()
    place.chmod(0o777)
    (place / "conninfo").symlink_to("/bin/pwd")
    tested = configtest_with(make_site, CalIntDatabase=f"exec:{place}/conninfo")
    assert tested.returncode != 0
    assert str(place) in tested.stderr


def test_the_client_secret_is_not_repeated(make_site):
    tested = configtest_with(make_site, provider="<CalIntProvider google>\nCalIntClientID a\nCalIntClientSecret "
                                             "recognisable-secret\nCalIntTokenURL nonsense\n</CalIntProvider>")
    assert tested.returncode != 0
    assert "recognisable-secret" not in tested.stderr


def test_the_sum_of_database_connections_is_told(make_site, cluster):
    site = make_site(start=False)
    node = site.add_node(launch=False, CalIntDatabasePool="7", CalIntWorker="on",
                         CalIntDatabaseListen=f'"{cluster.conninfo(site.database)}"')
    done = node.test_configuration()
    assert done.returncode == 0
    assert ("this node takes at most 8 connections to the database: 7 of CalIntDatabasePool, with background work, and "
            "1 of CalIntDatabaseListen") in done.stderr
    assert "dbname" not in done.stderr
