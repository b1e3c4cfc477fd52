"""Cyrus IMAP as a CalDAV server, for whoever starts it.

cyrus_for_people.py FOLDER PORT: FOLDER has all that it keeps and reads. Where FOLDER/users is, it has a line
LOGIN:PASSWORD for each person, read at each request; else whoever signs in is who they say. A person's mailbox, without
which there are no calendars, is made when they sign in for the first time. Its home is /dav/calendars/user/LOGIN/, its
address LOGIN@work.test."""

import imaplib
import os
import pwd
import signal
import socket
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

folder, port = Path(sys.argv[1]), int(sys.argv[2])
users = folder / "users"
PROGRAMS = "/usr/lib/cyrus/bin"
ADMIN = "administrator"

SETTINGS = f"""configdirectory: {folder}/state
defaultpartition: default
partition-default: {folder}/mail
master_pid_file: {folder}/pid
cyrus_user: {pwd.getpwuid(os.geteuid()).pw_name}
admins: {ADMIN}
servername: localhost
unixhierarchysep: yes
altnamespace: yes
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: saslauthd
sasl_saslauthd_path: {folder}/passwords
httpmodules: caldav
caldav_create_default: no
calendar_user_address_set: work.test
"""
SERVICES = f"""START {{ recover cmd="{PROGRAMS}/ctl_cyrusdb -C {folder}/imapd.conf -r" }}
SERVICES {{
  imap cmd="{PROGRAMS}/imapd -C {folder}/imapd.conf" listen="{folder}/imap" prefork=0
  http cmd="{PROGRAMS}/httpd -C {folder}/imapd.conf" listen="127.0.0.1:{port}" prefork=1
}}
EVENTS {{ }}
"""


class Administrator(imaplib.IMAP4):
    """A session over the server's own socket."""

    def _create_socket(self, timeout):
        session = socket.socket(socket.AF_UNIX)
        session.connect(str(folder / "imap"))
        return session


class Passwords(socketserver.StreamRequestHandler):
    """What saslauthd is asked, by its protocol: texts behind their lengths, and back comes one that begins with OK."""

    known: set[str] = set()
    lock = threading.Lock()

    def handle(self) -> None:
        login, password, _, _ = (self.rfile.read(int.from_bytes(self.rfile.read(2), "big")).decode() for _ in range(4))
        answer = b"OK" if self.may_enter(login, password) else b"NO"
        self.wfile.write(len(answer).to_bytes(2, "big") + answer)

    def may_enter(self, login: str, password: str) -> bool:
        if login == ADMIN:
            return True
        if users.exists() and f"{login}:{password}" not in users.read_text("utf-8").split("\n"):
            return False
        with self.lock:
            if login not in self.known:
                with Administrator() as session:
                    session.login(ADMIN, "-")
                    assert session.create(f"user/{login}")[0] == "OK"
                self.known.add(login)
        return True


for name in ("mail", "state/socket"):
    (folder / name).mkdir(parents=True, exist_ok=True)
(folder / "passwords").unlink(missing_ok=True)
(folder / "imapd.conf").write_text(SETTINGS)
(folder / "cyrus.conf").write_text(SERVICES)
authority = socketserver.ThreadingUnixStreamServer(str(folder / "passwords"), Passwords)
threading.Thread(target=authority.serve_forever, daemon=True).start()
server = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", f"{PROGRAMS}/master", "-D", "-C", folder / "imapd.conf",
                           "-M", folder / "cyrus.conf", "-p", folder / "pid"])
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: server.terminate())
sys.exit(server.wait())
