"""The ATS is behind a ProxyPass of everything; the module's pages are served all the same."""

import http.server
import threading

import pytest

from harness.httpd_config import Config
from harness.paths import DISCONNECT, SETTINGS, start_path
from harness.people import IVY
from harness.process import free_port
from harness.session import notice_of


class Ats(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"the ATS got {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def ats():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Ats)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


WAYS = {
    "ProxyPass": "ProxyPass / {ats}/",
    "ProxyPassMatch": "ProxyPassMatch ^/(.*)$ {ats}/$1",
    "Location": "<Location />\n    ProxyPass {ats}/\n</Location>",
    "RewriteRule": "RewriteEngine On\nRewriteRule ^/(.*)$ {ats}/$1 [P]",
}


@pytest.mark.parametrize("way", WAYS)
def test_the_pages_are_not_swallowed(make_site, sandbox, ats, way):
    site = make_site(Config(modules=("proxy", "proxy_http", "rewrite"), extra=WAYS[way].format(ats=ats)))
    browser = site.client(IVY)
    assert browser.get("/jobs").text == "the ATS got /jobs"
    assert "Select Calendar Provider" in browser.page().text
    assert notice_of(browser.connect(sandbox)) == "connected"
    assert browser.get(f"{SETTINGS}/calint.css").headers["Content-Type"].startswith("text/css")
    assert notice_of(browser.submit(browser.page(DISCONNECT).form("Disconnect"))) == "disconnected"
    for path in ("/settings", "/settings/calendars", "/calendar"):
        assert browser.get(path).text == f"the ATS got {path}", "only whole path segments are the module's"


def test_the_pages_stay_protected(make_site, ats):
    site = make_site(Config(modules=("proxy", "proxy_http"), extra=WAYS["ProxyPass"].format(ats=ats)))
    for path in (SETTINGS, start_path(), f"{start_path()}/callback?code=1&state=2"):
        assert site.client().get(path).status_code == 401


def test_an_ats_that_is_down_does_not_take_the_pages_with_it(make_site):
    nobody = f"http://127.0.0.1:{free_port()}"
    site = make_site(Config(modules=("proxy", "proxy_http"), extra=WAYS["ProxyPass"].format(ats=nobody)))
    site.log.allow("AH00957", "AH01114", "AH00940")
    browser = site.client(IVY)
    assert browser.get("/jobs").status_code == 503
    browser.page()
