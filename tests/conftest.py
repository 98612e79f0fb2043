"""What several tests share: a studio of real parts made tiny, a server, a browser."""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

os.environ.setdefault("OMP_NUM_THREADS", "1")  # tiny models: threads would only wait for one another
ROOT = Path(__file__).resolve().parents[1]
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


@pytest.fixture(scope="session")
def tiny_slm(tmp_path_factory) -> Path:
    """A folder with an untrained language model of the `tiny` preset."""
    from slm.checkpoint import save_checkpoint
    from tests.tiny import tiny_model, tiny_tokenizer

    folder = tmp_path_factory.mktemp("slm")
    save_checkpoint(folder, tiny_model(), tiny_tokenizer(), {})
    return folder


@pytest.fixture(scope="session")
def studio(tiny_slm):
    """Detector, tiny language model, illustrator and template: the embedded parts."""
    from pipeline.studio import load_studio

    return load_studio(renderer="illustrator", offline=True, slm=str(tiny_slm))


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium to drive; the test is skipped where there is none."""
    from playwright.sync_api import sync_playwright

    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        pytest.skip("no Chromium: `make test` fetches one, or run `playwright install chromium`")
    return path


@pytest.fixture(scope="session")
def page_browser(chromium):
    """One headless browser for all tests; each test opens a context of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()


class Server:
    """app.py as a person starts it: its own process, its own data folder."""

    def __init__(self, data: Path, *arguments: str, probe: str = "/readyz") -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.probe, self.database = probe, data / "ratings.sqlite"
        self.data, self.arguments, self.url = data, arguments, f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        """Start, and return once it answers: by then the models are loaded, unless the probe is /healthz."""
        command = [sys.executable, "app.py", "--offline", "--port", str(self.port), "--data", str(self.data)]
        self.log = (self.data.parent / "server.log").open("a")
        self.process = subprocess.Popen(
            [*command, *self.arguments], cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT
        )
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + self.probe, timeout=5):
                    return  # a 503 until then is an OSError
            except OSError:
                assert self.process.poll() is None, (self.data.parent / "server.log").read_text()
            time.sleep(0.2)
        self.stop()
        raise AssertionError((self.data.parent / "server.log").read_text())

    def stop(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait()
        self.log.close()


@pytest.fixture(scope="module")
def server(tmp_path_factory, tiny_slm):
    """The app as it ships, but for a language model that writes at once, and nonsense."""
    started = Server(tmp_path_factory.mktemp("server") / "data", "--slm", str(tiny_slm))
    yield started
    started.stop()


SLOW = 180_000  # ms; a shared machine may be busy with other things


def open_page(page, server) -> None:
    """The app's page in a browser's page, ready for the first click."""
    page.goto(server.url)
    page.wait_for_selector(".tm-sample")


@pytest.fixture
def page(page_browser, server):
    """A page of its own; whatever it asks of another machine, and every script error, fails the test."""
    from playwright.sync_api import expect

    expect.set_options(timeout=SLOW)
    context = page_browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    page = context.new_page()
    wrong: list[str] = []
    own = (server.url, "data:", "blob:")
    page.on("request", lambda r: None if r.url.startswith(own) else wrong.append(f"asks {r.url}"))
    page.on("pageerror", lambda error: wrong.append(f"script error {error}"))
    page.set_default_timeout(SLOW)
    open_page(page, server)
    yield page
    context.close()
    assert not wrong, wrong


@pytest.fixture(scope="session")
def postgres():
    """The URL of a real PostgreSQL server that lives as long as the tests."""
    pytest.importorskip("psycopg")
    if not POSTGRES:
        pytest.skip("no PostgreSQL under /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = []
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        try:
            nobody = pwd.getpwnam("postgres").pw_name
        except KeyError:
            pytest.skip("no user 'postgres' to run the server as")
        shutil.chown(folder, nobody)
        user = ["runuser", "-u", nobody, "--"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    binaries, data = POSTGRES[-1].parent, folder / "data"
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    init = [*user, str(binaries / "initdb"), "-D", str(data), "-U", "muse", "-A", "trust", "-N"]
    subprocess.run(init, **quiet)
    control = [*user, str(binaries / "pg_ctl"), "-D", str(data), "-w"]
    options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder}"
    subprocess.run([*control, "-o", options, "-l", str(folder / "log"), "start"], **quiet)
    yield f"postgresql+psycopg://muse@127.0.0.1:{port}/postgres"
    subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new folder/ratings.sqlite"
    url = request.getfixturevalue("postgres")
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    return url
