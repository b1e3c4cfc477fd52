"""A server that nobody should call: it writes down what it was asked."""

from __future__ import annotations

import contextlib
import http.server
import threading


class Trap:
    def __init__(self, server: http.server.ThreadingHTTPServer, requests: list[str]) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        #: Method, path and credentials of each request.
        self.requests = requests


@contextlib.contextmanager
def trap():
    requests: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requests.append(f"{self.command} {self.path} {self.headers.get('Authorization')}")
            self.send_response(404)
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Trap(server, requests)
    finally:
        server.shutdown()
        server.server_close()
