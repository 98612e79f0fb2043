"""A rater at work in a real browser, against the real server."""

import re
import sqlite3
import uuid

import pytest
from playwright.sync_api import expect

from tests.conftest import Server
from tests.studied import open_study

pytestmark = pytest.mark.browser
SLOW = 120_000  # ms; a shared machine may be busy with other things


@pytest.fixture(scope="module")
def served(tmp_path_factory, tiny_slm):
    """The app as it ships, with a study of ten items and one hidden repeat."""
    data = tmp_path_factory.mktemp("study") / "data"
    data.mkdir()
    studies, study = open_study(data, side=320)
    server = Server(data, "--slm", str(tiny_slm), probe="/healthz")  # rating needs no models
    yield server, studies, study
    server.stop()
    studies.ratings.store.close()


@pytest.fixture
def rater(page_browser, served):
    """A browser of its own; script errors and requests to other machines fail the test."""
    server, _, _ = served
    context = page_browser.new_context(viewport={"width": 1280, "height": 800})
    page = context.new_page()
    wrong: list[str] = []
    page.on("request", lambda r: None if r.url.startswith((server.url, "data:")) else wrong.append(r.url))
    page.on("pageerror", lambda error: wrong.append(f"script error {error}"))
    page.set_default_timeout(SLOW)
    expect.set_options(timeout=SLOW)
    yield page
    context.close()
    assert not wrong, wrong


def start(page, server) -> None:
    page.goto(f"{server.url}/study/pilot")
    page.get_by_label("I agree").check(force=True)
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector(".st-ask")


def at(page, position: int) -> None:
    """Wait until the item of that position is on the screen, without an answer."""
    expect(page.locator(".st-count")).to_have_text(re.compile(rf"^{position} of \d+$"))
    expect(page.locator('.st-ask [aria-pressed="true"]')).to_have_count(0)


def rate(page, keys: str = "3 Shift+2 a") -> None:
    for key in keys.split():
        page.keyboard.press(key)


def stored(server, rater: str) -> list[tuple]:
    """What counts now of one rater: position and answers."""
    with sqlite3.connect(server.database) as database:
        return database.execute(
            "select position, accepted, relevance, correctness, note from ratings r where rater = ? "
            "and row = (select max(row) from ratings where presentation = r.presentation) order by position",
            (rater,),
        ).fetchall()


def known_as(page) -> str:
    [cookie] = [each for each in page.context.cookies() if each["name"] == "tinymuse_rater"]
    return cookie["value"].split(".")[0]


def test_ten_items_by_keyboard_alone(rater, served):
    """Breaks when a rater needs a mouse, or an answer given by key is not the one that is stored."""
    server, _, _ = served
    page = rater
    page.goto(f"{server.url}/study/pilot")
    page.wait_for_selector(".st-start")
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "agree":
            break
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".st-ask")
    total = int(page.locator(".st-count").inner_text().split()[-1])
    assert total >= 10
    for position in range(1, total + 1):
        at(page, position)
        rate(page, "1 Shift+3 r" if position % 2 else "Shift+1 2 a")
    expect(page.get_by_role("heading", name="Done. Thank you!")).to_be_visible()
    expect(page.get_by_text("every answer is saved")).to_be_visible()
    found = stored(server, known_as(page))
    assert found == [(n, 0, 1, 3, "") if n % 2 else (n, 1, 2, 1, "") for n in range(1, total + 1)]


def test_undo_goes_back_as_far_as_one_likes(rater, served):
    """Breaks when Z does not take the last answer back, or what was taken back still counts."""
    server, _, _ = served
    page = rater
    start(page, server)
    at(page, 1)
    page.keyboard.press("1")
    page.keyboard.press("z")
    at(page, 1)
    rate(page)
    at(page, 2)
    rate(page, "1")
    for _ in range(2):
        page.keyboard.press("z")
    expect(page.locator(".st-count")).to_have_text(re.compile("^1 of"))
    expect(page.locator('.st-ask [aria-pressed="true"]')).to_have_count(2)
    expect(page.locator(".tm-saved")).to_have_text("Saved")
    assert stored(server, known_as(page)) == [(1, None, 3, 2, "")]
    page.reload()
    expect(page.locator('.st-ask [aria-pressed="true"]')).to_have_count(2)
    page.keyboard.press("r")
    at(page, 2)
    expect(page.locator(".tm-saved")).to_have_text("Saved")
    assert stored(server, known_as(page)) == [(1, 0, 3, 2, "")]


