"""The demonstration's ATS: the page on which an interview is scheduled, for httpd to hand on to (mod_proxy).

    python3 ats.py --port N [--interviewer ID=NAME]...

Whose browser it is and what they may, httpd and mod_calint decide: the page's script calls mod_calint itself.
"""

import argparse
import html
import http.server
import string
from pathlib import Path

HERE = Path(__file__).resolve().parent
POLICY = ("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
          "form-action 'none'; frame-ancestors 'none'")


def read_files(interviewers: list[str]) -> dict[str, tuple[str, bytes]]:
    """Type and contents of each path. An interviewer is ID=NAME, with the id that mod_calint knows them by."""
    options = "\n".join(f'<option value="{html.escape(known)}">{html.escape(name)}</option>'
                        for known, _, name in (one.partition("=") for one in interviewers))
    page = string.Template((HERE / "schedule.html").read_text("utf-8")).substitute(interviewers=options)
    return {"/interviews/jane-doe": ("text/html", page.encode()),
            "/interviews/schedule.js": ("text/javascript", (HERE / "schedule.js").read_bytes()),
            "/interviews/style.css": ("text/css", (HERE.parent / "style.css").read_bytes())}


class Handler(http.server.BaseHTTPRequestHandler):
    files: dict[str, tuple[str, bytes]] = {}

    def do_GET(self):
        found = self.files.get(self.path.partition("?")[0])
        kind, body = found or ("text/plain", b"There is no such page.\n")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--interviewer", action="append", default=[], metavar="ID=NAME")
    wanted = parser.parse_args()
    Handler.files = read_files(wanted.interviewer)
    http.server.ThreadingHTTPServer(("127.0.0.1", wanted.port), Handler).serve_forever()
