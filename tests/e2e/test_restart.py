"""A restart never takes the site down (contract, section 2)."""

import threading

import pytest

from harness.httpd_config import Config
from harness.people import IVY
from harness.places import ROOT
from harness.session import SETTINGS, notice_of


class Load:
    """A few browsers that ask for the settings page until told to stop."""

    def __init__(self, site, browsers: int = 3) -> None:
        self.statuses: list[int] = []
        self.failures: list[str] = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._browse, args=(site.client(IVY),)) for _ in range(browsers)]

    def _browse(self, client) -> None:
        while not self._stop.is_set():
            try:
                self.statuses.append(client.get(SETTINGS, headers={"Connection": "close"}).status_code)
            except OSError as problem:
                self.failures.append(repr(problem))
            self._stop.wait(0.01)

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.parametrize("mpm", ("event", "prefork"))
def test_ten_graceful_restarts_under_load_lose_no_request(make_site, sandbox, mpm):
    site = make_site(config=Config(mpm=mpm))
    with Load(site) as load:
        for _ in range(10):
            site.httpd.graceful()
    assert not load.failures
    assert len(load.statuses) >= 10 and set(load.statuses) == {200}
    assert notice_of(site.client(IVY).connect(sandbox)) == "connected"


def test_a_flow_outlives_a_restart(make_site, sandbox):
    site = make_site()
    client = site.client(IVY)
    url = client.consent(sandbox)
    site.httpd.stop()
    site.httpd.start()
    assert notice_of(client.get(url)) == "connected"


@pytest.mark.parametrize("trouble", ("gone", "spoiled", "open to others"))
def test_a_broken_keyset_at_a_restart_degrades_the_calendar_pages_only(make_site, trouble):
    site = make_site()
    client = site.client(IVY)
    client.page()
    right = site.key_file.read_bytes()
    if trouble == "gone":
        site.key_file.unlink()
    elif trouble == "spoiled":
        site.key_file.write_bytes(b"{")
    else:
        site.key_file.chmod(0o644)
    site.httpd.graceful()
    site.log.expect(r"CALINT0104.*ALARM.*CalIntKeyFile", "CALINT0106")
    answer = client.get(SETTINGS)
    assert answer.status_code == 503 and answer.headers["Retry-After"]
    assert client.get("/ready.txt").status_code == 200
    site.key_file.unlink(missing_ok=True)
    site.key_file.write_bytes(right)
    site.key_file.chmod(0o600)
    site.httpd.graceful()
    client.page()


@pytest.mark.parametrize("trouble", ("gone", "spoiled", "open to others"))
def test_a_first_start_refuses_a_broken_keyset(make_site, trouble):
    site = make_site(start=False)
    if trouble == "gone":
        site.key_file.unlink()
    elif trouble == "spoiled":
        site.key_file.write_bytes(b"{")
    else:
        site.key_file.chmod(0o644)
    with pytest.raises(RuntimeError, match="CalIntKeyFile"):
        site.start()


@pytest.mark.parametrize("directive", ("CalIntDatabase", "CalIntKeyFile", "CalIntPublicURL"))
def test_the_configuration_test_says_what_is_missing(make_site, directive):
    site = make_site()
    site.rewrite(**{directive: ""})
    done = site.httpd.test_configuration()
    assert done.returncode != 0
    assert f"{directive} is missing" in done.stderr
    assert f"write {directive}" in done.stderr or f"write\n{directive}" in done.stderr


def test_the_configuration_test_passes_a_working_site(make_site):
    site = make_site()
    done = site.httpd.test_configuration()
    assert done.returncode == 0 and "Syntax OK" in done.stderr


@pytest.mark.parametrize("url", ("http://ats.example.com", "https://ats.example.com/path", "ats.example.com", "ftp://x"))
def test_the_configuration_test_refuses_a_public_address_that_cannot_work(make_site, url):
    site = make_site()
    site.rewrite(CalIntPublicURL=url)
    assert site.httpd.test_configuration().returncode != 0


def test_http_on_loopback_needs_its_switch(make_site):
    site = make_site()
    site.rewrite(CalIntAllowInsecureLoopback="off")
    done = site.httpd.test_configuration()
    assert done.returncode != 0 and "CalInt" in done.stderr


def test_the_shipped_configuration_passes_the_configuration_test(make_site):
    site = make_site()
    site.httpd.write(Config(extra=f"Include {ROOT}/conf/calint.conf", calint=site.directives()))
    done = site.httpd.test_configuration()
    assert done.returncode == 0, done.stderr
