import ast
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from babel.messages.catalog import Message

from bot.rules.pauses import parse_pause
from bot.rules.queries import parse_query
from bot.rules.schedule_parser import parse_quiet_hours, parse_times
from bot.texts import LANGUAGES, words
from bot.texts.places import find_zones
from tests.conftest import NOON
from tests.texts.extraction import GIVERS, PLACEHOLDER, ROOT, SPEAKERS, Forms, everything_said, read, sentences

SAID = everything_said()
SENTENCES = sentences(SAID)
TRANSLATED = LANGUAGES[1:]  # English is what the code says
UPDATE = "python -m tests.texts.extraction brings it up to date"

TAG = re.compile(r"<[^>]+>")
COMMAND = re.compile(r"(?<![\w/:.<}])/[a-z]+")
NAME = re.compile(r"BRIEFWIRE_[A-Z_]+|@BotFather|Briefwire|Telegram|NEAR/8|https?://")
CODE = re.compile(r"<code>([^<]+)</code>")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,.;:!?()]|[,;:!?()][\u4e00-\u9fff]")


def _messages(language: str) -> dict[Forms, Message]:
    return {_forms(message.id): message for message in read(language) if message.id}


def _forms(texts: str | list[str] | tuple[str, ...] | None) -> Forms:
    return (texts,) if isinstance(texts, str) else tuple(texts or ())


def _pairs(language: str) -> Iterator[tuple[str, str]]:
    """Every sentence with each of its translations; of a plural, its form for many."""
    for forms, message in _messages(language).items():
        yield from ((forms[-1], text) for text in _forms(message.string) if text)


def _facts(text: str) -> Counter[str]:
    return Counter(PLACEHOLDER.findall(text))


def test_every_sentence_stands_in_the_code_word_for_word() -> None:
    assert [its.place for its in SAID if not its.forms] == []


def test_every_sentence_gets_the_facts_that_it_names() -> None:
    lacking = {
        its.place: missing
        for its in SAID
        if its.facts is not None and (missing := {fact for form in its.forms for fact in _facts(form)} - its.facts)
        # Errors bring their own facts (test_errors), and every reason of the table gets the same (test_health).
        if not its.file.endswith(("texts/errors.py", "texts/poll_reasons.py"))
    }
    assert lacking == {}


def test_nothing_speaks_under_a_name_that_the_extraction_does_not_know() -> None:
    strange = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for tree in [ast.parse(path.read_text("utf-8"))]
        for names in [_catalogue_names(tree) - SPEAKERS]
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and _called(call.func) in names
    ]
    assert strange == []


def _catalogue_names(tree: ast.AST) -> set[str]:
    """What a module calls a catalogue: arguments and fields of that type, and variables that were given one."""
    names = set()
    for node in ast.walk(tree):
        match node:
            case ast.arg(name, ast.Name("Words" | "Catalogue")):
                names.add(name)
            case ast.AnnAssign(ast.Name(name), ast.Name("Words" | "Catalogue")):
                names.add(name)
            case ast.Assign([ast.Name(name)], ast.Call(ast.Name(giver))) if giver in GIVERS:
                names.add(name)
            case ast.Assign([ast.Name(name)], ast.Attribute(_, "words")):
                names.add(name)
    return names


