"""The faults that tests arm: what kinds there are, and which request meets which."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count as counter

BEFORE, AFTER = "before", "after"

#: kind -> its parameters with their defaults. A default's type is the parameter's type;
#: a parameter whose default is None takes anything that JSON can say.
PAUSES = {
    "latency": {"seconds": 1.0, "when": BEFORE},
    "hold": {"seconds": 120.0, "when": BEFORE},
}
SPOILS = {
    "status": {"status": 503, "retry_after": "", "when": BEFORE},
    "rate_limit": {"status": 403, "reason": "userRateLimitExceeded", "retry_after": "",
                   "when": BEFORE},
    "error": {"error": "", "status": 0, "retry_after": "", "when": BEFORE},
    "html": {"status": 502, "when": BEFORE},
    "malformed_json": {"text": "", "when": AFTER},
    "wrong_types": {"member": "", "value": None, "when": AFTER},
    "hang": {"seconds": 3600.0, "when": BEFORE},
    "reset": {"bytes": 0, "when": BEFORE},
    "drip": {"seconds": 1.0, "when": AFTER},
    "oversize": {"bytes": 64 * 1024 * 1024, "when": BEFORE},
    "gzip_bomb": {"bytes": 100 * 1024 * 1024, "layers": 1, "when": BEFORE},
    "encoding": {"name": "br", "when": AFTER},
    "many_headers": {"lines": 1000, "bytes": 20, "when": AFTER},
    "endless_headers": {"seconds": 0.0, "when": BEFORE},
    "endless_chunks": {"seconds": 0.05, "when": AFTER},
    "wrong_length": {"length": "10", "when": AFTER},
}
BEHAVIOURS = {
    "short_scope": {"without": []},
    "no_refresh_token": {},
    "bad_id_token": {"claim": "nonce"},
    "bad_iss": {"iss": ""},
    "next_link": {"link": "loop"},
    "short_page": {"items": 0},
    "no_cursor": {},
    "redirect": {"status": 301, "to": "p42"},
    "home_set": {"to": "foreign"},
    "xml": {"shape": "dtd", "size": 10000},
    "inside": {"status": 403, "of": "calendars", "name": ""},
    "old_etag": {},
    "leave_out": {"property": "displayname", "said": True},
    "content_type": {"value": "text/html"},
    "challenge": {"value": ""},
}
KINDS = {**PAUSES, **SPOILS, **BEHAVIOURS}
#: What a fault may be limited by: it meets only requests of which the dialect says the same.
LIMITS = {"grant_type": "", "account": "", "calendar": "", "id": "", "page": "", "cursor": "",
          "limit": ""}
#: Parameters that every kind takes. So many requests that it could meet pass by first.
COMMON = {**LIMITS, "skip": 0}
#: (kind, parameter) -> the values that it may have, where they are few.
CHOICES = {
    ("bad_id_token", "claim"): ("iss", "aud", "exp", "nonce", "sub", "tid", "missing"),
    ("xml", "shape"): ("attributes", "broken", "cdata", "cut", "deep", "dtd", "external", "laughs", "many", "prefixes",
                       "quadratic", "subset", "token_first", "utf16"),
    **{(kind, "page"): ("", "first", "later") for kind in KINDS},
    **{(kind, name): ("", "with", "without") for kind in KINDS for name in ("cursor", "limit")},
    ("inside", "of"): ("calendars", "home", "first", "all", "objects", "object"),
}


@dataclass
class Fault:
    id: str
    endpoint: str
    kind: str
    params: dict
    #: How many requests it still meets; negative for all.
    left: int
    met: int = 0
    passed: int = 0

    def passes_by(self) -> bool:
        """True for the requests that it lets go first."""
        self.passed += 1
        return self.passed <= self.params["skip"]

    def as_dict(self) -> dict:
        return {"id": self.id, "endpoint": self.endpoint, "kind": self.kind,
                "params": self.params, "left": self.left, "met": self.met}


def checked_params(kind: str, given: dict) -> dict:
    """The parameters of a fault with defaults filled in; ValueError names what does not fit."""
    known = {**KINDS[kind], **COMMON}
    for name, value in given.items():
        if name not in known:
            raise ValueError(f"{kind} has no parameter {name}")
        wanted = type(known[name])
        if wanted is float and type(value) is int:
            continue
        if known[name] is not None and type(value) is not wanted:
            raise ValueError(f"{name} must be of type {wanted.__name__}")
        if wanted in (int, float) and value < 0:
            raise ValueError(f"{name} must not be negative")
    params = {**known, **given}
    if params.get("when", BEFORE) not in (BEFORE, AFTER):
        raise ValueError("when must be before or after")
    for (owner, name), values in CHOICES.items():
        if kind == owner and params[name] not in values:
            raise ValueError(f"{name} must be one of {values}")
    return params


class FaultBoard:
    def __init__(self, endpoints: tuple[str, ...]) -> None:
        self._endpoints = endpoints
        self._ids = counter(1)
        self._faults: dict[str, Fault] = {}

    def arm(self, wishes: dict) -> Fault:
        """Arms a fault for the next `count` requests (default 1, -1 for all)."""
        rest = dict(wishes)
        endpoint, kind = rest.pop("endpoint", None), rest.pop("kind", None)
        count = rest.pop("count", 1)
        if endpoint not in self._endpoints:
            raise ValueError(f"endpoint must be one of {list(self._endpoints)}")
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {list(KINDS)}")
        if type(count) is not int or count == 0:
            raise ValueError("count must be a number other than zero")
        fault = Fault(f"f{next(self._ids)}", endpoint, kind, checked_params(kind, rest), count)
        self._faults[fault.id] = fault
        return fault

    def disarm(self, fault_id: str | None = None) -> list[Fault]:
        """Takes one fault, or all, off the board and returns them."""
        if fault_id is None:
            gone = list(self._faults.values())
            self._faults.clear()
            return gone
        fault = self._faults.pop(fault_id, None)
        return [fault] if fault else []

    def is_armed(self, fault: Fault) -> bool:
        return self._faults.get(fault.id) is fault

    def all(self) -> list[Fault]:
        return list(self._faults.values())

    def for_request(self, endpoint: str, features: dict[str, str]) -> "RequestFaults":
        """What this request meets. Pauses and the first spoil are spent by it at once;
        a behaviour is spent when the dialect comes to the point that it alters."""
        matching = [fault for fault in self._faults.values()
                    if fault.endpoint == endpoint and fault.left != 0
                    and all(fault.params[name] in ("", features.get(name, "")) for name in LIMITS)
                    and not fault.passes_by()]
        met = RequestFaults()
        for fault in matching:
            if fault.kind in PAUSES:
                met.pauses.append(fault)
            elif fault.kind in BEHAVIOURS:
                met.behaviours.append(fault)
            elif met.spoil is None:
                met.spoil = fault
        for fault in met.pauses + ([met.spoil] if met.spoil else []):
            met.spend(fault)
        return met


@dataclass
class RequestFaults:
    """The faults that one request meets."""

    pauses: list[Fault] = field(default_factory=list)
    behaviours: list[Fault] = field(default_factory=list)
    spoil: Fault | None = None
    spent: list[str] = field(default_factory=list)

    def spend(self, fault: Fault) -> None:
        fault.left -= 1 if fault.left > 0 else 0
        fault.met += 1
        self.spent.append(f"{fault.id}:{fault.kind}")

    def behaviour(self, kind: str) -> dict | None:
        """Spends an armed behaviour of this kind and returns its parameters."""
        for fault in self.behaviours:
            if fault.kind == kind and fault.left != 0:
                self.spend(fault)
                return fault.params
        return None
