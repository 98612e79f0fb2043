"""From canvas to Intent: topics, own words, hostile text, sources, and the command line."""

import json
import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from intent import evaluate
from intent.clip import Seen, load_clip
from intent.detector import Detector, Finding, Intent, detect_list, main, palette
from intent.entities import LONGEST_TEXT, clean, find_entities
from intent.evaluate import FILE, PARTS, calibration_error, is_right, load_rows, part_of
from intent.graph import load_graph
from intent.reader import Reader
from intent.things import is_thing
from intent.words import load_words
from tests.test_clip import folder  # noqa: F401  (a fixture: tiny open_clip weights)


@pytest.fixture(scope="module")
def detector():
    return Detector(load_graph(), Reader())  # without eyes: tests/test_clip.py has those


@pytest.fixture(scope="module")
def words(detector):
    return detector.words


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("HAPPY BIRTHDAY!!! 🎂🎉", "birthday party"),
        ("save\nthe\ndate", "save the date"),
        ("Farmers' Market: every Saturday 8am-1pm", "farmers market"),
        ("we're hiring! apply by 30/4", "hiring"),
        ("wood-fired pizzas", "pizza"),
        ("Baby shower for Kayla, Sunday March 9", "baby shower"),
        ("LOST DOG - brown, answers to Rex. Call 555-0199", "lost pet"),
    ],
)
def test_plain_topics_are_found(detector, text, topic):
    """Case, emoji, line breaks, hyphens, plurals and dates must not hide a topic that is written there."""
    intent = detector.detect(None, text)
    assert intent.topic.value == topic
    assert intent.topic.source == "text"
    assert intent.topic.confidence > 0.4
    assert all(0 <= finding.confidence <= 1 for finding in (intent.topic, *intent.objects, *intent.also))


def test_objects_named_come_first_then_companions(detector):
    """A person who names a cake must get a cake; one who names nothing gets proposals, marked as such."""
    intent = detector.detect(None, "Birthday party for Mia: cakes and a unicorn")
    assert [finding.value for finding in intent.objects][:2] == ["cake", "unicorn"]
    assert {finding.source for finding in intent.objects[:2]} == {"text"}
    alone = detector.detect(None, "birthday party")
    assert len(alone.objects) == 3
    assert {finding.source for finding in alone.objects} == {"graph"}


@pytest.mark.parametrize(
    ("text", "design"),
    [
        ("menu for our pizzeria", "menu"),
        ("Wedding flyer", "flyer"),
        ("This is to certify that Ann swam", "certificate"),
    ],
)
def test_design_types_are_named(detector, text, design):
    """The words for a design must win over the usual design of the topic."""
    found = detector.detect(None, text).design_type
    assert (found.value, found.source) == (design, "text")


def test_unknown_topics_stay_in_the_persons_words(detector):
    """Forcing a ferry timetable into the nearest label would draw the wrong thing."""
    intent = detector.detect(None, "Ferry timetable")
    assert intent.topic.value == "ferry timetable"
    assert intent.topic.source == "text"


@pytest.mark.parametrize(
    "text", ["", "   \n", "!!! ... ???", "Lorem ipsum dolor sit amet", "12:30", "<|TP|>", "​‍"]
)
def test_nothing_said_is_nothing_understood(detector, text):
    """An empty canvas must ask for a topic, not invent one."""
    intent = detector.detect(None, text)
    assert intent.topic.value == ""
    assert intent.topic.confidence == 0
    assert intent.topic.source == "none"


def test_nothing_at_all_is_the_empty_intent(detector):
    """No picture and no text."""
    assert detector.detect(None, "") == Intent()


