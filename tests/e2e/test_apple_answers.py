"""Whoever answers in iCloud's place may send anything: the password goes nowhere else, and what isn't whole is
nothing."""

import pytest

from harness.apple import assert_nothing_stored, calls
from harness.people import IVY
from harness.session import notice_of
from icloud_client import AVERY, AVERY_PASSWORD

#: The addresses that are asked; a search begins at two.
WAYS = (("icloud.entry", "icloud.well_known"), ("icloud.principal",), ("icloud.home",))


@pytest.fixture
def connected(site, ivy):
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    return site.integration(IVY)


def spoil(sandbox, way, fault, **options):
    for endpoint in way:
        sandbox.fault(endpoint, fault, **options)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[0])
@pytest.mark.parametrize("to", ["foreign", "http", "loop"])
def test_a_redirect_leads_the_password_nowhere_else(site, ivy, sandbox, way, to):
    site.log.expect("CALINT0208")
    spoil(sandbox, way, "redirect", to=to, count=-1)
    answer = ivy.type_password(AVERY, AVERY_PASSWORD)
    assert answer.status_code == 503
    assert "foreign" not in sandbox.icloud.hosts_with_credentials()
    assert len(calls(sandbox)) <= 12
    assert_nothing_stored(site)


def test_a_home_on_a_foreign_host_is_not_asked(site, ivy, sandbox):
    site.log.expect("CALINT0208")
    sandbox.fault("icloud.principal", "home_set", to="foreign")
    assert ivy.type_password(AVERY, AVERY_PASSWORD).status_code == 503
    assert sandbox.icloud.requests("foreign") == []
    assert_nothing_stored(site)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way[0])
@pytest.mark.parametrize("fault", ["html", "gzip_bomb", "oversize", "hang"])
def test_an_answer_of_another_kind_stores_nothing(site, ivy, sandbox, way, fault):
    site.log.expect("CALINT0208")
    spoil(sandbox, way, fault)
    assert ivy.type_password(AVERY, AVERY_PASSWORD).status_code == 503
    assert_nothing_stored(site)


#: A list alone may be too long: it is cut.
HOSTILE = [(way, shape) for way in WAYS
           for shape in ("dtd", "laughs", "quadratic", "external", "subset", "deep", "many", "attributes", "broken",
                         "cut")
           if (way[0], shape) != ("icloud.home", "many")]


@pytest.mark.parametrize("way,shape", HOSTILE, ids=[f"{shape}-{way[0]}" for way, shape in HOSTILE])
def test_hostile_xml_stores_nothing_and_asks_nobody_else(site, ivy, sandbox, way, shape):
    site.log.expect("CALINT0208")
    spoil(sandbox, way, "xml", shape=shape, size=200000 if shape == "many" else 10000, count=-1)
    answer = ivy.type_password(AVERY, AVERY_PASSWORD)
    assert answer.status_code == 503 and "Nothing was changed" in answer.text
    assert sandbox.icloud.requests("foreign") == []
    assert_nothing_stored(site)


def test_a_home_of_too_many_elements_is_cut(site, ivy, sandbox):
    """What is whole by then is taken, and the page says that there is more."""
    spoil(sandbox, ("icloud.home",), "xml", shape="many", size=200000, count=-1)
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    assert site.integration(IVY)["last_error"] == "list_cut"
    assert site.log.with_tag("CALINT0227")


def test_other_prefixes_and_a_type_that_lies_mean_the_same(site, ivy, sandbox):
    for endpoint in ("icloud.entry", "icloud.principal", "icloud.home"):
        sandbox.fault(endpoint, "xml", shape="prefixes")
        sandbox.fault(endpoint, "content_type")
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"


def test_failures_inside_a_207_leave_the_rest(site, ivy, sandbox):
    sandbox.fault("icloud.home", "inside", of="first")
    assert notice_of(ivy.type_password(AVERY, AVERY_PASSWORD)) == "connected"
    assert 0 < len(site.rows("SELECT 1 FROM calendar_integration_calendars")) < 3


def test_a_calendar_that_fails_for_the_moment_is_not_taken_as_gone(site, ivy, connected, sandbox):
    site.log.expect("CALINT0208")
    site.execute("UPDATE calendar_integrations SET status = 'error', last_error = 'provider_unavailable'")
    sandbox.fault("icloud.home", "inside", of="first", status=503)
    assert notice_of(ivy.submit(ivy.page().form("Retry"))) == "provider_unavailable"
    assert site.rows("SELECT 1 FROM calendar_integration_calendars WHERE gone_since IS NOT NULL") == []
