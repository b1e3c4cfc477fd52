"""Several httpd nodes share the database and the keyset, and nothing else (contract, section 1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from harness.people import IAN, IVY
from harness.session import SETTINGS, notice_of


@pytest.fixture
def site(make_site):
    site = make_site()
    site.add_node()
    return site


def on(node, site, url):
    """The same address at another node, as a load balancer would choose it."""
    return url.replace(site.url, node.url)


def test_a_flow_that_began_on_one_node_ends_on_another(site, sandbox):
    client = site.client(IVY)
    first, second = site.nodes
    assert notice_of(client.get(on(second, site, client.consent(sandbox)))) == "connected"
    assert site.integration(IVY)["status"] == "connected"
    assert second.log.with_tag("CALINT0206") and not first.log.with_tag("CALINT0206")


def test_the_reload_of_a_callback_at_another_node_is_no_alarm(site, sandbox):
    client = site.client(IVY)
    url = client.consent(sandbox)
    first = client.get(url)
    again = client.get(on(site.nodes[1], site, url))
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert sandbox.requests("token") == 1


def test_one_callback_at_two_nodes_at_once_presents_its_code_once(site, sandbox):
    client = site.client(IVY)
    for _ in range(5):
        before = sandbox.requests("token")
        url = client.consent(sandbox)
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(client.get, [url, on(site.nodes[1], site, url)] * 2))
        assert sandbox.requests("token") == before + 1


def test_a_form_of_one_node_is_accepted_by_another(site, sandbox):
    client = site.client(IVY)
    client.connect(sandbox)
    form = client.page(f"{SETTINGS}/disconnect").form("Disconnect")
    form.action = on(site.nodes[1], site, site.url + form.action)
    assert notice_of(client.submit(form)) == "disconnected"


def test_every_node_tells_the_database_which_keys_it_has(site):
    for node in site.nodes:
        site.client(IVY, node).page()
    rows = site.rows("SELECT node_id, key_ids FROM calendar_nodes")
    assert len(rows) == 2 and len({row["node_id"] for row in rows}) == 2
    assert all(row["key_ids"] for row in rows)


def test_many_users_connect_at_both_nodes_at_once(site, sandbox):
    def connect(number):
        person, node = (IVY, IAN)[number % 2], site.nodes[number // 2 % 2]
        client = site.client(person)
        return notice_of(client.get(on(node, site, client.consent(sandbox, f"{person.id}@example.com"))))
    for node in site.nodes:
        node.log.allow("CALINT0205")
    with ThreadPoolExecutor(4) as threads:
        notices = list(threads.map(connect, range(16)))
    assert set(notices) <= {"connected", "reconnected"}
    assert len(site.rows("SELECT * FROM calendar_integrations")) == 2
    assert len(sandbox.live_grants()) >= 2
