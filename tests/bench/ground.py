"""What is measured, started on demand: a durable PostgreSQL, httpd with mod_calint, httpd with mod_auth_openidc,
the provider. Two httpds of one kind differ in how they reach the provider: http or TLS."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from functools import cached_property
from pathlib import Path

from harness import driver, places
from harness.httpd import Httpd
from harness.httpd_config import Config
from harness.paths import AUTH
from harness.postgres import Cluster
from harness.process import free_port
from harness.site import CLIENT_ID, Site, prepare_template

#: PostgreSQL as it comes, but for where it listens, how many may come, and a log that names the database.
DURABLE = {"listen_addresses": "127.0.0.1", "max_connections": "200", "log_min_messages": "error", "lc_messages": "C",
           "log_line_prefix": "%m [%p] %d "}
#: Long enough for HS256, which signs the id_token under it. Site writes it into the module's configuration.
SECRET = "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-256-bits"
#: Two children of 64 threads, as many as may run at once; a quarter of them may call a provider.
WORKERS = """ThreadLimit 64
ThreadsPerChild 64
StartServers 2
ServerLimit 2
MaxRequestWorkers 128
MinSpareThreads 1
MaxSpareThreads 128
MaxKeepAliveRequests 0
"""
#: Identity from a header, so that no password is hashed, and the same session for everyone.
OPEN = """    AuthType None
    Require all granted
"""
SESSION = """    Session On
    SessionCookieName calint_session path=/;HttpOnly;SameSite=Lax
"""
BARE = "/bare"
#: More than is ever asked here.
UNLIMITED = "1000000"


class Ground:
    def __init__(self, keep: bool = False) -> None:
        self._keep = keep
        self._started = []
        self._next_person = 1000
        self._counting = threading.Lock()

    def __enter__(self) -> "Ground":
        self.folder = Path(tempfile.mkdtemp(prefix="calint-bench-"))
        self.folder.chmod(0o755)
        return self

    def __exit__(self, *_) -> None:
        for part in reversed(self._started):
            if isinstance(part, Cluster):
                os.kill(part.pid, signal.SIGQUIT)  # at once: nothing of it is kept
            part.stop()
        if not self._keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _ends_with_this(self, part):
        self._started.append(part)
        return part

    @cached_property
    def cluster(self) -> Cluster:
        return self._ends_with_this(Cluster(self.folder / "postgres", DURABLE).create().start())

    @cached_property
    def provider(self) -> driver.FastProvider:
        return self._ends_with_this(driver.FastProvider(self.folder, CLIENT_ID, SECRET))

    @cached_property
    def template(self) -> str:
        name = prepare_template(self.cluster)
        done = subprocess.run([places.postgres("psql"), "-q", "-d", self.cluster.conninfo(name), "-f",
                               places.ROOT / "sql" / "roles.sql"], capture_output=True, text=True)
        assert done.returncode == 0, f"roles.sql: {done.stderr}"
        return name

    @cached_property
    def site(self) -> Site:
        return self.new_site("site")

    def new_site(self, name: str) -> Site:
        """With a database of its own."""
        site = self.site_of(name, self.provider)
        site.secret_file.write_text(SECRET + "\n", encoding="ascii")
        return site

    def site_of(self, name: str, provider) -> Site:
        return self._ends_with_this(Site(self.folder / name, self.cluster, self.template, provider))

    def people(self, count: int, site: Site | None = None) -> int:
        """The number of the first of so many new people: nobody's flow runs twice."""
        with self._counting:
            first, self._next_person = self._next_person, self._next_person + count
        driver.add_numbered_people(site or self.site, first, count)
        return first

    def conninfo(self, site: Site) -> str:
        """As the role that sql/roles.sql makes for nodes."""
        return site.cluster.conninfo(site.database).replace("user=postgres", "user=calint_runtime")

    def calint_node(self, tls: bool = False, extra: str = "", site: Site | None = None, token_url: str = "",
                    api_url: str = "", alone: bool = False, **changes: str) -> Httpd:
        """`alone`: Google is the only provider, so that none keeps places for another."""
        site, port = site or self.site, free_port()
        site.urls = dict((self.provider.https if tls else self.provider.http)["google"])
        site.urls |= {name: url for name, url in (("token_url", token_url), ("api_url", api_url)) if url}
        extra = (f'{driver.SIGNED_IN}\n{WORKERS}<Location "{AUTH}">\n{OPEN}</Location>\n'
                 f'<Location "{BARE}">\n    Redirect 302 {site.urls["authorize_url"]}\n{OPEN}{SESSION}</Location>\n'
                 + extra)
        changes = {"CalIntDatabase": f'"{self.conninfo(site)}"',
                   "CalIntIdentity": f"env:{driver.LOGIN_VARIABLE}", "CalIntPublicURL": f"http://127.0.0.1:{port}",
                   "CalIntCAFile": str(self.provider.bundle) if tls else "",
                   **({"provider": site.google_section(CalIntRequestsPerMinute=UNLIMITED)} if alone else {}), **changes}
        return site.add_node(Config(log_level="notice", extra=extra), port=port, **changes)

    @cached_property
    def calint(self) -> dict[str, Httpd]:
        return {"http": self.calint_node(), "TLS": self.calint_node(tls=True)}

    @cached_property
    def openidc(self) -> dict[str, Httpd]:
        return {"http": self._openidc(self.provider.http), "TLS": self._openidc(self.provider.https)}

    def _openidc(self, urls: dict) -> Httpd:
        port = free_port()
        node = Httpd(self.folder / f"openidc{port}", (), port)
        # Sessions in shared memory, which is its default. The provider by its metadata, read once: endpoints written
        # out must be https. They name no userinfo endpoint: one call at a callback, where mod_calint makes two.
        extra = f"""{driver.SIGNED_IN}
{WORKERS}OIDCProviderMetadataURL {urls["google"]["metadata_url"]}
OIDCProviderTokenEndpointAuth client_secret_post
OIDCClientID {CLIENT_ID}
OIDCClientSecret {SECRET}
OIDCIDTokenSignedResponseAlg HS256
OIDCRedirectURI http://127.0.0.1:{port}/oidc/callback
OIDCCryptoPassphrase a-passphrase-for-the-benchmark
OIDCResponseType code
OIDCScope "openid email"
OIDCCABundlePath {self.provider.bundle}
<Location "/oidc">
    AuthType openid-connect
    Require valid-user
</Location>
"""
        node.write(Config(with_module=False, modules=("auth_openidc",), log_level="notice", extra=extra))
        return self._ends_with_this(node.start())