def _called(called: ast.expr) -> str:
    match called:
        case ast.Name(name) | ast.Attribute(ast.Name(name), "html" | "count"):
            return name
    return ""


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language: str) -> None:
    known = {forms for forms, message in _messages(language).items() if all(_forms(message.string))}
    missing = [forms for forms in SENTENCES if forms not in known]
    assert missing == [], UPDATE


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_left_over(language: str) -> None:
    assert [forms for forms in _messages(language) if forms not in SENTENCES] == [], UPDATE
    assert read(language).obsolete == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_in_doubt(language: str) -> None:
    assert [forms for forms, message in _messages(language).items() if message.fuzzy] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalogue_stands_in_the_order_of_the_files_that_say_it(language: str) -> None:
    places = {forms: [file for file, _ in message.locations] for forms, message in _messages(language).items()}
    assert places == SENTENCES, UPDATE
    first = [files[0] for files in places.values()]
    assert first == sorted(first), UPDATE


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_the_same_facts(language: str) -> None:
    assert [pair for pair in _pairs(language) if _facts(pair[0]) != _facts(pair[1])] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_is_marked_up_the_same_way(language: str) -> None:
    def markup(text: str) -> list[str]:
        return sorted(TAG.findall(text))

    assert [pair for pair in _pairs(language) if markup(pair[0]) != markup(pair[1])] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_lines(language: str) -> None:
    assert [pair for pair in _pairs(language) if pair[0].count("\n") != pair[1].count("\n")] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_commands_and_names_are_never_translated(language: str) -> None:
    def fixed(text: str) -> tuple[list[str], list[str]]:
        return sorted(COMMAND.findall(text)), sorted(NAME.findall(text))

    assert [pair for pair in _pairs(language) if fixed(pair[0]) != fixed(pair[1])] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_can_be_said(language: str) -> None:
    say = words(language)
    for forms in SENTENCES:
        facts = {name: "<x>" for form in forms for name in _facts(form)}
        if len(forms) == 2:
            facts.pop("n", None)
            said = [say.count(*forms, n, **facts) for n in (0, 1, 2, 5, 21)]
        else:
            said = [say(forms[0], **facts)]
            assert say.html(forms[0], **facts).count("&lt;x&gt;") == said[0].count("<x>")
        assert all(text and "{" not in text for text in said)


def test_chinese_has_one_form_for_every_number() -> None:
    catalogue = read("zh")
    assert (catalogue.num_plurals, catalogue.plural_expr) == (1, "0")
    assert [
        forms for forms, message in _messages("zh").items() if len(forms) == 2 and len(_forms(message.string)) != 1
    ] == []
    assert words("zh").count("{n} story", "{n} stories", 1) == "1 条报道"
    assert words("zh").count("{n} story", "{n} stories", 1204) == "1,204 条报道"


def test_english_has_one_and_many() -> None:
    assert words("en").count("{n} story", "{n} stories", 1) == "1 story"
    assert words("en").count("{n} story", "{n} stories", 1204) == "1,204 stories"


def test_chinese_has_chinese_punctuation() -> None:
    assert [text for _, text in _pairs("zh") if HALF_WIDTH.search(TAG.sub("", CODE.sub("", text)))] == []


def test_nobody_is_shouted_at() -> None:
    shown = [form for forms in SENTENCES for form in forms]
    shown += [text for language in TRANSLATED for _, text in _pairs(language)]
    assert [text for text in shown if re.search(r"[!！](?!\w)", text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_understood_by_the_bot(language: str) -> None:
    say = words(language)
    examples = [
        example
        for sentence in (forms[0] for forms in SENTENCES if len(forms) == 1)
        for example in _examples(say.html(sentence, **dict.fromkeys(_facts(sentence), "")))
    ]
    assert len(examples) > 10
    for example in examples:
        _understand(example)


def _examples(text: str) -> Iterator[str]:
    """What a reader is told to write: code, and a command at the beginning of a line."""
    for line in text.splitlines():
        yield from (unescape(code) for code in CODE.findall(line) if code)
        if line.startswith("/") and " – " in line:
            yield line.split(" – ")[0]


def _understand(example: str) -> None:
    command, _, argument = example.partition(" ") if example.startswith("/") else ("/subscribe", "", example)
    match command:
        case "/subscribe" | "/unsubscribe" | "/test" | "/mute":
            assert parse_query(argument).canonical
        case "/timezone":
            assert len(find_zones(argument)) == 1
        case "/schedule":
            assert argument == "off" or parse_times(argument.lstrip("+ "))
        case "/quiet":
            assert argument == "off" or parse_quiet_hours(argument) is not None
        case "/pause":
            assert parse_pause(argument, now=NOON, timezone="UTC") > NOON
