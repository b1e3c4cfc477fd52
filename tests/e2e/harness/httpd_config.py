"""The configuration of a test's httpd, as text."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from . import paths, places
from .paths import AUTH, ORGANIZATION, SETTINGS
from .process import as_root

#: Below the port and httpd's own modules the module under test has what an administrator would write.
MODULES = ("authn_core", "authn_file", "authz_core", "authz_user", "authz_host", "auth_basic", "auth_form",
           "request", "session", "session_cookie", "session_crypto", "alias", "dir", "mime", "headers", "env",
           "setenvif", "unique_id", "status", "log_config", "logio", "unixd")
MPM_SETTINGS = {
    "event": "StartServers 1\nServerLimit 2\nThreadsPerChild 25\nThreadLimit 25\nMaxRequestWorkers 50\n"
             "MinSpareThreads 5\nMaxSpareThreads 50",
    "prefork": "StartServers 2\nMinSpareServers 2\nMaxSpareServers 8\nMaxRequestWorkers 16",
}
BASIC = """AuthType Basic
    AuthName "ATS"
    AuthBasicProvider file
    AuthUserFile {root}/users
    Require valid-user"""
FORM = """AuthType Form
    AuthName "ATS"
    AuthFormProvider file
    AuthUserFile {root}/users
    AuthFormLoginRequiredLocation /login.html
    Require valid-user"""
SIGN_IN = """<Location "/sign-in">
    SetHandler form-login-handler
    AuthType Form
    AuthName "ATS"
    AuthFormProvider file
    AuthUserFile {root}/users
    AuthFormLoginSuccessLocation {settings}
    AuthFormLoginRequiredLocation /login.html
    Session On
    {session}
</Location>"""
STATIC = f"""<Location "{paths.STATIC}">
    SetHandler calint-static
    Require all granted
    Session Off
</Location>"""
REQUIRE_ANY = """<RequireAny>
        Require valid-user
        Require expr "%{HTTP:Authorization} =~ /^Bearer( |$)/i"
    </RequireAny>"""
API_FOR_ALL = f"""<LocationMatch "^{paths.API}/(problems(/|$)|openapi\\.json$)">
    Require all granted
</LocationMatch>"""
LOGIN_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head>
<body><main><h1>Sign in</h1>
<form method="post" action="/sign-in">
<p><label>Login <input name="httpd_username"></label></p>
<p><label>Password <input name="httpd_password" type="password"></label></p>
<p><button>Sign in</button></p>
</form></main></body></html>
"""
PASSWORD = "correct horse battery staple"


@dataclass
class Config:
    """What a test may choose about its httpd."""

    mpm: str = "event"
    form_sign_in: bool = False           # mod_auth_form instead of mod_auth_basic
    calint: str = ""                     # server-wide CalInt directives
    extra: str = ""                      # anything else, at the end
    modules: tuple[str, ...] = field(default_factory=tuple)
    session: str = "SessionCookieName calint_session path=/;HttpOnly;SameSite=Lax"
    log_level: str = "notice calint:debug"
    with_module: bool = True


#: Users sign in on a page, and the session that they get is encrypted.
FORM_SIGN_IN = Config(form_sign_in=True,
                      session="SessionCookieName calint_session path=/;HttpOnly;SameSite=Lax\n"
                              "    SessionCryptoPassphrase a-passphrase-of-a-test")


def users_file(logins) -> str:
    digest = base64.b64encode(hashlib.sha1(PASSWORD.encode()).digest()).decode()
    return "".join(f"{login}:{{SHA}}{digest}\n" for login in logins)


def load_lines(config: Config) -> list[str]:
    folder, builtin = places.httpd_modules(), places.builtin_modules()
    wanted = (f"mpm_{config.mpm}", *MODULES, *config.modules)
    return [f"LoadModule {name}_module {folder}/mod_{name}.so" for name in dict.fromkeys(wanted)
            if f"mod_{name}.c" not in builtin]


def location(path: str, handler: str, protection: str, session: str) -> str:
    return (f'<Location "{path}">\n    SetHandler {handler}\n    {protection}\n'
            f"    Session On\n    {session}\n</Location>")


def or_service_key(protection: str) -> str:
    """Lets a service key past httpd's authentication, as the shipped configuration does."""
    return protection.replace("Require valid-user", REQUIRE_ANY)


def text(config: Config, root: Path, port: int) -> str:
    protection = (FORM if config.form_sign_in else BASIC).format(root=root)
    parts = load_lines(config)
    if config.with_module:
        parts.append(f"LoadModule calint_module {places.MODULE}")
    parts += [
        f"ServerRoot {root}", f"Listen 127.0.0.1:{port}", "ServerName 127.0.0.1", f"PidFile {root}/run/httpd.pid",
        f"DefaultRuntimeDir {root}/run", "TypesConfig /dev/null", "AddType text/html .html",
        f"DocumentRoot {root}/documents", f"ErrorLog {root}/logs/error.log", f"CoreDumpDirectory {root}/cores",
        # All that could show a callback's query: the request line, the query, the URL, the referrer.
        'LogFormat "%h %u %t \\"%r\\" %>s \\"%q\\" \\"%U\\" \\"%{Referer}i\\"" every',
        f"CustomLog {root}/logs/access.log every", f"LogLevel {config.log_level}", MPM_SETTINGS[config.mpm],
        "Timeout 30", "KeepAlive On", "KeepAliveTimeout 2", "GracefulShutdownTimeout 10", "ExtendedStatus On",
    ]
    if as_root():
        parts += ["User www-data", "Group www-data"]
    parts += [f'<Directory "{root}/documents">\n    Require all granted\n</Directory>',
              '<Location "/server-status">\n    SetHandler server-status\n    Require local\n</Location>']
    if config.form_sign_in:
        parts.append(SIGN_IN.format(root=root, settings=SETTINGS, session=config.session))
    if config.with_module:
        parts += [config.calint, location(AUTH, "calint-auth", protection, config.session),
                  location(SETTINGS, "calint-settings", protection, config.session),
                  location(ORGANIZATION, "calint-admin", protection, config.session),
                  location(paths.API, "calint-api", or_service_key(protection), config.session), API_FOR_ALL,
                  STATIC]
    return "\n".join([*parts, config.extra, ""])
