"""The administration: who gets in, what can be done, what may be seen before the end."""

import io
import re
import sys
import time
import uuid
import zipfile

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app import main
from tests.studied import SECRETS, open_study
from ui.admin import Desk, admin_routes
from ui.door import Door
from ui.seal import Seal

SEAL = Seal(b"k" * 32)
PASSWORD = "correct horse"
HERE = {"base_url": "http://127.0.0.1:7860", "client": ("127.0.0.1", 50000)}
PATHS = ("/admin", "/admin/studies/pilot/report", "/admin/studies/pilot/ratings.csv")


@pytest.fixture
def pilot(tmp_path):
    """An open study with a code and one rating."""
    studies, study = open_study(tmp_path, code="maple-7")
    shown = studies.next(study, "r" * 32)
    grades = {"accepted": True, "relevance": 3, "correctness": 2}
    studies.answer(study, "r" * 32, shown.id, id=str(uuid.uuid4()), **grades)
    yield studies, study
    studies.ratings.store.close()


def app_of(studies, password="", public_url="", items_command=()) -> FastAPI:
    app = FastAPI()
    app.add_middleware(Door, seal=SEAL, public_url=public_url)
    app.include_router(admin_routes(studies, Desk(SEAL, password, public_url, items_command)))
    return app


def entered(studies, **options) -> TestClient:
    client = TestClient(app_of(studies, PASSWORD, **options), base_url="https://testserver")
    assert client.post("/admin/enter", data={"password": PASSWORD}).status_code == 200
    return client


# --- who gets in ----------------------------------------------------------------------------------------


def test_a_password_is_asked_for(pilot):
    """Breaks when anyone can close a study, or read its ratings."""
    studies, _ = pilot
    client = TestClient(app_of(studies, PASSWORD), **HERE)
    for path in PATHS:
        reply = client.get(path)
        assert reply.status_code == 401
        assert "pilot" not in reply.text
    assert client.post("/admin/studies/pilot/close").status_code == 401
    assert client.post("/admin/studies", data={"name": "x"}).status_code == 401
    assert studies.get("pilot").state == "open"
    for wrong in ("", "correct horse ", "Correct horse"):
        assert client.post("/admin/enter", data={"password": wrong}).status_code == 403
    reply = client.post("/admin/enter", data={"password": PASSWORD}, follow_redirects=False)
    assert all(word in reply.headers["set-cookie"] for word in ("HttpOnly", "SameSite=strict", "Path=/admin"))
    assert "pilot" in client.get("/admin").text


def test_passwords_cannot_be_tried_out(pilot):
    """Breaks when a script can try thousands of passwords."""
    client = TestClient(app_of(pilot[0], PASSWORD))
    codes = [client.post("/admin/enter", data={"password": f"{n}"}).status_code for n in range(8)]
    assert codes == [403] * 5 + [429] * 3
    assert client.post("/admin/enter", data={"password": PASSWORD}).status_code == 429


def test_a_cookie_ends_with_time_with_leaving_and_with_the_password(pilot):
    """Breaks when someone who once knew the password stays in for ever."""
    studies, _ = pilot
    client = entered(studies)
    token = client.cookies["tinymuse_admin"]
    other = TestClient(app_of(studies, "another one"), cookies={"tinymuse_admin": token})
    assert other.get("/admin").status_code == 401
    desk = Desk(SEAL, PASSWORD, "", ())
    late = SEAL.sign(desk._purpose, str(int(time.time()) - 1))
    for made_up in (late, "9999999999", f"9999999999.{'0' * 32}", SEAL.sign("rater", "9999999999")):
        stranger = TestClient(app_of(studies, PASSWORD), cookies={"tinymuse_admin": made_up})
        assert stranger.get("/admin").status_code == 401
    client.post("/admin/leave")
    assert client.get("/admin").status_code == 401


def test_without_a_password_only_this_machine_gets_in(pilot):
    """Breaks when a neighbour on the network, a proxy, or a web page under a name of its own gets in."""
    studies, _ = pilot
    assert TestClient(app_of(studies), **HERE).get("/admin").status_code == 200
    home6 = TestClient(app_of(studies), base_url="http://localhost", client=("::1", 50000))
    assert home6.get("/admin").status_code == 200
    elsewhere = TestClient(app_of(studies), base_url="http://127.0.0.1:7860", client=("192.168.0.7", 50000))
    rebound = TestClient(app_of(studies), base_url="http://evil.example:7860", client=("127.0.0.1", 50000))
    behind = TestClient(app_of(studies, public_url="https://study.example"), **HERE)
    for client in (elsewhere, rebound, behind):
        for path in PATHS:
            assert client.get(path).status_code == 401
        assert client.post("/admin/studies/pilot/close").status_code == 401
        assert client.post("/admin/enter", data={"password": ""}).status_code == 403
    for header in ("x-forwarded-for", "forwarded", "via", "x-real-ip"):
        assert (
            TestClient(app_of(studies), **HERE).get("/admin", headers={header: "127.0.0.1"}).status_code
            == 401
        )
    assert "--admin-password-file" in elsewhere.get("/admin").text


