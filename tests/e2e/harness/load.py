"""Users who do something again and again, until the block ends."""

from __future__ import annotations

import collections
import random
import threading
import traceback

import requests


class Load:
    """A thread per person. `act(person, chance)` does one thing, says in a word what came of it, and fails by raising;
    `chance` is that thread's own, so that a run can be told from its `seed`. With `cut_is_fine`, an answer that
    is cut off counts as a word of its own."""

    def __init__(self, people, act, seed: int = 1, cut_is_fine: bool = False) -> None:
        self.words: collections.Counter[str] = collections.Counter()
        self.failures: list[str] = []
        self._act, self._cut_is_fine = act, cut_is_fine
        self._stop, self._lock = threading.Event(), threading.Lock()
        self._threads = [threading.Thread(target=self._live, args=(person, random.Random(f"{seed}/{person.id}")))
                         for person in people]

    def __enter__(self) -> "Load":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def check(self) -> None:
        assert not self.failures, f"{len(self.failures)} failures, the first:\n{self.failures[0]}"

    def _live(self, person, chance: random.Random) -> None:
        while not self._stop.is_set():
            try:
                word = self._act(person, chance)
            except requests.exceptions.ConnectionError:
                word = "cut off"
                if not self._cut_is_fine:
                    self._fail()
            except Exception:  # whatever it is, the test must hear of it
                word = "failed"
                self._fail()
            with self._lock:
                self.words[word] += 1

    def _fail(self) -> None:
        with self._lock:
            self.failures.append(traceback.format_exc())
        self._stop.set()
