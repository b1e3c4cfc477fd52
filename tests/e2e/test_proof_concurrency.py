"""Many callbacks of one user at once, and a run of jobs that meets a reconnection at each of its round trips."""

import collections
import itertools
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from harness import clocks
from harness.flows import WAYS, begin
from harness.httpd_config import Config
from harness.invariants import check_rows, codes_presented, lost_accounts, run_all_jobs, use_tokens
from harness.paths import SETTINGS
from harness.people import IVY
from harness.pg_proxy import HOLD_ANSWER, HOLD_REQUEST, PgProxy
from harness.process import wait_until
from harness.session import notice_of

#: What each store leaves, in the order of the commits.
HISTORY = """
CREATE TABLE stored (id bigint GENERATED ALWAYS AS IDENTITY, account text, generation bigint);
CREATE FUNCTION note_stored() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO stored (account, generation) VALUES (new.account, new.generation); RETURN new; END $$;
CREATE TRIGGER note_stored AFTER INSERT OR UPDATE OF connected_at ON calendar_integrations
FOR EACH ROW EXECUTE FUNCTION note_stored()"""


#: At least so many are at the provider together; more where the node's outbound limit is higher.
AT_ONCE = 4
PREFORK = "StartServers 16\nMinSpareServers 8\nMaxSpareServers 16"


def answer_of(browser, callback):
    """As a browser that reloads where the page says so."""
    answer = browser.get(callback)
    until = time.monotonic() + 60
    while answer.status_code == 503 and time.monotonic() < until:
        time.sleep(min(0.2, float(answer.headers["Retry-After"])))
        answer = browser.get(callback)
    return answer


def all_at_once(site, sandbox, emails):
    """As many tabs, started and approved first, come back together; what each is told, the question as "switch"."""
    browser = site.client(IVY)
    browser.page()
    callbacks = [browser.consent(sandbox, email) for email in emails]
    tabs = [site.client(IVY) for _ in callbacks]
    for tab in tabs:
        tab.cookies.update(browser.cookies)
    sandbox.fault("token", "hold", count=-1)
    with ThreadPoolExecutor(len(callbacks)) as threads:
        coming = [threads.submit(answer_of, *pair) for pair in zip(tabs, callbacks)]
        sandbox.wait_until_held(AT_ONCE)
        sandbox.clear_faults()
        answers = [one.result(60) for one in coming]
    told = ["switch" if answer.headers["Location"].startswith(f"{SETTINGS}/switch?") else notice_of(answer)
            for answer in answers]
    assert codes_presented(sandbox) == len(emails)
    return browser, told


@pytest.fixture(params=["event", "prefork"])
def site_of(request, make_site):
    site = make_site(Config(mpm=request.param, extra=PREFORK if request.param == "prefork" else ""))
    # More than the limit allows are asked to come again, and do.
    site.log.allow("server reached MaxRequestWorkers", "CALINT0215")
    site.execute(HISTORY)
    return site


def test_fifty_callbacks_with_one_account_leave_the_last_one_stored(site_of, sandbox, proof):
    """Fifty addresses of it, so that each can be told from the others."""
    sub = sandbox.add_account("a0@example.com")["sub"]
    emails = [f"a{number}@example.com" for number in range(50)]
    for email in emails:
        sandbox.add_account(email, sub=sub)
    browser, told = all_at_once(site_of, sandbox, emails)
    check_rows(site_of)
    (row,) = site_of.integrations(IVY)
    assert row["active"]
    stored = site_of.rows("SELECT account, generation FROM stored ORDER BY id")
    assert row["account"] == stored[-1]["account"] and row["generation"] == stored[-1]["generation"] == len(stored)
    gave_up = [email for email, notice in zip(emails, told) if notice == "provider_unavailable"]
    assert sorted(gave_up + [one["account"] for one in stored]) == sorted(emails), "each is stored, or says it isn't"
    assert set(told) <= {"connected", "reconnected", "provider_unavailable"}
    run_all_jobs(site_of)
    assert sandbox.requests("revoke") == 0, "that would end the grant that is kept"
    assert len(sandbox.live_grants()) == 50
    used = use_tokens(site_of, browser, IVY, sandbox)
    assert used["account"] == stored[-1]["account"]
    proof.figure(f"50 callbacks with one account: {len(stored)} stored one after the other, {len(gave_up)} gave up")


