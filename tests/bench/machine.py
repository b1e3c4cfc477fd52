"""The machine and the versions that figures belong to."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from pathlib import Path

from harness import places
from measure import Effort


def first_line(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    return (done.stdout or done.stderr).splitlines()[0]


def package_version(name: str) -> str:
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", name], capture_output=True, text=True)
    return done.stdout or "?"


def description(effort: Effort) -> str:
    cpu = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    cache = (places.BUILD / "CMakeCache.txt").read_text("utf-8")
    build_type = re.search(r"CMAKE_BUILD_TYPE:\w+=(\w*)", cache)
    httpd = first_line(places.httpd(), "-v").split("Apache/")[-1].split()[0]
    postgres = first_line(places.postgres("postgres"), "--version").split()[2]
    return (f"{len(os.sched_getaffinity(0))} cores ({cpu[1] if cpu else platform.machine()}), Linux "
            f"{platform.release()}, httpd {httpd}, PostgreSQL {postgres} (durable: fsync and synchronous_commit on), "
            f"mod_auth_openidc {package_version('libapache2-mod-auth-openidc')}, build {build_type[1]}. "
            f"Median of {effort.rounds} rounds in turn (least .. most); load, httpd, PostgreSQL and provider share the "
            f"cores. Load average at the end: {os.getloadavg()[0]:.1f}.")
