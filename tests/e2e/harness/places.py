"""Where the programs under test and the system's own are."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SANDBOX = ROOT / "tests" / "sandbox"
BUILD = Path(os.environ.get("CALINT_BUILD", ROOT / "build")).resolve()
MODULE = BUILD / "mod_calint.so"
CALINTCTL = BUILD / "calintctl"

if str(SANDBOX) not in sys.path:
    sys.path.insert(0, str(SANDBOX))


def program(*names: str, folders: tuple[str, ...] = ("/usr/sbin", "/usr/bin")) -> str:
    """The first of these programs that is there. PATH comes last: what the distribution installed is
    what its packages were tested with."""
    for name in names:
        found = shutil.which(name, path=os.pathsep.join(folders)) or shutil.which(name)
        if found:
            return found
    raise FileNotFoundError(f"none of these programs is installed: {', '.join(names)}")


def httpd() -> str:
    return program("apache2", "httpd")


def httpd_modules() -> Path:
    for folder in ("/usr/lib/apache2/modules", "/usr/lib64/httpd/modules", "/usr/lib/httpd/modules"):
        if Path(folder, "mod_authn_core.so").exists():
            return Path(folder)
    raise FileNotFoundError("httpd's modules are not installed")


def postgres(name: str) -> str:
    """A program of the newest PostgreSQL server on this machine."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name))
    return program(name, folders=(*map(str, reversed(folders)), "/usr/bin"))


def builtin_modules() -> set[str]:
    """Sources of the modules that are linked into httpd, such as "mod_log_config.c"."""
    listed = subprocess.run([httpd(), "-l"], capture_output=True, text=True, check=True).stdout
    return {line.strip() for line in listed.splitlines() if line.strip().endswith(".c")}


def cached(name: str) -> str:
    """What this build was configured with; "" where it says nothing of that."""
    found = re.search(rf"^{name}:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text("utf-8"), re.M)
    return found[1] if found else ""


def runtime_of(sanitizer: str) -> str:
    """The library that httpd, which knows of no sanitizer, must have loaded before the module."""
    done = subprocess.run(["gcc", f"-print-file-name=lib{sanitizer}.so"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


@functools.cache
def sanitizer() -> dict[str, str]:
    """The environment of an httpd whose module was built with a sanitizer. A finding ends the process, and stands
    in the error log."""
    wanted = cached("CALINT_SANITIZE").split(",")
    suppressions = ROOT / "tests" / "sanitizers"
    if "address" in wanted:
        # Leaks are looked for by the unit tests: at a child's end much of httpd is alive.
        return {"LD_PRELOAD": runtime_of("asan"), "ASAN_OPTIONS": "detect_leaks=0",
                "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1"}
    if "thread" in wanted:
        # A prefork child ends inside its signal handler, by httpd's design.
        return {"LD_PRELOAD": runtime_of("tsan"),
                "TSAN_OPTIONS": f"halt_on_error=1:report_signal_unsafe=0:suppressions={suppressions / 'tsan.txt'}"}
    return {}


def clock(ahead: int | Path) -> dict[str, str]:
    """The environment of a program whose clock is so many seconds ahead of this machine's, or as far as a file says
    at the moment (libfaketime)."""
    library = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    said = {"FAKETIME": f"{ahead:+d}s"} if isinstance(ahead, int) else {"FAKETIME_TIMESTAMP_FILE": str(ahead),
                                                                        "FAKETIME_NO_CACHE": "1"}
    return {"LD_PRELOAD": str(library), "DONT_FAKE_MONOTONIC": "1", **said}


def httpd_environment(clock_ahead: int | Path = 0) -> dict[str, str]:
    """What httpd needs for this build, with a clock that is ahead."""
    parts = [sanitizer(), clock(clock_ahead) if clock_ahead else {}]
    preload = " ".join(part["LD_PRELOAD"] for part in parts if "LD_PRELOAD" in part)
    if counted := os.environ.get("CALINT_COVERAGE_DIR"):
        # Children run as another user, who may not write into the build folder.
        parts.append({"GCOV_PREFIX": counted})
    all_of_them = {name: value for part in parts for name, value in part.items()}
    return all_of_them | ({"LD_PRELOAD": preload} if preload else {})


def httpd_umask() -> int:
    """Where lines are counted, children add to the counts that their parent wrote. -1: as it is."""
    return 0 if "CALINT_COVERAGE_DIR" in os.environ else -1