def test_another_site_cannot_close_a_study(pilot):
    """Breaks when a web page the administrator visits can act in their name."""
    studies, _ = pilot
    client = TestClient(app_of(studies), **HERE)
    reply = client.post("/admin/studies/pilot/close", headers={"origin": "https://evil.example"})
    assert reply.status_code == 403
    assert studies.get("pilot").state == "open"


@pytest.mark.parametrize(("content", "says"), [("short", "fewer than"), (None, "cannot be read")])
def test_a_poor_password_is_refused_at_the_start(tmp_path, content, says, monkeypatch):
    """Breaks when the app serves with a password that protects nothing, or ends in a traceback."""
    file = tmp_path / "password"
    if content:
        file.write_text(content)
    with pytest.raises(SystemExit, match=says):
        main(["--admin-password-file", str(file)])
    monkeypatch.setenv("TINYMUSE_ADMIN_PASSWORD", "short")
    with pytest.raises(SystemExit, match="fewer than"):
        main([])


# --- what can be done ---------------------------------------------------------------------------------------


def form(**changes) -> dict:
    return {
        "name": "autumn",
        "code": "",
        "target": "3",
        "length": "20",
        "per_canvas": "1",
        "repeat_every": "10",
        "arms": "guided\r\nraw:guided=no",
        "canvases": "assets/samples/samples.json",
    } | changes


def test_a_study_is_made_opened_and_closed(pilot):
    """Breaks when the page cannot do what the command line can."""
    studies, _ = pilot
    making = [sys.executable, "-c", "import sys; print(sys.argv); sys.exit('no models here')"]
    client = entered(studies, items_command=making)
    assert client.post("/admin/studies", data=form()).status_code == 200
    study = studies.get("autumn")
    assert (study.state, len(study.arms), len(study.canvases), study.target) == ("draft", 2, 3, 3)
    reply = client.post("/admin/studies/autumn/open")
    assert reply.status_code == 422
    assert "6 items are not made yet" in reply.text
    client.post("/admin/studies/autumn/items")
    for _ in range(100):
        if "goes on" not in (page := client.get("/admin").text):
            break
        time.sleep(0.1)
    assert "no models here" in page
    assert "close" not in re.findall(r"/admin/studies/autumn/(\w+)", page)
    client.post("/admin/studies/pilot/close")
    assert studies.get("pilot").state == "closed"
    assert client.post("/admin/studies/pilot/open").status_code == 422


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "pilot"},
        {"name": "../x"},
        {"target": "many"},
        {"target": "0"},
        {"length": "9000"},
        {"arms": ""},
        {"arms": "a:colour=red"},
        {"canvases": "/nowhere"},
        {"canvases": ""},
    ],
)
def test_what_is_no_study_is_refused_in_words(pilot, change):
    """Breaks when a typing error ends in a server error, or makes half a study."""
    studies, _ = pilot
    reply = entered(studies).post("/admin/studies", data=form(**change))
    assert reply.status_code == 422
    assert 'role="alert"' in reply.text.replace("'", '"')
    assert [study.name for study in studies.all() if study.id != "demo"] == ["pilot"]


def test_raters_are_invited_by_a_link(pilot):
    """Breaks when the link leads nowhere, or lacks the code."""
    link = "https://study.example/study/pilot?code=maple-7"
    assert link in entered(pilot[0], public_url="https://study.example").get("/admin").text
    assert "https://testserver/study/pilot?code=maple-7" in entered(pilot[0]).get("/admin").text


def test_arms_are_coded_until_the_study_is_closed(pilot):
    """Breaks when whoever watches the study can see which arm is ahead before the end."""
    studies, _ = pilot
    client = entered(studies)
    files = ["report", "ratings.csv", "ratings.jsonl", "ratings.parquet", "preferences.jsonl", "export.zip"]

    def told() -> list[str]:
        bodies = [client.get("/admin").content]
        for file in files:
            reply = client.get(f"/admin/studies/pilot/{file}")
            assert reply.status_code == 200, file
            bodies.append(reply.content)
        with zipfile.ZipFile(io.BytesIO(bodies.pop())) as archive:
            assert "study.json" in archive.namelist()
            bodies += [archive.read(name) for name in archive.namelist() if not name.endswith(".png")]
        return [word for word in SECRETS if any(word.encode() in body for body in bodies)]

    assert told() == []
    studies.close("pilot")
    assert {"guidedarm", "painter-of"} <= set(told())


def test_a_report_has_its_style_and_no_script(pilot):
    """Breaks when the report's look is refused by the page's own policy, or a note could run in it."""
    headers = entered(pilot[0]).get("/admin/studies/pilot/report").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert len(headers.get_list("content-security-policy")) == 1


@pytest.mark.parametrize("file", ["study.json", "..%2f..%2fratings.sqlite", "x"])
def test_no_other_file_can_be_had(pilot, file):
    """Breaks when a made-up address reads a file of the server."""
    assert entered(pilot[0]).get(f"/admin/studies/pilot/{file}").status_code == 404
    assert entered(pilot[0]).get("/admin/studies/nothing/report").status_code == 404
