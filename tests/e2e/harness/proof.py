"""A proof has two sizes: short in every run of the tests, full by `tests/proofs NAME`. What it measured is printed
at the end of the run."""

from __future__ import annotations

import os

FULL = os.environ.get("CALINT_PROOF") == "full"
#: pytest's item property under which figures travel from an xdist worker to the summary.
PROPERTY = "figure"


class Proof:
    def __init__(self, record_property) -> None:
        self._record = record_property

    @staticmethod
    def size(short, full):
        """How many, how long: the value for this run."""
        return full if FULL else short

    def figure(self, text: str) -> None:
        """One line for the summary, such as "1000 kills, 0 half-written"."""
        self._record(PROPERTY, text)


def figures(reports) -> list[str]:
    return [f"{report.nodeid.split('::')[-1]}: {value}" for report in reports
            for name, value in report.user_properties if name == PROPERTY]
