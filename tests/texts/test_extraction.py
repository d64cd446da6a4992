from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from tests.texts.extraction import Said, said_in_python, said_in_template, sentences, written

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

# on a button
msgid "Back"
msgstr "返回"

msgid "Nobody says this"
msgstr "没人说"
"""


def _python(code: str) -> list[tuple[str, ...]]:
    return [its.forms for its in said_in_python(code, "bot/a.py")]


@pytest.mark.parametrize(
    "code",
    [
        "words('Back')",
        "turn.words('Back')",
        "its.html('Back')",
        "words_of(chat.language)('Back')",
        "words(chat.language).html('Back')",
        "N_('Back')",
        "says('Ba' 'ck')",
        "async def go():\n    done = 'Back'\n    turn.words(done)",
    ],
)
def test_a_sentence_is_found_however_it_is_said(code: str) -> None:
    assert _python(code) == [("Back",)]


def test_both_forms_of_a_count_are_found() -> None:
    assert _python("words.count('{n} story', '{n} stories', 3)") == [("{n} story", "{n} stories")]


def test_both_ends_of_a_choice_are_found() -> None:
    assert _python("its('yes' if it else 'no')") == [("yes",), ("no",)]
    assert _python("def go():\n    done = 'yes' if it else 'no'\n    its.html(done)") == [("yes",), ("no",)]


@pytest.mark.parametrize(
    "code", ["words('zh')", "words(chat.language)", "text.count('a', 'b')", "say('Back')", "its.at"]
)
def test_what_says_nothing_is_left_alone(code: str) -> None:
    assert _python(code) == []


@pytest.mark.parametrize("code", ["turn.words(text)", "def go():\n    its.html(f'{a} is back')", "its(SENTENCES[key])"])
def test_a_sentence_that_only_the_running_program_knows_is_reported(code: str) -> None:
    assert _python(code) == [()]


def test_the_facts_of_a_sentence_are_known() -> None:
    facts = [its.facts for its in said_in_python("words('{a}', a=1)\nwords.count('', '', 1, b=1)\nwords('', **x)", "")]
    assert facts == [{"a"}, {"n", "b"}, None]


def test_a_page_speaks_in_calls_too() -> None:
    page = """<p>{{ words("Back") }}</p>
    {{ words.count("{n} story", "{n} stories", 3) }} {{ words.moment(at, now=now) }} {{ parts.meta("Source") }}
    {% if words("In {place}", place=x) %}{% endif %}"""
    assert list(said_in_template(page, "a.html")) == [
        Said("a.html", 1, ("Back",), frozenset()),
        Said("a.html", 2, ("{n} story", "{n} stories"), frozenset({"n"})),
        Said("a.html", 3, ("In {place}",), frozenset({"place"})),
    ]


def test_a_sentence_names_every_file_that_says_it_once() -> None:
    said = [Said(file, line, ("Back",), None) for file, line in [("a.py", 1), ("a.py", 2), ("b.html", 1)]]
    assert sentences([*said, Said("a.py", 3, (), None)]) == {("Back",): ["a.py", "b.html"]}


def test_an_update_keeps_translations_adds_what_is_new_and_drops_what_nobody_says() -> None:
    old = read_po(BytesIO(CATALOGUE.encode()), locale="zh")
    said = [
        Said("bot/a.py", 1, ("{n} story", "{n} stories"), None),
        Said("bot/b.py", 1, ("Back",), None),
        Said("bot/c.html", 1, ("Back",), None),
    ]
    assert written(old, said, "zh").decode() == (
        "#: bot/a.py\n#, python-brace-format\n"
        'msgid "{n} story"\nmsgid_plural "{n} stories"\nmsgstr[0] ""\n\n'
        "# on a button\n#: bot/b.py bot/c.html\n"
        'msgid "Back"\nmsgstr "返回"\n\n'
    )
