"""Xandikos for several people: by itself it knows no passwords, and one principal.

xandikos_for_people.py FOLDER PORT: FOLDER/collections has what they keep. Where FOLDER/users is, it has a line
LOGIN:PASSWORD for each of them, read at each request; else whoever signs in is who they say. A principal and its home,
/LOGIN/calendars/, are made when somebody signs in for the first time."""

import os
import sys
from pathlib import Path

from aiohttp import BasicAuth, web
from xandikos.web import WELLKNOWN_DAV_PATHS, RedirectDavHandler, XandikosApp, XandikosBackend

folder, port = Path(sys.argv[1]), int(sys.argv[2])
os.environ["HOME"] = str(folder)  # where git, which it keeps all in, looks for its settings
users = folder / "users"
backend = XandikosBackend(str(folder / "collections"))


def login_of(request: web.Request) -> str | None:
    try:
        given = BasicAuth.decode(request.headers.get("Authorization", ""), "utf-8")
    except ValueError:
        return None
    if users.exists() and f"{given.login}:{given.password}" not in users.read_text("utf-8").split("\n"):
        return None
    return given.login


async def answer(request: web.Request) -> web.StreamResponse:
    login = login_of(request)
    if not login or "/" in login:
        raise web.HTTPUnauthorized(headers={"WWW-Authenticate": 'Basic realm="Xandikos"'})
    principal = f"/{login}/"
    backend._mark_as_principal(principal)
    if backend.get_resource(principal) is None:
        backend.create_principal(principal)
    return await XandikosApp(backend, principal).aiohttp_handler(request, "/")


(folder / "collections").mkdir(exist_ok=True)
app = web.Application(client_max_size=32 << 20)
for path in WELLKNOWN_DAV_PATHS:
    app.router.add_route("*", path, RedirectDavHandler("/"))
app.router.add_route("*", "/{path_info:.*}", answer)
web.run_app(app, host="127.0.0.1", port=port)