HOSTILE = [
    "<|TP|>wedding<|LEN|><|endoftext|>",
    "'; DROP TABLE ratings; --",
    "<script>alert(1)</script>",
    "\x00\x01\x02 null \x7f",
    "‮right to left‬",
    "Z̷̢a̶l̸g̵o̷",
    "🏳️‍🌈" * 50,
    "((((((((((" * 200,
    "a" * 5000,
    "@" * 3000,
    "1" * 3000 + ".",
    "A b " * 2000,
    "- " * 3000,
    "Δοκιμή テスト тест اختبار",
    "\ud83d broken",
    "{{7*7}} ${7*7} %s%n%x",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_only_text(detector, text):
    """No text a person can paste may end in an error, and no control token may pass."""
    intent = detector.detect(None, text)
    said = " ".join([intent.topic.value, *(finding.value for finding in intent.objects)])
    assert "<|" not in said
    assert "\x00" not in said


def test_random_text_never_fails(words):
    """Letters, signs and digits in any order."""
    dice = random.Random(7)
    signs = "aB9 $£#@:/.-'’\n|<>()éß中🎂\u0301\u200d"
    for _ in range(150):
        words.english.respace("".join(dice.choices(signs, k=60)))
        find_entities(clean("".join(dice.choices(signs, k=80))), set())


def test_long_text_is_bounded(detector):
    """Only the beginning of 100,000 characters is looked at, so that time does not grow with them."""
    beginning = "Pottery class: throw a bowl on the wheel. "
    assert len(clean("word " * 20_000)) <= LONGEST_TEXT
    long, short = (detector.detect(None, beginning * count) for count in (2500, 95))
    assert long.topic == short.topic


def test_entities_are_set_apart(words):
    """Names, dates and prices are no topics: Rose is a person here, May a month."""
    text = "Amelia Rose Hartley, May 4, 7:30 pm, 22 Maple Close, $12.50, a@b.org, #fun, +1 555 010 9999"
    kinds = [entity.kind for entity in find_entities(text, words.lexicon.counts)]
    assert kinds == ["name", "date", "time", "address", "price", "email", "hashtag", "phone"]
    assert not any(match.value == "rose" for match in words.find("Amelia Rose Hartley").reading.matches)


def test_text_on_the_picture_is_a_source(detector):
    """What stands on the canvas must be read, attributed, and outdone by what the person types."""
    image = Image.new("RGB", (700, 500), "#fff3e4")
    ImageDraw.Draw(image).text((60, 60), "Yoga for beginners", "#263d5a", ImageFont.load_default(size=60))
    intent = detector.detect(image, "")
    assert (intent.topic.value, intent.topic.source) == ("yoga", "words")
    assert len(intent.words) == 1
    assert intent.palette[0] == "#fff3e4"
    assert detector.detect(image, "wedding invitation").topic.value == "wedding"
    assert detector.detect(image, "") == intent


def test_the_picture_votes_with_clip_weights(detector, folder, tmp_path):  # noqa: F811
    """With weights in a folder the same detector uses the picture and says so."""
    graph = load_graph()
    clip, _ = load_clip(graph, str(folder), offline=True, cache=tmp_path)
    seeing = Detector(graph, detector.reader, clip)
    image = Image.effect_noise((64, 64), 90).convert("RGB")
    assert seeing.detect(image, "") == seeing.detect(image, "")
    assert seeing.detect(image, "yoga class").topic.value == "yoga"
    assert folder.name in seeing.describe()


def test_without_the_encoder_words_still_work():
    """Matching by meaning is a help, no condition."""
    words = load_words(load_graph(), meaning=False)
    evidence = words.find("Happy Hanukkah! latkes at ours")
    assert words.names[int(evidence.chances.argmax())] == "Hanukkah"


def test_palette_has_no_near_duplicates():
    """Five shades of one colour are no palette."""
    image = Image.new("RGB", (100, 100), "#ffffff")
    image.paste("#e4572e", (0, 0, 60, 40))
    image.paste("#e4582f", (60, 60, 100, 100))
    assert palette(image) == ("#ffffff", "#e4572e")


def test_command_line(capsys, tmp_path):
    """Scripts read one JSON object; a file that is no picture is said in one line."""
    main(["--offline", "--json", "--text", "book club"])
    assert json.loads(capsys.readouterr().out)["topic"]["value"] == "book club"
    (tmp_path / "no.png").write_text("no picture")
    with pytest.raises(SystemExit, match="2"):
        main(["--offline"])
    assert "give a picture" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="Cannot start"):
        main([str(tmp_path / "no.png"), "--offline"])
    with pytest.raises(SystemExit, match="is no folder"):
        main(["--offline", "--text", "x", "--clip", str(tmp_path / "none")])


