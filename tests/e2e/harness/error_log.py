"""httpd's error log, read after each test: nothing above notice may stand in it that the test didn't expect."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(r"^\[[^\]]+\] \[(?P<module>[\w-]*):(?P<level>[a-z]+\d?)\] ")
QUIET = ("notice", "info", "debug")
#: A child that ended by a signal, or a sanitizer's report: never expected.
CRASH = re.compile(r"AH0005[012]\b|exit signal|Sanitizer|runtime error:")
#: Of a child that a test killed.
KILLED = re.compile(r"exit signal Killed \(9\)")
#: Said at each start of a test's httpd.
AT_START = re.compile(r"CALINT0103.*CalIntAllowInsecureLoopback is on")
#: The event MPM's own races between a child's end and a connection that is closing or kept alive.
AT_RESTART = re.compile(r"mpm_event:error.*(AH03092: process_lingering_close|AH03093: process_socket)")


@dataclass(frozen=True)
class Line:
    text: str
    level: str

    @property
    def is_loud(self) -> bool:
        return self.level not in QUIET and not self.level.startswith("trace")


class ErrorLog:
    """The part of the log since the last mark()."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._from = 0
        self._kills = False
        self._allowed: list[re.Pattern] = []
        self._wanted: list[re.Pattern] = []

    def mark(self) -> None:
        """A new test begins."""
        self._from = self.path.stat().st_size if self.path.exists() else 0
        self._allowed, self._wanted, self._kills = [], [], False

    def expect(self, *patterns: str) -> None:
        """Loud lines that must come, by tag (CALINT0202) or regular expression."""
        self._wanted += map(re.compile, patterns)

    def allow(self, *patterns: str) -> None:
        """Loud lines that may come."""
        self._allowed += map(re.compile, patterns)

    def allow_kills(self) -> None:
        """The test kills children."""
        self._kills = True
        self.allow("AH10392: children are killed successively")

    def text(self) -> str:
        if not self.path.exists():
            return ""
        with open(self.path, "rb") as log:
            log.seek(self._from)
            return log.read().decode("utf-8", "replace")

    def lines(self) -> list[Line]:
        found = []
        for text in self.text().splitlines():
            match = LINE.match(text)
            # What a library prints by itself has no level, and no business here.
            found.append(Line(text, match["level"] if match else "stray"))
        return found

    def with_tag(self, tag: str) -> list[Line]:
        return [line for line in self.lines() if tag in line.text]

    def complaints(self) -> list[str]:
        """What is wrong with this part of the log; empty when it is as the test says."""
        loud = [line.text for line in self.lines() if line.is_loud]
        known = [AT_START, AT_RESTART, *self._allowed, *self._wanted]
        wrong = [f"unexpected: {text}" for text in loud
                 if self._is_crash(text) or not any(pattern.search(text) for pattern in known)]
        wrong += [f"crash: {line.text}" for line in self.lines() if not line.is_loud and self._is_crash(line.text)]
        wrong += [f"missing: {pattern.pattern}" for pattern in self._wanted
                  if not any(pattern.search(text) for text in loud)]
        return wrong

    def _is_crash(self, text: str) -> bool:
        return bool(CRASH.search(text)) and not (self._kills and KILLED.search(text))
