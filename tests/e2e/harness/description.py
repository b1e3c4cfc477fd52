"""The description of the interface (OpenAPI 3.1), and whether an answer is as it says."""

from __future__ import annotations

import functools
import json
import re

import jsonschema

from . import places

FILE = places.ROOT / "mod_calint" / "api" / "openapi.json"
#: RFC 3339, which the library's own check of formats leaves to another package.
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
FORMATS = jsonschema.FormatChecker(())


@FORMATS.checks("date-time")
def is_time(value) -> bool:
    return not isinstance(value, str) or bool(TIME.fullmatch(value))


@functools.cache
def description() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


def operations():
    """Method, path and operation of all of them."""
    for path, item in description()["paths"].items():
        for method, operation in item.items():
            if method != "parameters":
                yield method.upper(), path, operation


def operation_of(method: str, path: str) -> dict | None:
    """The operation at this path below the base, without its query; None where there is none."""
    wanted = "GET" if method == "HEAD" else method
    for one, pattern, operation in operations():
        if one == wanted and re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), path.split("?")[0]):
            return operation
    return None


def resolved(part: dict) -> dict:
    reference = part.get("$ref")
    return functools.reduce(lambda at, name: at[name], reference[2:].split("/"), description()) if reference else part


def check(schema: dict, value) -> None:
    whole = {**schema, "components": description()["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=FORMATS).validate(value)


def check_answer(method: str, path: str, answer) -> None:
    """Fails where an answer isn't one that the description has."""
    operation = operation_of(method, path)
    status = answer.status_code
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    if operation is None:
        if kind == "application/problem+json":
            check(description()["components"]["schemas"]["Problem"], answer.json())
        return
    assert str(status) in operation["responses"], f"{method} {path}: {status} isn't described"
    response = resolved(operation["responses"][str(status)])
    if "content" not in response or method == "HEAD":
        assert not answer.content
        return
    assert kind in response["content"], f"{method} {path}: {kind} isn't described"
    if kind.endswith("json"):
        check(response["content"][kind]["schema"], answer.json())
