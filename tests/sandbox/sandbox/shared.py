"""What all providers of the sandbox have in common."""

from __future__ import annotations

from dataclasses import dataclass, field

from .accounts import Accounts
from .clock import Clock
from .ledger import Ledger
from .mode import Mode
from .push import Push
from .settings import Client
from .violations import Violations


@dataclass
class Shared:
    clients: dict[str, Client]
    accounts: Accounts = field(default_factory=Accounts)
    mode: Mode = field(default_factory=Mode)
    clock: Clock = field(default_factory=Clock)
    violations: Violations = field(default_factory=Violations)

    def __post_init__(self) -> None:
        self.ledger, self.push = Ledger(self.clock), Push(self.clock)

    def reset(self) -> None:
        """As just started; what was violated stays known."""
        self.accounts.reset()
        self.mode.change(Mode().as_dict())
        self.clock.reset()
        self.ledger.reset()
        self.push.reset()
