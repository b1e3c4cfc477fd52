"""What the tests of Apple's calendars ask of a site, and of iCloud."""

from __future__ import annotations

from harness.people import IVY

#: A password of the right form.
WRONG = "aaaa-bbbb-cccc-dddd"


def audits(site):
    return [(row["action"].removeprefix("calendar_integration."), row["metadata"]) for row in site.audit()]


def calls(sandbox):
    return [(one["host"], one["method"], one["path"], one["depth"]) for one in sandbox.icloud.requests()]


def assert_nothing_stored(site):
    assert site.integrations(IVY) == [] and site.jobs("validate") == []
