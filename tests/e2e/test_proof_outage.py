"""A provider that is down for hours is asked by the pace that integration/due_refresh promises, and gets no storm when
it is back.

Hours pass by moving what the database has noted of time back; an interval between two moves is therefore one that the
pace allows, or longer."""

import collections
import math
import time

import pytest

from harness import clocks
from harness.invariants import check_rows
from harness.process import wait_until
from harness.refreshes import Fleet

#: Half of it is for background work.
AT_ONCE = 8
#: Of integration/due_refresh, in seconds: attempts come 30 s after the first failure, doubling up to 15 min, give or
#: take a quarter.
FIRST, MOST, SPREAD = 30, 15 * 60, 0.25
MINUTE, HOUR = 60, 3600
#: Longer than the pace's longest interval.
ASKED_TO_WAIT = 2 * HOUR
#: Longer than the worker waits between two looks.
A_LOOK = 2.5


def most_attempts(seconds):
    """Of one connection that was due at the beginning: each interval as short as the pace allows."""
    attempts, at, interval = 1, 0.0, FIRST
    while (at := at + interval * (1 - SPREAD)) <= seconds:
        attempts, interval = attempts + 1, min(2 * interval, MOST)
    return attempts


def least_attempts(seconds, step):
    """Each interval as long as it allows, and up to a step longer, because time passes by steps."""
    attempts, at, interval = 1, 0.0, FIRST
    while (at := at + interval * (1 + SPREAD) + step) <= seconds:
        attempts, interval = attempts + 1, min(2 * interval, MOST)
    return attempts


def most_by_chance(mean):
    """Of as many as that on average, spread evenly: six deviations more, and a few where hardly any are expected."""
    return mean + 6 * math.sqrt(mean) + 4


def due(site):
    """How many refreshes and validations are due or being done."""
    return site.row("SELECT count(*) AS n FROM calendar_jobs"
                    " WHERE due_at <= now() AND kind IN ('refresh', 'validate')")["n"]


def ahead(site):
    """In how many seconds each refresh is due, in order."""
    return [row["ahead"] for row in site.rows("SELECT extract(epoch FROM due_at - now())::float AS ahead"
                                              " FROM calendar_jobs WHERE kind = 'refresh' ORDER BY due_at")]


def work_off(fleet):
    """Until nothing is due and nothing under way. A look that finds so may have come between a claim and its first
    call, four of them hardly."""
    quiet = []

    def is_quiet():
        quiet.append(not due(fleet.site) and not fleet.sandbox.state()["in_flight"].get("token"))
        return len(quiet) >= 4 and all(quiet[-4:])

    wait_until(is_quiet, "what is due", 60, pause=0.1)


def work_off_in_vain(fleet):
    """The same while every attempt fails: each that a claim has counted came to the provider, and nothing else did.
    Returns how many each connection has had."""

    def is_done():
        tries = attempts(fleet)
        return not due(fleet.site) and tries.total() == fleet.requests() and tries

    return wait_until(is_done, "the attempts", 60, pause=0.1)


def attempts(fleet):
    """Of each connection since its last refresh that worked."""
    return collections.Counter({account: row["attempts"] for account, row in fleet.rows().items()})


def fleet_at_work(make_site, sandbox, size):
    """Connections whose tokens expire at this moment, and a node that works."""
    site = make_site()
    fleet = Fleet(site, sandbox, size)
    node = site.add_node(CalIntWorker="on", CalIntProviderConcurrency=str(AT_ONCE), provider=site.google_section())
    node.log.allow("CALINT0220", "CALINT0208")
    return fleet


def peak(sandbox):
    return sandbox.state()["peak_in_flight"]["token"]


def in_vain(sandbox):
    """How many requests for tokens the provider refused."""
    return sum(count for status, count in sandbox.state()["answers"]["token"].items() if status != "200")


def check_end(fleet):
    """After the return: each connection was refreshed, once, and is healthy."""
    assert collections.Counter(row["status"] for row in fleet.rows().values()) == {"connected": fleet.size}
    assert collections.Counter(fleet.refreshes().values()) == {1: fleet.size}
    assert fleet.requests() - in_vain(fleet.sandbox) == fleet.size
    check_rows(fleet.site)


