"""Partial answers: the query parameter `fields` (Google API reference, "Partial response")."""

from __future__ import annotations

import re

from .google_errors import Refusal
from .published import Published

TOKEN = re.compile(r"[A-Za-z_*][A-Za-z0-9_]*|[,/()]")

#: A member's name -> what is wanted of it; an empty one is everything.
Mask = dict


def parse(text: str) -> Mask:
    """`a,b/c,d(e,f)`. Raises Refusal."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != text.replace(" ", ""):
        raise Refusal("invalidParameter", message=f"Invalid field selection {text[:200]}")
    mask, rest = _list(tokens, 0)
    if rest != len(tokens):
        raise Refusal("invalidParameter", message=f"Invalid field selection {text[:200]}")
    return mask


def _list(tokens: list[str], at: int) -> tuple[Mask, int]:
    mask: Mask = {}
    while True:
        at = _member(tokens, at, mask)
        if at >= len(tokens) or tokens[at] != ",":
            return mask, at
        at += 1


def _member(tokens: list[str], at: int, mask: Mask) -> int:
    if at >= len(tokens) or tokens[at] in ",/()":
        raise Refusal("invalidParameter", message="Invalid field selection")
    name, at = tokens[at], at + 1
    inner: Mask = mask.setdefault(name, {})
    if at < len(tokens) and tokens[at] == "/":
        return _member(tokens, at + 1, inner)
    if at < len(tokens) and tokens[at] == "(":
        found, at = _list(tokens, at + 1)
        inner.update(found)
        if at >= len(tokens) or tokens[at] != ")":
            raise Refusal("invalidParameter", message="Invalid field selection")
        at += 1
    return at


def check(mask: Mask, kind: str, published: Published) -> None:
    """Refusal for a name that the type hasn't."""
    kind = kind.removesuffix("[]")
    if kind.startswith("{") or kind in ("any", "string", "number", "boolean"):
        return
    known = published.members(kind)
    for name, inner in mask.items():
        if name != "*" and name not in known:
            raise Refusal("invalidParameter", message=f"Invalid field selection {name}")
        if inner and name != "*":
            check(inner, known[name], published)


def cut(value, mask: Mask):
    if not mask or "*" in mask:
        return value
    if isinstance(value, list):
        return [cut(one, mask) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: cut(one, mask[name]) for name, one in value.items() if name in mask}


def selected(body: dict, fields: str, kind: str, published: Published) -> dict:
    mask = parse(fields)
    check(mask, kind, published)
    return cut(body, mask)
