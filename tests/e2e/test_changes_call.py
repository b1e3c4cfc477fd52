"""GET /changes: in the order in which they became visible, none missed, none twice."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from harness.ats import Ats, let_keys_be_known, make_key, problem_of
from harness.people import ADA, FAY, IVY, SAM


@pytest.fixture(scope="module")
def keys(shared_site):
    made = {name: make_key(shared_site, f"changes-{name}", scopes=scopes)
            for name, scopes in (("changes", "changes"), ("others", "availability,events"))}
    made["foreign"] = make_key(shared_site, "changes-foreign", organization="2", scopes="changes")
    let_keys_be_known()
    return made


@pytest.fixture
def ats(site, keys):
    # The numbers of a test before are gone for good.
    site.execute("DELETE FROM calendar_organization_settings")
    return Ats(site.url, keys["changes"])


INSERT = "INSERT INTO calendar_changes (organization_id, user_id, change) VALUES (%s, %s, %s)"


def add(site, *changes, person=IVY):
    for change in changes:
        site.execute(INSERT, person.organization, person.id, change)


def read(ats, after=None, limit=None):
    """The words, and what to send next."""
    query = "&".join(f"{name}={value}" for name, value in (("after", after), ("limit", limit)) if value is not None)
    answer = ats.get(f"/changes?{query}")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    return [one["change"] for one in told["changes"]], told["next"]


def test_a_connection_is_a_change(site, ats, ivy, sandbox):
    ivy.connect(sandbox)
    (change,) = ats.get("/changes").json()["changes"]
    row = site.row("SELECT * FROM calendar_changes")
    assert change == {"id": str(row["number"]), "user_id": IVY.id, "integration_id": str(row["integration_id"]),
                      "change": "connected", "status": "connected", "detail": None,
                      "created_at": row["created_at"].strftime("%Y-%m-%dT%H:%M:%SZ")}


def test_they_are_read_on_from_next(site, ats):
    nothing, begin = read(ats)
    assert nothing == []
    add(site, "a", "b", "c")
    words, after = read(ats, begin, limit=2)
    assert words == ["a", "b"]
    words, after = read(ats, after)
    assert words == ["c"] and read(ats, after) == ([], after)
    add(site, "d")
    assert read(ats, after)[0] == ["d"] and read(ats)[0] == ["a", "b", "c", "d"]


def timed(ats, query):
    """The words, and after how many seconds they came."""
    begun = time.monotonic()
    answer = ats.get(f"/changes?{query}")
    assert answer.status_code == 200, answer.text
    return [one["change"] for one in answer.json()["changes"]], time.monotonic() - begun


def test_an_empty_answer_may_be_held_back_until_there_is_something(site, ats):
    assert timed(ats, "after=0")[1] < 1
    words, seconds = timed(ats, "after=0&wait=2")
    assert words == [] and 2 <= seconds < 4
    with ThreadPoolExecutor(1) as reader:
        waiting = reader.submit(timed, ats, "after=0&wait=4")
        time.sleep(1)
        add(site, "a")
        words, seconds = waiting.result()
    assert words == ["a"] and 1 <= seconds < 3.5
    assert timed(ats, "after=0&wait=4")[1] < 1, "there is something"
    for wait in ("5", "-1", "x"):
        problem_of(ats.get(f"/changes?wait={wait}"), 400, "invalid_request")


def test_a_tenth_of_the_workers_holds_answers_back(site, ats):
    with ThreadPoolExecutor(20) as readers:
        took = sorted(seconds for _, seconds in readers.map(lambda _: timed(ats, "after=0&wait=3"), range(20)))
    assert len([seconds for seconds in took if seconds >= 3]) == 5, took
    assert took[14] < 2.5, took


def test_what_commits_late_comes_late_and_is_missed_by_nobody(site, ats):
    with closing(site.cluster.connect(site.database)) as slow:
        slow.autocommit = False
        with slow.cursor() as cursor:
            cursor.execute(INSERT, ("1", IVY.id, "slow"))
            add(site, "quick")
            words, after = read(ats)
            assert words == ["quick"], "the open transaction holds nobody up"
            slow.commit()
    assert read(ats, after)[0] == ["slow"]


def test_many_readers_and_writers_see_one_order(site, ats):
    seen, after = [], "0"

    def write(number):
        with closing(site.cluster.connect(site.database)) as connection, connection.cursor() as cursor:
            for part in range(10):
                cursor.execute(INSERT, ("1", IVY.id, f"{number}/{part}"))

    with ThreadPoolExecutor(8) as pool:
        writing = [pool.submit(write, number) for number in range(4)]
        while not all(one.done() for one in writing):
            list(pool.map(lambda _: read(ats), range(3)))
            words, after = read(ats, after)
            seen += words
        for one in writing:
            one.result()
    seen += read(ats, after)[0]
    assert len(seen) == 40 and read(ats)[0] == seen
    for number in range(4):
        assert [word for word in seen if word.startswith(f"{number}/")] == [f"{number}/{part}" for part in range(10)]


def test_what_is_no_longer_kept_is_said(site, ats):
    add(site, "a", "b")
    words, after = read(ats, limit=1)
    site.execute("DELETE FROM calendar_changes")
    problem_of(ats.get(f"/changes?after={after}"), 410, "changes_gone")
    words, begin = read(ats)
    assert words == [] and int(begin) > int(after) and read(ats, begin) == ([], begin)


def test_what_went_before_anybody_read_it_is_said_too(site, ats):
    add(site, "a")
    _, after = read(ats)
    add(site, "never read")
    site.execute("DELETE FROM calendar_changes")
    problem_of(ats.get(f"/changes?after={after}"), 410, "changes_gone")


def test_each_organisation_has_its_own(site, ats, keys):
    add(site, "ours")
    add(site, "theirs", person=FAY)
    assert read(ats)[0] == ["ours"] and read(Ats(site.url, keys["foreign"]))[0] == ["theirs"]


def test_who_may_read_them(site, ats, keys):
    for person in (SAM, ADA):
        assert Ats(site.url, browser=site.client(person)).get("/changes").status_code == 200
    problem_of(Ats(site.url, browser=site.client(IVY)).get("/changes"), 403, "forbidden")
    problem_of(Ats(site.url, keys["others"]).get("/changes"), 403, "forbidden")


@pytest.mark.parametrize("query,pointer", [("after=x", "/after"), ("after=-1", "/after"), ("limit=0", "/limit"),
                                           ("limit=1001", "/limit"), ("after=99999999999999999999", "/after"),
                                           ("since=1", "/since"), ("after=1&after=2", "/after")])
def test_what_cannot_be_asked_is_named(ats, query, pointer):
    problem_of(ats.get(f"/changes?{query}"), 400, "invalid_request", pointer)