def test_an_outage_of_hours_and_the_return(make_site, sandbox, proof):
    size, hours, step = proof.size((60, 2, 20 * MINUTE), (600, 5, 5 * MINUTE))
    fleet = fleet_at_work(make_site, sandbox, size)
    site = fleet.site
    sandbox.fault("token", "latency", count=-1, seconds=0.02)
    down = sandbox.fault("token", "status", count=-1, grant_type="refresh_token")
    connecting = peak(sandbox)
    fleet.make_due()
    work_off_in_vain(fleet)
    for _ in range(hours * HOUR // step):
        clocks.time_passed(site, step)
        tries = work_off_in_vain(fleet).values()
    # The seconds that really passed count too.
    most, least = most_attempts(hours * HOUR + 10 * MINUTE), least_attempts(hours * HOUR, step)
    assert least <= min(tries) and max(tries) <= most
    assert {row["status"] for row in fleet.rows().values()} == {"error"}

    # Even where all failed at once, what comes after the longest interval is spread over half of it.
    coming = ahead(site)
    assert coming[-1] <= MOST * (1 + SPREAD)
    in_a_minute = collections.Counter(int(one // MINUTE) for one in coming)
    in_a_second = collections.Counter(int(one) for one in coming)
    busiest_minute, busiest_second = max(in_a_minute.values()), max(in_a_second.values())
    assert busiest_minute <= most_by_chance(size * MINUTE / (2 * SPREAD * MOST))
    assert busiest_second <= most_by_chance(size / (2 * SPREAD * MOST))

    sandbox.clear_faults(down)
    step = proof.size(4 * MINUTE, MINUTE)
    for _ in range(int(MOST * (1 + SPREAD)) // step + 1):
        begun, coming, before = time.monotonic(), ahead(site), fleet.requests()
        clocks.time_passed(site, step)
        work_off(fleet)
        passed = step + time.monotonic() - begun + 1
        assert fleet.requests() - before <= sum(one <= passed for one in coming), "who isn't due isn't asked for"
    check_end(fleet)
    assert connecting <= peak(sandbox) <= AT_ONCE // 2
    proof.figure(f"{size} connections, a provider that was down for {hours} h: {min(tries)} to {max(tries)} attempts "
                 f"of each (the pace allows {least} to {most}); at the return at most {busiest_second} a second and "
                 f"{busiest_minute} a minute, each connection once; {peak(sandbox)} calls at a time of {AT_ONCE}")


def test_a_worker_that_was_away_for_hours(make_site, sandbox, proof):
    """Everything is overdue at once."""
    size = proof.size(60, 600)
    site = make_site()
    fleet = Fleet(site, sandbox, size)
    fleet.make_due()
    clocks.time_passed(site, 6 * HOUR)
    sandbox.fault("token", "latency", count=-1, seconds=0.1)
    site.add_node(CalIntWorker="on", CalIntProviderConcurrency=str(AT_ONCE), provider=site.google_section())
    wait_until(lambda: not fleet.outdated(), "the refreshes", 120)
    work_off(fleet)
    check_end(fleet)
    assert peak(sandbox) == AT_ONCE // 2
    proof.figure(f"{size} connections that were overdue for hours: each was refreshed once, {peak(sandbox)} calls at a "
                 f"time of {AT_ONCE}")


@pytest.mark.parametrize("kind", ["status", "rate_limit"])
def test_a_providers_retry_after_is_kept(make_site, sandbox, kind):
    fleet = fleet_at_work(make_site, sandbox, 10)
    site, asked = fleet.site, fleet.size
    down = sandbox.fault("token", kind, count=-1, grant_type="refresh_token", retry_after=str(ASKED_TO_WAIT))
    fleet.make_due()
    work_off_in_vain(fleet)
    assert fleet.requests() == asked
    wait_until(lambda: ahead(site)[0] > ASKED_TO_WAIT - MINUTE / 2, "what the provider asked for to be noted")
    clocks.time_passed(site, ASKED_TO_WAIT - MINUTE)
    time.sleep(A_LOOK)
    assert fleet.requests() == asked
    sandbox.clear_faults(down)
    # They don't all come at once.
    waits = ahead(site)
    assert waits[-1] - waits[0] > ASKED_TO_WAIT * SPREAD / 4
    assert waits[-1] < MINUTE + ASKED_TO_WAIT * SPREAD
    clocks.time_passed(site, MINUTE + ASKED_TO_WAIT * SPREAD)
    work_off(fleet)
    check_end(fleet)
    assert in_vain(sandbox) == asked


def test_a_retry_after_that_is_shorter_than_the_pace_hastens_nothing(make_site, sandbox):
    fleet = fleet_at_work(make_site, sandbox, 10)
    sandbox.fault("token", "status", count=-1, grant_type="refresh_token", retry_after="1")
    fleet.make_due()
    work_off_in_vain(fleet)
    time.sleep(A_LOOK)
    assert ahead(fleet.site)[0] > FIRST * (1 - SPREAD) - 2 * A_LOOK
    assert fleet.requests() == fleet.size
