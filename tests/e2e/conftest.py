"""What the end-to-end tests share.

`site` is one running site that each test finds as just started. `make_site` gives a test a site of its own,
with directives of its own. After each test httpd's error logs are read: a line above notice that the test
didn't announce (site.log.expect, site.log.allow) fails it. So does a call that a provider doesn't know.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))

from harness import places  # noqa: E402
from harness.busy_time import ACCOUNTS, Person  # noqa: E402
from harness.caldav_servers import SERVERS  # noqa: E402
from harness.people import ADA, IAN, IVY  # noqa: E402
from harness.postgres import Cluster  # noqa: E402
from harness.proof import Proof, figures  # noqa: E402
from harness.providers import PROVIDERS  # noqa: E402
from harness.site import CLIENT_ID, CLIENT_SECRET, Site, prepare_template  # noqa: E402
from harness.trap import trap as open_trap  # noqa: E402

from client import Sandbox  # noqa: E402  (tests/sandbox, found by way of harness.places)


def pytest_sessionstart(session):
    most = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    missing = [str(path) for path in (places.MODULE, places.CALINTCTL) if not path.exists()]
    if missing and not session.config.option.collectonly:
        pytest.exit(f"build first, or set CALINT_BUILD: {', '.join(missing)} is missing", returncode=2)


#: Files that take longest. Begun last, one of them would go on when the other workers are done.
LONG = ("test_interviews.py", "test_sync.py", "test_worker.py", "test_browser.py", "test_proof_kills.py",
        "test_proof_cuts.py", "test_proof_crashes.py", "test_hostile_answers.py", "test_apple.py",
        "test_apple_answers.py", "test_proof_concurrency.py", "test_proof_restarts.py", "test_sync_apple.py",
        "test_sync_now.py", "test_proof_sync.py", "test_window.py", "test_proof_interviews.py", "test_interviews_call.py")


def pytest_collection_modifyitems(items):
    order = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.name, len(LONG)))


def pytest_terminal_summary(terminalreporter):
    lines = figures(report for reports in terminalreporter.stats.values() for report in reports
                    if getattr(report, "when", None) == "call")
    if lines:
        terminalreporter.section("figures")
        for line in lines:
            terminalreporter.line(line)


@pytest.fixture
def proof(record_property):
    """Its two sizes, and where its figures go; see harness.proof."""
    return Proof(record_property)


@pytest.fixture(scope="session")
def folder():
    """A folder that httpd's and PostgreSQL's users may enter. Short: Unix sockets are in it."""
    path = Path(tempfile.mkdtemp(prefix="calint-e2e-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


@pytest.fixture(scope="session")
def cluster(folder):
    cluster = Cluster(folder / "postgres").create().start()
    yield cluster
    cluster.stop(immediate=True)  # nothing of it is kept


@pytest.fixture(scope="session")
def template(cluster):
    return prepare_template(cluster)


@pytest.fixture(scope="session")
def sandbox_process():
    with Sandbox(client_id=CLIENT_ID, client_secret=CLIENT_SECRET) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def tls_sandbox(folder):
    """A provider of its own that serves TLS too; `certificate` is what CalIntCAFile names."""
    certificate, key = folder / "sandbox.pem", folder / "sandbox.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-noenc", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate],
                   check=True, capture_output=True)
    with Sandbox(certificate=str(certificate), key=str(key)) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def shared_site(folder, cluster, template, sandbox_process):
    site = Site(folder / "site", cluster, template, sandbox_process)
    try:
        yield site.start()
    finally:
        site.stop()


def check_logs(site):
    complaints = site.complaints()
    if complaints:
        pytest.fail("in httpd's error log:\n" + "\n".join([*complaints, *site.stacks()]), pytrace=False)
    if wrong := site.sandbox.take_violations():
        pytest.fail("not as the providers have published it:\n" + "\n".join(map(str, wrong)), pytrace=False)


@pytest.fixture
def site(shared_site):
    shared_site.reset()
    yield shared_site
    check_logs(shared_site)


@pytest.fixture
def make_site(folder, cluster, template, sandbox_process, tmp_path_factory):
    """A factory of sites that end with the test. The first call resets the sandbox."""
    made = []

    def make(config=None, **options):
        if not made:
            sandbox_process.reset()
        site_folder = Path(tempfile.mkdtemp(prefix="site-", dir=folder))
        site_folder.chmod(0o755)
        site = Site(site_folder / "s", options.pop("cluster", cluster), options.pop("template", template),
                    options.pop("sandbox", sandbox_process))
        made.append(site)
        return site.start(config, **options) if options.pop("start", True) else site

    yield make
    for site in made:
        site.stop()
    for site in made:
        check_logs(site)


@pytest.fixture
def sandbox(sandbox_process):
    """The provider, reset by `site` and by the first call of `make_site`."""
    return sandbox_process


@pytest.fixture(scope="module", params=SERVERS, ids=lambda server: server.name)
def caldav_server(request, folder):
    """A real CalDAV server, empty at first; see harness.caldav_servers."""
    server_folder = Path(tempfile.mkdtemp(prefix=f"{request.param.name}-", dir=folder))
    server_folder.chmod(0o755)
    server = request.param(server_folder / "r")
    yield server.start()
    server.stop()


@pytest.fixture
def trap():
    """A server that nobody should call; see harness.trap."""
    with open_trap() as opened:
        yield opened


@pytest.fixture(params=PROVIDERS, ids=lambda provider: provider.id)
def provider(request):
    """A test that takes it asserts the same of each provider with OAuth; see harness.providers."""
    return request.param


@pytest.fixture
def ivy(site):
    """An interviewer's browser."""
    return site.client(IVY)


@pytest.fixture
def ian(site):
    """Another interviewer's browser."""
    return site.client(IAN)


@pytest.fixture
def ada(site):
    """An administrator's browser."""
    return site.client(ADA)


@pytest.fixture
def working(make_site):
    """A site that does background work."""
    return make_site(CalIntWorker="on")


@pytest.fixture(params=ACCOUNTS)
def person(request, working, sandbox):
    """Whose calendars are read, at each provider."""
    return Person(working, sandbox, request.param)
