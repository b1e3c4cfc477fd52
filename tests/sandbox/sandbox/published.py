"""The names and types that a provider has published, and whether a request or an answer keeps to them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Callable

FOLDER = Path(__file__).resolve().parent / "published"
#: A text that isn't only a text has one of these forms.
FORMS = {
    "instant": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d)"),
    "moment": re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,12})?)?)?(Z|[+-]\d\d:\d\d)?"),
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "timeofday": re.compile(r"\d\d:\d\d(:\d\d(\.\d{1,12})?)?"),
    "guid": re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
}
QUERY_FORMS = {"string": re.compile(r"(?s).*"), "number": re.compile(r"-?\d{1,15}"),
               "boolean": re.compile(r"true|false"), **FORMS}


def is_number(value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


class Published:
    """One provider's. A complaint is a line that says where and what; none means that all is as published."""

    def __init__(self, name: str, annotations: dict[str, Callable[[Any], bool]] | None = None) -> None:
        known = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        self.methods: dict[str, dict] = known.get("methods", {})
        self._types, self._enums = known["types"], known.get("enums", {})
        #: Members that any object may have besides its own.
        self._annotations = annotations or {}
        self._fitting: dict[tuple[str, bool], Callable[[Any], bool]] = {}

    def members(self, name: str) -> dict[str, str]:
        return self._types[name]

    def query(self, known: dict[str, str], pairs: list[tuple[str, str]]) -> list[str]:
        found, seen = [], set()
        for name, value in pairs:
            kind = known.get(name)
            if kind is None:
                found.append(f"no such query parameter: {name}")
            elif name in seen and not kind.endswith("[]"):
                found.append(f"query parameter {name} is given twice")
            elif not QUERY_FORMS[kind.removesuffix("[]")].fullmatch(value):
                found.append(f"query parameter {name} is no {kind}: {value[:80]}")
            seen.add(name)
        return found

    def parameters(self, value, known: dict[str, str]) -> list[str]:
        """Of a body whose members stand in no type, but in a table."""
        if not isinstance(value, dict):
            return ["the body is no object"]
        found = [f"no such parameter: {name}" for name in value.keys() - known.keys()]
        for name in value.keys() & known.keys():
            found += self.complaints(value[name], known[name], name)
        return found

    def complaints(self, value, kind: str, where: str = "", null: bool = True) -> list[str]:
        """`null`: whether a member may be null, which takes it away."""
        if value is not None and self._fits_as(kind, null)(value):
            return []
        found: list[str] = []
        self._look(value, kind, where, null, found)
        return found

    def _fits_as(self, kind: str, null: bool) -> Callable[[Any], bool]:
        """Whether a value that isn't null is right throughout: quick, since nearly all are, and says no more."""
        known = self._fitting.get((kind, null))
        if known is None:
            # Types hold each other: what is being made must be known already.
            self._fitting[kind, null] = lambda value: self._fitting[kind, null](value)
            known = self._fitting[kind, null] = self._make(kind, null)
        return known

    def _make(self, kind: str, null: bool) -> Callable[[Any], bool]:
        if kind == "any":
            return lambda value: True
        if kind == "string":
            return lambda value: isinstance(value, str)
        if kind.endswith("[]"):
            one = self._fits_as(kind[:-2], null)
            return lambda value: isinstance(value, list) and all(item is not None and one(item) for item in value)
        if kind.startswith("{"):
            one = self._fits_as(kind[1:-1], null)
            return lambda value: isinstance(value, dict) and all(
                (null if item is None else one(item)) for item in value.values())
        if kind == "boolean":
            return lambda value: value is True or value is False
        if kind in self._enums or kind in FORMS:
            right = frozenset(self._enums[kind]).__contains__ if kind in self._enums else FORMS[kind].fullmatch
            return lambda value: isinstance(value, str) and right(value)
        if kind not in self._types:
            return lambda value: self._fits(value, kind)
        members = {name: self._fits_as(of, null) for name, of in self._types[kind].items()} | self._annotations

        def fits(value) -> bool:
            if not isinstance(value, dict):
                return False
            for name, item in value.items():
                one = members.get(name)
                if one is None or not (null if item is None else one(item)):
                    return False
            return True
        return fits

    def _look(self, value, kind: str, where: str, null: bool, found: list[str]) -> None:
        if value is None:
            if not null:
                found.append(f"{where} is null")
        elif kind == "any":
            pass
        elif kind.endswith("[]"):
            if isinstance(value, list):
                for number, one in enumerate(value):
                    if one is None:
                        found.append(f"{where}.{number} is null")
                    self._look(one, kind[:-2], f"{where}.{number}", True if one is None else null, found)
            else:
                found.append(f"{where} is no list")
        elif kind.startswith("{"):
            if isinstance(value, dict):
                for name, one in value.items():
                    self._look(one, kind[1:-1], f"{where}.{name}", null, found)
            else:
                found.append(f"{where} is no object")
        elif kind in self._types:
            self._look_at_object(value, kind, where, null, found)
        elif not self._fits(value, kind):
            found.append(f"{where} is no {kind}: {str(value)[:80]}")

    def _look_at_object(self, value, kind: str, where: str, null: bool, found: list[str]) -> None:
        if not isinstance(value, dict):
            found.append(f"{where} is no object")
            return
        known = self._types[kind]
        for name, one in value.items():
            if name in known:
                self._look(one, known[name], f"{where}.{name}" if where else name, null, found)
            elif name not in self._annotations:
                found.append(f"{where}: {kind} has no member {name}")
            elif not self._annotations[name](one):
                found.append(f"{where}.{name} is not what that annotation holds: {str(one)[:80]}")

    def _fits(self, value, kind: str) -> bool:
        if kind == "boolean":
            return isinstance(value, bool)
        if kind in ("number", "double"):
            return is_number(value)
        if kind == "int":
            return is_number(value) and value == int(value)
        if not isinstance(value, str):
            return False
        return kind == "string" or value in self._enums.get(kind, ()) or (
            kind in FORMS and bool(FORMS[kind].fullmatch(value)))