def test_evaluation_counts_what_it_says(detector):
    """A wrong measure would tune the wrong thing."""
    row = {"topic": "birthday", "accept": ["kids birthday"]}
    assert is_right(detector.graph, "kids birthday", row)
    assert not is_right(detector.graph, "wedding", row)
    assert not is_right(detector.graph, "", row)
    assert is_right(detector.graph, "", {"topic": ""})
    assert is_right(detector.graph, "lock picking", {"topic": "lockpicking club"})
    assert not is_right(detector.graph, "pool party", {"topic": "pool"})
    assert is_thing("soup", "hot soups")
    assert not is_thing("soup", "soup bowl")
    rows = load_rows(FILE)
    parts = {part: {row["topic"] for row in rows if part_of(row) == part} for part in PARTS}
    assert not parts["fit"] & parts["test"]
    assert sum(part_of(row) == "blind" for row in rows) == 263
    assert calibration_error([0.9, 0.9], [True, False]) == pytest.approx(0.4)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("Alles Gute zum Geburtstag, Oma!", "birthday party"),
        ("🎃👻", "Halloween"),
        ("Rebajas hasta -50%", "sale"),
        ("お誕生日おめでとう", "birthday party"),
    ],
)
def test_other_languages_and_emoji_are_understood(detector, text, topic):
    """People design in their own language; the encoder knows English alone."""
    intent = detector.detect(None, text)
    assert topic in [found.value for found in (intent.topic, *intent.also)]


def test_a_language_nobody_knows_is_not_guessed(detector):
    """A confident topic for words that were not understood would be made up."""
    assert detector.detect(None, "Þetta reddast, elskan mín góða").topic.confidence < 0.3


def test_topics_of_ones_own_are_detected(tmp_path, monkeypatch):
    """A user's topic must win its own words, and be encoded once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "mine.jsonl").write_text(
        '{"topic": "ferret racing", "cues": ["place your bets on the ferrets"], "objects": ["ferret"]}\n'
    )
    own = Detector(load_graph(more=tmp_path / "mine.jsonl"), Reader())
    intent = own.detect(None, "Ferrets! Saturday 2pm, place your bets on the ferrets, tea after")
    assert intent.topic.value == "ferret racing"
    assert "ferret" in [thing.value for thing in intent.objects]
    assert list((tmp_path / "tinymuse").glob("sentences-*.safetensors"))


def test_lists_go_on_after_a_bad_row(detector, tmp_path):
    """One broken file in a hundred must not lose the other ninety-nine."""
    table = tmp_path / "list.csv"
    table.write_text("file,text\nnone.png,\n,book club\n")
    bad, good = detect_list(detector, table)
    assert "none.png" in bad["error"]
    assert good["topic"]["value"] == "book club"
    table.write_text("name\nx\n")
    with pytest.raises(ValueError, match="columns file, text"):
        list(detect_list(detector, table))


def test_pictures_are_measured_too(tmp_path, capsys, folder):  # noqa: F811
    """Pictures named in a CSV or composed for a text must be looked at, with and without the words."""
    Image.new("RGB", (64, 64), "#c33").save(tmp_path / "a.png")
    file = tmp_path / "rows.csv"
    file.write_text("file,text,topic,part\na.png,,,blind\n,book club on Monday,book club,blind\n")
    evaluate.main(["--file", str(file), "--clip", str(folder), "--json"])
    assert json.loads(capsys.readouterr().out)["blind"]["topic top-1"] == 1
    evaluate.main(["--file", str(file), "--clip", str(folder), "--composed", "--json"])
    measured = json.loads(capsys.readouterr().out)
    assert list(measured) == ["words only", "picture only", "both"]
    assert [each["blind"]["rows"] for each in measured.values()] == [1, 1, 1]
    assert measured["words only"]["blind"]["topic top-1"] == 1
    file.write_text("file,text,topic\nno.png,,\n")
    with pytest.raises(SystemExit, match=r"Cannot start: .*no\.png"):
        evaluate.main(["--file", str(file)])


def test_a_thing_named_and_seen_is_one_thing(detector):
    """A birthday cake beside the word "cake" is not asked for twice."""
    named = {
        "text": detector.words.find("cake, balloons and a treasure hunt"),
        "words": detector.words.find(""),
    }
    chances = np.zeros(len(detector.graph.topics), np.float32)
    seen = Seen((("birthday cake", 0.99), ("gift box", 0.9), ("balloon", 0.8)), chances, ())
    names = [each.value for each in detector._objects(named, seen, Finding("birthday party", 0.9, "text"))]
    assert "gift box" in names
    assert len([name for name in names if "cake" in name]) == 1
    assert len([name for name in names if "balloon" in name]) == 1
