"""An account with a thousand calendars: shown and saved like any other, at a known price in memory. Of a monstrous one
two thousand are taken."""

from pathlib import Path

import pytest

from harness import children
from harness.httpd_config import Config
from harness.paths import SETTINGS
from harness.people import IAN, IVY
from harness.providers import PROVIDERS
from harness.session import notice_of

MANY = 1000
MONSTROUS = 10_000
#: kB that a child's peak may grow by over what an account of ten took.
GROWTH = 8 * 1024
#: One child, whose peak is every request's. Few threads: each keeps some memory for its next request.
THREADS = 2
ONE_CHILD = (f"StartServers 1\nServerLimit 1\nThreadLimit {THREADS}\nThreadsPerChild {THREADS}\n"
             f"MaxRequestWorkers {THREADS}\nMinSpareThreads 1\nMaxSpareThreads {THREADS}")


def calendars(count: int) -> list[dict]:
    """With ids of 200 characters, nearly all of which a form must escape."""
    return [{"id": f"AAMk{number:04}" + "=+/#" * 48, "name": f"Calendar {number:04}", "primary": number == 0}
            for number in range(count)]


def peak(pid: int) -> int:
    """The kB that this process had at its largest."""
    status = Path(f"/proc/{pid}/status").read_text("ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))


def use(browser) -> None:
    """Looks, ticks every calendar, chooses the last one as destination, and reads the list again."""
    page = browser.page()
    form = page.form("Save calendars")
    for box in form.boxes:
        box.ticked = True
    assert notice_of(browser.submit(form)) == "saved"
    form = page.form("Save destination")
    assert notice_of(browser.submit(form, calendar=form.options[max(form.options)])) == "saved"
    assert notice_of(browser.submit(page.form("Refresh list"))) == "connected"


class Beside:
    """A child that has shown and saved a list of ten, and a user who connects an account of `count` calendars then."""

    def __init__(self, make_site, sandbox, provider, count: int) -> None:
        self.site = make_site(Config(extra=ONE_CHILD))
        (self.child,) = children.pids(self.site.httpd)
        sandbox.add_account("few@contoso.example", calendars=calendars(10))
        sandbox.add_account("many@contoso.example", calendars=calendars(count))
        ian, self.ivy = self.site.client(IAN), self.site.client(IVY)
        assert notice_of(ian.connect(sandbox, "few@contoso.example", provider=provider.id)) == "connected"
        for _ in range(THREADS):
            use(ian)
        self.before, asked = peak(self.child), sandbox.requests(provider.calendars)
        assert notice_of(self.ivy.connect(sandbox, "many@contoso.example", provider=provider.id)) == "connected"
        #: Requests for the long list.
        self.pages = sandbox.requests(provider.calendars) - asked

    def check_child(self) -> None:
        assert children.pids(self.site.httpd) == [self.child], "the child was replaced"


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_a_thousand_calendars_are_shown_and_saved(make_site, sandbox, proof, provider):
    one = Beside(make_site, sandbox, provider, MANY)
    site, child, ivy, before = one.site, one.child, one.ivy, one.before
    asked = sandbox.requests(provider.calendars)
    use(ivy)
    assert one.pages == MANY // 250 == sandbox.requests(provider.calendars) - asked, "each list came in pages"
    after = peak(child)
    for _ in range(THREADS):
        use(ivy)
    settled = peak(child)
    boxes = ivy.page().form("Save calendars").boxes
    assert len(boxes) == MANY and all(box.ticked for box in boxes)
    row = site.integration(IVY)
    assert row["calendar_id"].startswith("AAMk0999")
    one.check_child()
    proof.figure(f"a list of {MANY} calendars after one of 10: a child's peak went from {before} to {after} kB, "
                 f"and to {settled} kB once each of its {THREADS} threads had to do with it; the page has "
                 f"{len(ivy.get(SETTINGS).content) // 1024} kB")
    assert settled - before < GROWTH


@pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.id)
def test_of_a_monstrous_list_two_thousand_calendars_are_taken(make_site, sandbox, proof, provider):
    """The connection lives, and says that there are more."""
    one = Beside(make_site, sandbox, provider, MONSTROUS)
    site, child, ivy, before = one.site, one.child, one.ivy, one.before
    assert one.pages == 8, "the rest isn't asked for"
    row = site.integration(IVY)
    assert (row["status"], row["last_error"]) == ("connected", "list_cut")
    assert "This account has more calendars than can be shown here" in ivy.get(SETTINGS).text
    assert site.log.with_tag("CALINT0227")
    form = ivy.page().form("Save calendars")
    assert len(form.boxes) == 2000
    for box in form.boxes:
        box.ticked = True
    assert notice_of(ivy.submit(form)) == "saved"
    assert site.count("calendar_integration_calendars") == 2010
    size, grown = len(ivy.get(SETTINGS).content), peak(child) - before
    proof.figure(f"of a list of {MONSTROUS} calendars 2000 are taken: a child's peak grew by {grown} kB, the page has "
                 f"{size // 1024} kB")
    assert size < 4 * 1024 * 1024
    assert grown < 3 * GROWTH
    one.check_child()


def test_a_form_has_room_for_two_thousand_calendars_and_no_more(site, ivy, sandbox):
    ivy.connect(sandbox)
    form = ivy.page().form("Save calendars")
    with site.nothing_written():
        assert ivy.post(form.action, [*form.fields.items(), *[("calendar", "x" * 10)] * 2100]).status_code == 400
        assert ivy.post(form.action, [*form.fields.items(), ("calendar", "x" * 1_400_000)]).status_code == 413
        body = iter([b"calendar=", b"x" * 1_400_000])
        chunked = ivy.request("POST", form.action, data=body,
                              headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert chunked.status_code == 413
