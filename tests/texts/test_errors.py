import ast
import errno
import os
import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from bot import errors
from bot.errors import BadInput, BriefwireError, FetchError, NotFound, QueryError, SettingsError
from bot.texts import LANGUAGES, words
from bot.texts.errors import PARTS, SENTENCES, describe
from tests.texts.extraction import PLACEHOLDER, ROOT

# Carries a line per mistake instead, which `briefwire` prints.
WITHOUT_SENTENCE = {SettingsError}
# Where an error is made of a key that was named elsewhere: by the parser's own helpers, or by a source's last error.
PASSED_ON = {
    "bot/rules/query_parser.py",
    "bot/rules/query_checks.py",
    "bot/actions/health.py",
    "bot/telegram/sources.py",
}
TREE = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, BriefwireError)]
RAISERS = {kind.__name__ for kind in TREE if kind not in WITHOUT_SENTENCE}
# Helpers that name the key of an error which they or another function then raises, and its place among the arguments.
HELPERS = {("bot/rules/query_parser.py", "_fail"): 0, ("bot/rules/query_checks.py", "_Reach"): 1}
NO_FACTS = {"suggestion", "retry_after", "position"}  # arguments of their own
ADDED = {"FetchError": {"status"}, "_Reach": {"text"}}  # facts that the function itself adds


class Raised(NamedTuple):
    """An error that some line can raise; None stands for what is only known when it runs."""

    place: str
    key: str | None
    facts: frozenset[str] | None


def _raised() -> list[Raised]:
    return [
        raised
        for path in sorted((ROOT / "bot").rglob("*.py"))
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call)
        for raised in _errors(call, path.relative_to(ROOT).as_posix())
    ]


def _errors(call: ast.Call, file: str) -> Iterator[Raised]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    place = HELPERS.get((file, name), 0 if name in RAISERS else None)
    if place is None or len(call.args) <= place:
        return
    names = {keyword.arg for keyword in call.keywords} - NO_FACTS | ADDED.get(name, set())
    facts = None if None in names else frozenset(fact for fact in names if fact)
    for key in _keys(call.args[place]):
        yield Raised(f"{file}:{call.lineno}", key, facts)


def _keys(node: ast.expr) -> list[str | None]:
    match node:
        case ast.Constant(str() as key):
            return [key] if key else []
        case ast.IfExp(_, one, other):
            return [*_keys(one), *_keys(other)]
    return [None]


RAISED = [raised for raised in _raised() if raised.key]


def test_every_error_is_named_where_it_is_raised() -> None:
    unnamed = {raised.place.split(":")[0] for raised in _raised() if not raised.key}
    assert unnamed <= PASSED_ON


def test_every_error_has_a_sentence() -> None:
    assert [raised for raised in RAISED if raised.key not in SENTENCES] == []


def test_no_sentence_is_without_an_error() -> None:
    assert set(SENTENCES) - {raised.key for raised in RAISED} == set()


def test_every_error_carries_the_facts_of_its_sentence() -> None:
    lacking = {
        raised.place: missing
        for raised in RAISED
        if raised.facts is not None and (missing := _named(raised.key) - raised.facts)
    }
    assert lacking == {}


def _named(key: str | None) -> set[str]:
    return set(PLACEHOLDER.findall(SENTENCES.get(key or "", "")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_is_a_sentence(language: str, key: str) -> None:
    facts: dict[str, str | int] = dict.fromkeys(_named(key), "Seoul")
    said = describe(BriefwireError(key, **facts), words(language))
    assert f"({key})" not in said
    # A sentence ends; one that quotes what somebody else said, or names a command, ends with that.
    assert said.endswith((".", "。", "Seoul", "/list"))


def test_an_error_is_told_in_the_language_of_the_reader() -> None:
    error = QueryError("too_long", 0, limit=500, length=612)
    assert describe(error, words("en")) == "this query is 612 characters long; the limit is 500."
    assert describe(error, words("zh")) == "查询有 612 个字符，最多 500 个。"


def test_a_number_of_seconds_or_megabytes_has_no_idle_zeros() -> None:
    late = FetchError("timeout", host="example.org", seconds=20.0)
    assert describe(late, words("en")) == "example.org did not answer in 20 seconds."
    large = FetchError("too_large", host="example.org", megabytes=2.5)
    assert describe(large, words("en")) == "example.org sent more than 2.5 MB."


def test_an_error_that_nobody_put_into_words_is_told_by_its_key() -> None:
    assert describe(NotFound("no_zebra", id=3), words("en")) == "That didn't work (no_zebra)."


def test_an_error_that_was_stored_without_a_fact_is_told_by_its_key() -> None:
    assert describe(BadInput("http_status", host="example.org"), words("en")) == "That didn't work (http_status)."
    assert describe(BadInput("http_status", host="example.org"), words("zh")) == "没有成功（http_status）。"


@pytest.mark.parametrize("key", SENTENCES)
def test_every_sentence_has_words_in_every_language(key: str) -> None:
    facts: dict[str, str | int] = dict.fromkeys(_named(key), "X")
    said = {describe(BriefwireError(key, **facts), words(language)) for language in LANGUAGES}
    assert len(said) == len(LANGUAGES)


def test_every_reason_and_place_that_the_bot_words_is_told_in_the_language_of_the_reader() -> None:
    given = {
        part.value
        for path in (ROOT / "bot").rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and any(_errors(call, path.relative_to(ROOT).as_posix()))
        for keyword in call.keywords
        if keyword.arg in {"reason", "place"}
        for part in ast.walk(keyword.value)
        if isinstance(part, ast.Constant) and " " in str(part.value).strip() and "," not in str(part.value)
    }
    assert given <= {part.partition("{")[0] for part in PARTS}
    assert all(words("zh")(part, number=1) != words("en")(part, number=1) for part in PARTS)


@pytest.mark.parametrize("number", [errno.ECONNREFUSED, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ETIMEDOUT])
def test_what_the_system_says_of_a_host_is_told_in_the_language_of_the_reader(number: int) -> None:
    error = FetchError("unreachable", host="example.org", reason=os.strerror(number))
    assert os.strerror(number) not in describe(error, words("zh"))


def test_a_host_that_has_no_name_is_told_in_the_language_of_the_reader() -> None:
    with pytest.raises(OSError, match="not known") as caught:
        socket.getaddrinfo("no.name", 80, flags=socket.AI_NUMERICHOST)
    error = FetchError("unreachable", host="no.name", reason=str(caught.value.strerror))
    assert describe(error, words("zh")) == "无法连接 no.name（找不到这个域名）。"


def test_a_bad_article_is_told_with_its_place_in_the_language_of_the_reader() -> None:
    error = BadInput("bad_article", place="line 3, title", reason="String should have at most 500 characters")
    assert describe(error, words("en")) == "line 3, title: String should have at most 500 characters"
    assert describe(error, words("zh")) == "第 3 行, title：最多 500 个字符"
    unknown = BadInput("bad_article", place="line 3", reason="Expecting value: line 1 column 1 (char 0)")
    assert describe(unknown, words("zh")).endswith("Expecting value: line 1 column 1 (char 0)")
