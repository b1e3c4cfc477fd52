"""Load: a provider that is fast enough, a driver that is no limit, and what a child weighs under it.

Both are programs of tests/bench in the build folder. The provider believes everything; tests that ask what a
provider would refuse use the sandbox.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import places
from .paths import callback_path, start_path
from .process import Process, wait_until

DRIVER = places.BUILD / "bench_driver"
PROVIDER = places.BUILD / "bench_provider"
SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
ISSUER = "https://accounts.google.com"
#: The login of a request is its header's, whatever authentication would cost; CalIntIdentity names the variable.
LOGIN_VARIABLE = "BENCH_LOGIN"
SIGNED_IN = f'SetEnvIf X-Bench-User "^([0-9]+)$" {LOGIN_VARIABLE}=$1'


class FastProvider:
    """Token endpoint and calendar list; `http` and `https` are its addresses as Site and the directives name them."""

    def __init__(self, folder: Path, client_id: str, client_secret: str) -> None:
        output = folder / "provider.json"
        self.process = Process([str(PROVIDER), "--client-id", client_id, "--client-secret", client_secret,
                                "--issuer", ISSUER], output)
        wait_until(lambda: output.read_text().endswith("}\n") or self.process.exit_status() is not None, "the provider")
        said = json.loads(output.read_text())
        self.http = self._both(f"http://127.0.0.1:{said['port']}")
        self.https = self._both(f"https://127.0.0.1:{said['tls_port']}")
        #: Debian's own certificates and, behind them, the provider's authority.
        self.bundle = folder / "bundle.crt"
        self.bundle.write_bytes(SYSTEM_BUNDLE.read_bytes() + Path(said["ca_file"]).read_bytes())
        os.unlink(said["ca_file"])

    @classmethod
    def _both(cls, base: str) -> dict[str, dict[str, str]]:
        """A site wants addresses of both providers; only Google's are driven."""
        return {"google": cls._urls(base), "outlook": cls._urls(base)}

    @staticmethod
    def _urls(base: str) -> dict[str, str]:
        return {"authorize_url": f"{base}/authorize", "token_url": f"{base}/token", "revoke_url": f"{base}/revoke",
                "api_url": f"{base}/calendar/v3",
                "metadata_url": f"{base}/.well-known/openid-configuration"}

    def add_client(self, *_, **__) -> None:
        """It knows one client, from its start."""

    def stop(self) -> None:
        self.process.end(signal.SIGTERM)


def drive(what: str, port: int, path: str, *, status: int, count: int, location: str = "", concurrency: int = 1,
          first: int = 0, callback: str = "", callback_parameters: str = "") -> dict:
    """What the driver measured; AssertionError where an answer was wrong."""
    command = [str(DRIVER), what, "--port", str(port), "--path", path, "--status", str(status), "--count", str(count),
               "--location", location, "--concurrency", str(concurrency), "--first", str(first)]
    if what == "flow":
        command += ["--callback", callback]
    if callback_parameters:
        command += ["--callback-parameters", callback_parameters]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, f"the driver: {done.stderr}"
    outcome = json.loads(done.stdout)
    assert outcome["wrong"] == 0, f"{outcome['wrong']} of {count} answers are wrong: {done.stderr}"
    return outcome


def drive_flows(port: int, *, first: int, count: int, concurrency: int, notice: str = "connected") -> dict:
    """A flow of mod_calint for each of these users."""
    return drive("flow", port, start_path(), callback=callback_path(),
                 callback_parameters="&iss=https%3A%2F%2Faccounts.google.com", status=303,
                 location=f"calint_notice={notice}", first=first, count=count, concurrency=concurrency)


@dataclass(frozen=True)
class Weight:
    """One process: resident, proportional and private memory in kB, open descriptors, threads."""

    pid: int
    rss: int
    pss: int
    private: int
    descriptors: int
    threads: int


def weigh(pid: int) -> Weight:
    proc = Path(f"/proc/{pid}")
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in (proc / "smaps_rollup").read_text().splitlines()[1:]}
    return Weight(pid, sizes["Rss"], sizes["Pss"], sizes["Private_Clean"] + sizes["Private_Dirty"],
                  len(list((proc / "fd").iterdir())), len(list((proc / "task").iterdir())))


def add_numbered_people(site, first: int, count: int) -> None:
    """Interviewers whose login is their number."""
    site.execute("INSERT INTO users (id, email, name, is_interviewer) SELECT n, n::text, 'Interviewer ' || n, true"
                 " FROM generate_series(%s, %s) n", first, first + count - 1)
