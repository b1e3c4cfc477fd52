"""Two httpd nodes share one database and keyset, and nothing else."""

import pytest

from harness import clocks
from harness.paths import DISCONNECT
from harness.people import IVY
from harness.session import notice_of


@pytest.fixture
def cluster_of_two(make_site):
    site = make_site()
    site.add_node()
    return site


def on(browser, node):
    """The same browser, sent to this node by the load balancer: cookies don't know ports."""
    browser.url = node.url
    return browser


def moved(url, node):
    """The callback's address as the load balancer would give it to this node."""
    return node.url + url[url.index("/", len("http://")):]


def test_a_flow_begun_on_one_node_ends_on_the_other(cluster_of_two, sandbox):
    first, second = cluster_of_two.nodes
    browser = cluster_of_two.client(IVY)
    callback = on(browser, first).consent(sandbox)
    assert notice_of(browser.get(moved(callback, second))) == "connected"
    assert second.log.with_tag("CALINT0206") and not first.log.with_tag("CALINT0206")
    assert "Connected to Google Calendar" in on(browser, second).page().text
    assert "Connected to Google Calendar" in on(browser, first).page().text


def test_a_callback_that_reaches_both_nodes_presents_its_code_once(cluster_of_two, sandbox):
    first, second = cluster_of_two.nodes
    browser = cluster_of_two.client(IVY)
    callback = browser.consent(sandbox)
    answers = [browser.get_in_background(moved(callback, node)) for node in (first, second, first, second)]
    assert {answer.result(30).status_code for answer in answers} == {303}
    assert sandbox.requests("token") == 1
    assert len(cluster_of_two.integrations(IVY)) == 1


def test_a_form_of_one_node_is_accepted_by_the_other(cluster_of_two, sandbox):
    first, second = cluster_of_two.nodes
    browser = cluster_of_two.client(IVY)
    browser.connect(sandbox)
    form = on(browser, first).page(DISCONNECT).form("Disconnect")
    answer = on(browser, second).post(form.action, form.fields)
    assert notice_of(answer) == "disconnected"


def test_a_token_is_refreshed_by_one_node(cluster_of_two, sandbox):
    first, second = cluster_of_two.nodes
    for node in (first, second):
        node.log.allow("CALINT0208")
    browser = cluster_of_two.client(IVY)
    sandbox.fault("calendarList", "status")
    assert notice_of(browser.connect(sandbox)) == "validation_failed"
    clocks.tokens_expired(cluster_of_two)
    form = browser.page().form("Retry")
    hold = sandbox.fault("token", "hold", grant_type="refresh_token")
    answers = [clocks.post_beside_others(cluster_of_two, browser, node.url + form.action, form.fields)
               for node in (first, second)]
    sandbox.wait_until_held()
    sandbox.release(hold)
    assert [notice_of(answer.result(30)) for answer in answers] == ["connected", "connected"]
    assert sandbox.state()["details"]["token.refresh_token"] == 1


def test_both_nodes_are_known_by_their_keys(cluster_of_two):
    browser = cluster_of_two.client(IVY)
    for node in cluster_of_two.nodes:
        on(browser, node).page()
    rows = cluster_of_two.rows("SELECT * FROM calendar_nodes")
    assert len(rows) == 2
    assert len({tuple(row["key_ids"]) for row in rows}) == 1