def test_a_note_is_waited_for_and_kept(rater, served):
    """Breaks when the page goes on while someone writes, or the keys of a note count as answers."""
    server, _, _ = served
    page = rater
    start(page, server)
    page.keyboard.press("n")
    page.keyboard.type("A raz 123? <b>no</b>")
    page.keyboard.press("Escape")
    rate(page)
    page.wait_for_timeout(600)
    expect(page.locator(".st-count")).to_have_text(re.compile("^1 of"))
    page.locator("#note").focus()
    page.keyboard.press("Enter")
    at(page, 2)
    expect(page.locator(".tm-saved")).to_have_text("Saved")
    assert stored(server, known_as(page)) == [(1, 1, 3, 2, "A raz 123? <b>no</b>")]


def test_a_rater_resumes_where_they_left_off(rater, served):
    """Breaks when a reload, or another visit, loses an answer or shows another item."""
    server, _, _ = served
    page = rater
    start(page, server)
    rate(page)
    at(page, 2)
    prompt, picture = page.locator(".st-prompt").inner_text(), page.locator(".st-pair img").nth(1)
    shown = picture.get_attribute("src")
    page.keyboard.press("2")
    page.close()
    later = rater.context.new_page()
    later.goto(f"{server.url}/study/pilot")
    expect(later.locator(".st-count")).to_have_text(re.compile("^2 of"))
    expect(later.locator('[data-asks="relevance"] [aria-pressed="true"]')).to_have_count(1)
    assert later.locator(".st-prompt").inner_text() == prompt
    assert later.locator(".st-pair img").nth(1).get_attribute("src") == shown
    rate(later, "Shift+3 r")
    at(later, 3)


def test_ratings_wait_for_a_server_that_is_away_and_arrive_once(rater, served):
    """Breaks when answers are lost with the connection, or the page, or a retry doubles them."""
    server, studies, study = served
    page = rater
    start(page, server)
    at(page, 1)
    page.wait_for_load_state("networkidle")
    server.stop()
    for position in (1, 2):
        at(page, position)
        rate(page)
    expect(page.locator(".tm-saved")).to_contain_text("2 not sent yet")
    page.close()  # leaving is safe
    server.start()
    later = rater.context.new_page()
    later.set_default_timeout(SLOW)
    later.goto(f"{server.url}/study/pilot")
    at(later, 3)
    expect(later.locator(".tm-saved")).to_have_text("Saved")
    me = known_as(later)
    assert [row[0] for row in stored(server, me)] == [1, 2]
    assert len([1 for rating, _ in studies.ratings.history(study.id) if rating.rater == me]) == 2


@pytest.mark.parametrize("width", [390, 1024, 1440])
def test_it_fits_a_phone_and_a_desk(rater, served, width):
    """Breaks when a rater must scroll sideways, or a button is too small for a thumb."""
    page = rater
    page.set_viewport_size({"width": width, "height": 844})
    start(page, served[0])
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.evaluate(
        "[...document.querySelectorAll('button, summary')].filter((one) => one.offsetParent)"
        ".map((one) => one.getBoundingClientRect()).map((box) => Math.min(box.width, box.height))"
    )
    assert min(boxes) >= 44
    page.locator("[data-zoom=suggestion]").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_an_unknown_study_says_so(rater, served):
    """Breaks when a wrong link shows an empty page."""
    page = rater
    page.goto(f"{served[0].url}/study/nothing")
    expect(page.get_by_text("There is no such study")).to_be_visible()


def test_the_ratings_tab_shows_a_study_with_coded_arms(rater, served):
    """Breaks when the tab cannot change the study, or names an arm that raters are still blind to."""
    server, studies, study = served
    shown = studies.next(study, "f" * 32)
    grades = {"accepted": True, "relevance": 3, "correctness": 2}
    studies.answer(study, "f" * 32, shown.id, id=str(uuid.uuid4()), **grades)
    page = rater
    page.goto(server.url)
    page.get_by_role("tab", name="Ratings").click()
    expect(page.get_by_role("heading", name="No ratings yet")).to_be_visible()
    page.get_by_label("Study").select_option(label="pilot (still open)")
    expect(page.get_by_role("rowheader", name="A", exact=True)).to_be_visible()
    assert "guidedarm" not in page.content()
    page.get_by_label("When").focus()
    page.get_by_label("When").select_option(label="Last day")
    expect(page.get_by_label("When")).to_be_focused()


def test_a_study_is_closed_from_the_administration(rater, served):
    """Breaks when nobody can end a study, or ends it by a slip, or its raters then see an empty page."""
    server, studies, _ = served
    page = rater
    start(page, server)
    desk = page.context.new_page()
    desk.goto(f"{server.url}/admin")
    desk.get_by_role("button", name="Close").click()
    assert studies.get("pilot").state == "open"  # the box was not ticked
    desk.get_by_label("No more ratings").check(force=True)
    desk.get_by_role("button", name="Close").click()
    expect(desk.get_by_text("closed", exact=True)).to_be_visible()
    assert studies.get("pilot").state == "closed"
    rate(page)
    expect(page.get_by_role("heading", name="This study is over")).to_be_visible()
