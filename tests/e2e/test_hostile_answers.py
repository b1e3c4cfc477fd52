"""Whoever answers in the provider's place may send anything: without end, without measure, against HTTP's rules. The
user hears of it in time, nothing is stored that may not be, no memory is lost to it, and the site goes on."""

import time
from pathlib import Path

import pytest

from harness.people import IAN, IVY
from harness.session import notice_of

DEADLINE = 7  # seconds: the callback's five, and slack for a busy machine
MEMORY = 10 * 1024  # kB that a child may grow by
#: 700 kB of JSON that want some 40 MB as a tree.
MANY_VALUES = '{"items":[' + "{}," * 230_000 + "{}]}"

ENDLESS = [
    ("oversize", {"bytes": 100_000_000}),
    ("gzip_bomb", {"layers": 2}),
    ("endless_headers", {}),
    ("endless_headers", {"seconds": 0.2}),
    ("many_headers", {"lines": 1000, "bytes": 100}),
    ("endless_chunks", {}),
    ("endless_chunks", {"seconds": 0.5}),
]
BROKEN = [
    ("malformed_json", {"text": MANY_VALUES}),
    ("encoding", {"name": "gzip"}),
    ("encoding", {"name": "br"}),
    ("encoding", {"name": "deflate"}),
    ("encoding", {"name": "x-unknown"}),
    ("encoding", {"name": ", ".join(["gzip"] * 50)}),
    ("wrong_length", {"length": "10"}),
    ("wrong_length", {"length": "100000"}),
    ("wrong_length", {"length": "-1"}),
    ("wrong_length", {"length": "many"}),
]


def words(value):
    return value if isinstance(value, str) else "-".join(str(part)[:12] for part in value.values()) or "plain"


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def most_memory(site) -> int:
    """The kB that the largest of httpd's children had at its largest (VmHWM)."""
    status = [Path(f"/proc/{child}/status").read_text("ascii") for child in children(site.httpd.pid)]
    assert status, "httpd has no children"
    return max(int(line.split()[1]) for text in status for line in text.splitlines() if line.startswith("VmHWM"))


@pytest.fixture
def warm(site, ian, sandbox):
    """A connection was made before, so that what a first one needs is there: the memory by then."""
    assert notice_of(ian.connect(sandbox)) == "connected"
    return most_memory(site)


def outcome(site, browser, sandbox, warm: int) -> str:
    """The notice of a flow that must end in time, without much memory."""
    url = browser.consent(sandbox)
    began = time.monotonic()
    notice = notice_of(browser.get(url))
    assert time.monotonic() - began < DEADLINE
    assert most_memory(site) - warm < MEMORY
    return notice


def the_site_goes_on(site, ada, sandbox):
    sandbox.clear_faults()
    assert notice_of(ada.connect(sandbox)) == "connected"
    assert site.integrations(IAN)[0]["status"] == "connected"


@pytest.mark.parametrize("kind, params", ENDLESS + BROKEN, ids=words)
def test_a_hostile_token_answer_connects_nobody(site, ivy, ada, sandbox, warm, kind, params):
    site.log.expect("CALINT0203")
    sandbox.fault("token", kind, count=-1, **params)
    assert outcome(site, ivy, sandbox, warm) == "exchange_failed"
    assert not site.integrations(IVY)
    assert len(site.audit("connected")) == 1, "Ian's"
    the_site_goes_on(site, ada, sandbox)


@pytest.mark.parametrize("kind, params", [*ENDLESS, ("drip", {"seconds": 1.0}), ("wrong_length", {"length": "10"}),
                                          ("wrong_length", {"length": "100000"}), ("encoding", {"name": "gzip"}),
                                          ("encoding", {"name": "x-unknown"}),
                                          ("malformed_json", {"text": MANY_VALUES})], ids=words)
def test_a_hostile_calendar_list_keeps_the_connection_and_stores_no_calendar(site, ivy, ada, sandbox, warm, kind,
                                                                             params):
    site.log.expect("CALINT0208")
    sandbox.fault("calendarList", kind, count=-1, **params)
    assert outcome(site, ivy, sandbox, warm) == "validation_failed"
    row = site.integration(IVY)
    assert (row["status"], row["calendar_id"]) == ("error", None)
    assert not site.rows("SELECT 1 FROM calendar_integration_calendars WHERE integration_id = %s", row["id"])
    assert len(site.jobs("validate")) == 1
    the_site_goes_on(site, ada, sandbox)


def test_a_thousand_short_header_lines_are_an_answer_like_any_other(site, ivy, sandbox, warm):
    sandbox.fault("token", "many_headers", lines=1000, bytes=20)
    assert outcome(site, ivy, sandbox, warm) == "connected"


def test_many_hostile_answers_do_not_add_up(site, ivy, ada, sandbox, warm):
    """1.5 GB in all. What stays is what each worker thread keeps for its next call."""
    site.log.expect("CALINT0203")
    for kind, params in (("oversize", {"bytes": 100_000_000}), ("gzip_bomb", {}), ("gzip_bomb", {"layers": 2})) * 5:
        fault = sandbox.fault("token", kind, **params)
        assert notice_of(ivy.connect(sandbox)) == "exchange_failed"
        sandbox.clear_faults(fault)
    assert most_memory(site) - warm < 3 * MEMORY
    the_site_goes_on(site, ada, sandbox)