def test_fifty_callbacks_with_as_many_accounts_leave_the_first_one_stored(site_of, sandbox, proof):
    emails = [f"b{number}@example.com" for number in range(50)]
    browser, told = all_at_once(site_of, sandbox, emails)
    check_rows(site_of)
    (row,) = site_of.integrations(IVY)
    assert [one["account"] for one in site_of.rows("SELECT account FROM stored")] == [row["account"]]
    counted = collections.Counter(told)
    assert counted["connected"] == 1 and set(counted) <= {"connected", "switch", "provider_unavailable"}
    assert emails[told.index("connected")] == row["account"]
    assert len(site_of.jobs("revoke")) == 49, "every loser's grant waits for the grant rule"
    run_all_jobs(site_of)
    assert [grant["account"] for grant in sandbox.live_grants()] == [row["account"]]
    assert not lost_accounts(site_of, sandbox)
    use_tokens(site_of, browser, IVY, sandbox)
    proof.figure(f"50 callbacks with 50 accounts: {dict(counted)}, 49 grants revoked")


@pytest.fixture
def proxies(cluster):
    """One for httpd, and one for the run of jobs."""
    made = PgProxy(cluster.port), PgProxy(cluster.port)
    yield made
    for proxy in made:
        proxy.stop()


def behind(proxy, make_site):
    site = make_site(start=False)
    site.start(CalIntDatabase=f'"{proxy.conninfo(site.database)}"')
    return site


def pending_revocation(site, sandbox):
    browser, callback = begin(site, sandbox, WAYS[0])
    assert notice_of(browser.get(callback)) == "connected"
    assert notice_of(browser.disconnect()) == "disconnected"
    return browser


def comes_to(step, jobs) -> bool:
    """Whether the run of jobs gets there; False once it has ended."""
    wait_until(lambda: step.is_met or jobs.poll() is not None, "the run of jobs", 30)
    return step.is_met


@pytest.mark.parametrize("dies", [False, True], ids=["goes on", "is killed"])
def test_a_reconnection_meets_a_run_of_jobs_at_each_of_its_round_trips(make_site, proxies, sandbox, proof, dies):
    """The connection works or says that it doesn't, and none is connected whose grant is gone. How many round trips
    there are is each run's own: held at the first, the second and so on, until a run ends before it gets there."""
    for_httpd, for_jobs = proxies
    site = behind(for_httpd, make_site)
    site.log.allow("CALINT0208")
    conninfo = for_jobs.conninfo(site.database)
    assert site.run_jobs().returncode == 0, "what is done once an hour isn't what is tried here"
    told = collections.Counter()
    for number, action in ((number, action) for number in itertools.count(1) for action in (HOLD_REQUEST, HOLD_ANSWER)):
        browser = pending_revocation(site, sandbox)
        callback = browser.consent(sandbox)
        step = for_jobs.at(number, action)
        jobs = site.start_jobs(conninfo)
        if not comes_to(step, jobs):
            break
        groups = for_httpd.groups
        answer = browser.get_in_background(callback)
        # Done, or turning around until the revocation is over.
        wait_until(lambda: answer.done() or for_httpd.groups > groups + 8, "the callback")
        if dies:
            jobs.kill()
            jobs.wait(30)
            step.cut()
            clocks.revocations_forgotten(site)
        else:
            step.release()
            assert jobs.wait(30) in (0, 4)
        notice = notice_of(answer.result(30))
        check_rows(site)
        run_all_jobs(site)
        status = site.integration(IVY)["status"]
        assert (notice, status) in {("connected", "connected"), ("validation_failed", "error"),
                                    ("validation_failed", "expired")}, f"{action} {number}"
        if status == "connected":
            use_tokens(site, browser, IVY, sandbox)
        assert notice_of(browser.connect(sandbox)) == "reconnected"
        use_tokens(site, browser, IVY, sandbox)
        assert not lost_accounts(site, sandbox)
        told[notice] += 1
    assert jobs.wait(30) == 0 and not sandbox.live_grants(), "whoever wasn't held has revoked"
    assert number > 6, "session, what is due, claim, permission to revoke, end: there are more"
    proof.figure(f"{told.total()} runs of jobs, held before and after each round trip: the callback was told "
                 f"{dict(told)}")


@pytest.mark.parametrize("meets", ["reconnection", "retry"])
def test_a_disconnect_that_is_about_to_be_stored_meets(make_site, proxies, sandbox, meets):
    """What the user saw when they confirmed is what is disconnected, and nothing newer."""
    site = behind(proxies[0], make_site)
    browser, callback = begin(site, sandbox, WAYS[0])
    browser.get(callback)
    form = browser.page(f"{SETTINGS}/disconnect").form("Disconnect")
    step = proxies[0].at(2, HOLD_REQUEST)  # the first finds the user
    answer = browser.post_in_background(form.action, form.fields)
    step.wait_until_met()
    if meets == "retry":
        use_tokens(site, browser, IVY, sandbox)
    else:
        assert notice_of(browser.connect(sandbox)) == "reconnected"
    step.release()
    answer = answer.result(30)
    check_rows(site)
    run_all_jobs(site)
    if meets == "retry":
        assert notice_of(answer) == "disconnected"
        assert not sandbox.live_grants()
    else:
        assert answer.status_code == 409
        use_tokens(site, browser, IVY, sandbox)
