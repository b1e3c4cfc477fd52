"""A server for what providers send without being asked: keeps it, and answers as the test wants."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class Receiver:
    """`status` is what it answers; a validation token is echoed, unless `echo` is another text."""

    def __init__(self) -> None:
        self.got: list[dict] = []
        self.status, self.echo = 202, None
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                token = parse_qs(urlsplit(self.path).query).get("validationToken")
                receiver.got.append({"path": self.path, "headers": dict(self.headers), "body": body.decode()})
                text = (receiver.echo if receiver.echo is not None else token[0] if token else "").encode()
                self.send_response(200 if token else receiver.status)
                self.send_header("Content-Type", "text/plain; charset=utf-8")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_) -> None:
                """Nothing on the terminal."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def __enter__(self) -> "Receiver":
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
