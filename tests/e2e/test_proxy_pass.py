"""The module's paths stay its own beside a "ProxyPass /" to the ATS (contract, section 3)."""

import http.server
import threading

import pytest

from harness.httpd_config import Config
from harness.people import IVY
from harness.process import free_port
from harness.session import CONNECT_GOOGLE, SETTINGS, notice_of

PROXIES = {
    "ProxyPass": "ProxyPass / {ats}/",
    "ProxyPassMatch": "ProxyPassMatch ^/(.*)$ {ats}/$1",
    "Location": '<Location "/">\n    ProxyPass {ats}/\n</Location>',
}


class Ats(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = f"ATS {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def ats():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", free_port()), Ats)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("proxy", PROXIES)
def test_connecting_works_beside_a_proxy_of_everything(make_site, sandbox, ats, proxy):
    site = make_site(config=Config(modules=("proxy", "proxy_http"), extra=PROXIES[proxy].format(ats=ats)))
    client = site.client(IVY)
    assert client.get("/candidates/1").text == "ATS /candidates/1"
    assert "Select Calendar Provider" in client.page().text
    assert client.get(f"{SETTINGS}/calint.css").headers["Content-Type"].startswith("text/css")
    assert notice_of(client.connect(sandbox)) == "connected"
    answer = client.submit(client.page(f"{SETTINGS}/disconnect").form("Disconnect"))
    assert notice_of(answer) == "disconnected"
    # Only whole path segments are the module's.
    assert client.get("/settings/calendars").text == "ATS /settings/calendars"


def test_the_pages_are_protected_beside_a_proxy_of_everything(make_site, ats):
    site = make_site(config=Config(modules=("proxy", "proxy_http"), extra=PROXIES["ProxyPass"].format(ats=ats)))
    for path in (SETTINGS, CONNECT_GOOGLE, f"{CONNECT_GOOGLE}/callback?code=1&state=2"):
        assert site.client().get(path).status_code == 401


def test_a_dead_ats_does_not_take_the_pages_with_it(make_site):
    dead = f"http://127.0.0.1:{free_port()}"
    site = make_site(config=Config(modules=("proxy", "proxy_http"), extra=PROXIES["ProxyPass"].format(ats=dead)))
    site.log.allow("AH00957", "AH01114", "AH00940")
    client = site.client(IVY)
    assert client.get("/candidates/1").status_code == 503
    client.page()
