"""The query language: understood as people write it, the same whoever writes it, and clear about mistakes."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.rules.queries import Query, QueryError, has_regexes, parse_query, split_subscriptions


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("North Korea", "north korea"),
        ("  north   KOREA ", "north korea"),
        ("朝鲜 军队", "军队 AND 朝鲜"),
        ("朝鮮/軍隊", "军队 AND 朝鲜"),
        ("North Korea 军队 iPhone手机", "iphone手机 AND north korea AND 军队"),
        ("北한 미사일", "北한 미사일"),
        ("北朝鮮 ミサイル", "ミサイル AND 北朝鲜"),
        ('"climate change"', '"climate change"'),
        ("“climate  change”", '"climate change"'),
        ("「気候変動」", '"気候変动"'),
        ("Kim AND troops", "kim AND troops"),
        ("troops && Kim", "kim AND troops"),
        ("Kim +troops", "kim AND troops"),
        ('"Kim Jong Un" troops', '"kim jong un" AND troops'),
        ("Seoul OR Pyongyang", "pyongyang OR seoul"),
        ("Seoul|Pyongyang || Seoul", "pyongyang OR seoul"),
        ("Kim -football", "NOT football AND kim"),
        ("Kim –football", "NOT football AND kim"),
        ("Kim NOT football", "NOT football AND kim"),
        ("Kim !football", "NOT football AND kim"),
        ("Kim NOT North Korea", "NOT north AND kim AND korea"),
        ("Kim -(a1 b1)", "NOT (a1 b1) AND kim"),
        ("Kim -(-Seoul)", "kim AND seoul"),
        ("Kim -(-(Lee AND Seoul))", "kim AND lee AND seoul"),
        ("((Kim))", "kim"),
        ("Kim AND (Kim AND Kim)", "kim"),
        ("Kim AND (troops AND Seoul)", "kim AND seoul AND troops"),
        ("Kim AND troops OR Seoul", "kim AND troops OR seoul"),
        ("（首尔 OR 平壤）军队", "(平壤 OR 首尔) AND 军队"),
        ("title:troops Seoul", "seoul AND title:troops"),
        ("Title：troops", "title:troops"),
        ("title:(North Korea OR -Seoul) Kim", "(NOT title:seoul OR title:(north korea)) AND kim"),
        ("title:(Kim NEAR/3 Putin)", "title:kim NEAR/3 title:putin"),
        ('author:"Jane Doe"', 'author:"jane doe"'),
        ("source:海峽時報", "source:海峡时报"),
        ("site:https://www.StraitsTimes.com/asia?x", "site:straitstimes.com"),
        ("lang:zh-Hant 朝鲜", "lang:zh AND 朝鲜"),
        ('tag:"World Politics"', 'tag:"world politics"'),
        ("title:(#politics)", "#politics"),
        ("#politics", "#politics"),
        ("#North_Korea", "#north_korea"),
        ("troop*", "troop*"),
        ("North Kor*", "north kor*"),
        ("troop* Seoul", "seoul AND troop*"),
        ("title:troop*", "title:troop*"),
        ("朝*", "朝*"),
        ("Putin NEAR/8 Kim", "kim NEAR/8 putin"),
        ("(Putin | Путин) NEAR Kim", "(putin OR путин) NEAR/10 kim"),
        ("C++", "c++"),
        ("C# F♯", "c# f#"),
        ("AT&T", "at&t"),
        ("Johnson & Johnson", "johnson&johnson"),
        ("$TSLA @name", "$tsla @name"),
        ('"#tag" Disney+', '"#tag" AND disney+'),
        ("U.S.", "u s"),
        ("us", "u s"),
        ("US troops", "u s troops"),
        ('"us troops"', '"us troops"'),
        ("and or not maybe", "and or not maybe"),
        ("Yahoo! COVID-19", "yahoo covid 19"),
        ("/etc path", "etc path"),
        ("朝鲜，", "朝鲜"),
    ],
)
def test_a_query_has_one_canonical_form(text: str, canonical: str) -> None:
    query = parse_query(text)
    assert query.canonical == canonical
    assert parse_query(canonical).canonical == canonical
    assert parse_query(query.to_text()) == query


def test_a_label_is_no_part_of_the_identity() -> None:
    query = parse_query("Kim | Putin => The  two")
    assert (query.label, query.canonical) == ("The two", parse_query("Putin OR Kim").canonical)
    assert query.to_text() == "Kim OR Putin => The two"
    assert parse_query("Kim＝＞他").label == "他"
    assert query != parse_query("Kim | Putin")


@pytest.mark.parametrize(
    ("text", "reason", "position", "suggestion"),
    [
        ("", "empty_query", 0, ""),
        ("  ", "empty_query", 0, ""),
        ("(Seoul OR Pyongyang troops", "unclosed_group", 0, "(Seoul OR Pyongyang) AND troops"),
        ("x1 AND (y1", "unclosed_group", 7, "x1 AND (y1)"),
        ("(x1 OR y1", "unclosed_group", 0, "(x1 OR y1)"),
        ("(x1 => Label", "unclosed_group", 0, "(x1) => Label"),
        ("Seoul) troops", "unopened_group", 5, "Seoul troops"),
        ("()", "empty_group", 0, ""),
        ("Kim “Jong", "unclosed_quote", 4, "Kim “Jong”"),
        ('"', "unclosed_quote", 0, ""),
        ('""', "nothing_searchable", 0, ""),
        ("…", "nothing_searchable", 0, ""),
        ("ﾞ", "nothing_searchable", 0, ""),
        ("🇺🇦", "nothing_searchable", 0, ""),
        ("AND Kim", "missing_term", 0, "Kim"),
        ("Kim OR", "missing_term", 4, "Kim"),
        ("Kim OR => Label", "missing_term", 4, "Kim"),
        ("Kim AND OR Putin", "missing_term", 8, "Kim AND Putin"),
        ("NOT", "missing_term", 0, ""),
        ("=> Label", "missing_term", 0, ""),
        ("-football", "only_negative", 0, ""),
        ("Kim OR NOT Seoul", "only_negative", 7, ""),
        ("the", "too_broad", 0, ""),
        ("of the", "too_broad", 0, ""),
        ("的", "too_broad", 0, ""),
        ("x", "too_broad", 0, ""),
        ("Kim OR the", "too_broad", 7, ""),
        ("lang:ko", "too_broad", 0, ""),
        ("lang:korean", "missing_value", 0, ""),
        ("site: ", "missing_value", 0, ""),
        ("tag:(a1 b1)", "missing_value", 0, ""),
        ("tr*", "prefix_too_short", 0, "tr"),
        ("Kim a*b", "prefix_only_at_end", 5, "Kim ab"),
        ("Kim NEAR/0 Lee", "bad_distance", 4, "Kim NEAR/10 Lee"),
        ("Kim NEAR/x Lee", "bad_distance", 4, "Kim NEAR/10 Lee"),
        ("Kim NEAR/51 Lee", "bad_distance", 4, "Kim NEAR/50 Lee"),
        ("lang:ko NEAR Lee", "near_needs_words", 8, ""),
        ("(Kim AND Lee) NEAR Seoul", "near_needs_words", 14, ""),
        ("author:Kim NEAR Seoul", "near_needs_words", 11, ""),
        ("/a+b/", "regex_off", 0, ""),
        ("Kim =>", "empty_label", 4, "Kim"),
        ("Kim => " + "x" * 61, "label_too_long", 4, ""),
        ("a" * 1_001, "too_long", 1_000, ""),
        ("(" * 21 + "Kim" + ")" * 21, "too_deep", 20, ""),
        ("-" * 25 + "Kim", "too_deep", 20, ""),
        (" OR ".join(f"word{n}" for n in range(51)), "too_many_terms", 490, ""),
        (" OR ".join(f'"w{n}"' for n in range(51)), "too_many_terms", 440, ""),
    ],
)
def test_a_mistake_is_answered_with_its_place(text: str, reason: str, position: int, suggestion: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.reason, caught.value.position, caught.value.suggestion) == (reason, position, suggestion)
    if suggestion:
        parse_query(suggestion)


@pytest.mark.parametrize(
    ("text", "reason", "position"),
    [
        (r"Kim AND /(?=troops)x/", "regex_unsupported", 9),
        (r"/(?<!North )Korea/", "regex_unsupported", 1),
        (r"/(\w+) \1/", "regex_unsupported", 7),
        (r"/troops(/", "regex_invalid", 1),
        (r"/ab[c/", "regex_invalid", 3),
        (r"/ab**/", "regex_invalid", 3),
        (r"/ab\q/", "regex_invalid", 3),
        ("/ab\ud800/", "regex_invalid", 3),
        (f"/{'a' * 201}/", "regex_too_long", 201),
        (r"/(\w{9} ){9}/", "regex_too_big", 1),
        ("/a*/", "too_broad", 0),
        (r"title:/\w+/", "too_broad", 6),
        ("-/Kim/", "only_negative", 0),
        ("Kim NEAR /troops/", "near_needs_words", 4),
    ],
)
def test_a_regular_expression_that_can_not_be_taken_says_where_and_why(text: str, reason: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text, regexes=True)
    assert (caught.value.reason, caught.value.position) == (reason, position)


@pytest.mark.parametrize(
    ("text", "canonical", "english"),
    [
        (r"/Kims?/", r"/Kims?/", "text that fits /Kims?/, all sources"),
        (
            r"/a\/b c/ -/d, (e)/",
            r"/a\/b c/ AND NOT (/d, (e)/)",
            r"text that fits /a\/b c/ and not text that fits /d, (e)/, all sources",
        ),
        (
            "title:/Kim/ Seoul",
            "seoul AND title:/Kim/",
            "text that fits /Kim/ in the title and the word “Seoul”, all sources",
        ),
        ("source:/post$/", "source:/post$/", "a source named “/post$/”"),
        (
            "-/Kim|Lee/ Seoul",
            "NOT /Kim|Lee/ AND seoul",
            "not text that fits /Kim|Lee/ and the word “Seoul”, all sources",
        ),
        (r"／朝鲜“军队”／", r"/朝鲜“军队”/", "text that fits /朝鲜“军队”/, all sources"),
    ],
)
def test_a_regular_expression_is_kept_as_it_is_written(text: str, canonical: str, english: str) -> None:
    query = parse_query(text, regexes=True)
    assert query.canonical == canonical
    assert query.explain("en") == english
    assert parse_query(canonical, regexes=True) == query
    assert parse_query(query.to_text(), regexes=True) == query
    assert has_regexes(canonical)
    assert (
        query.required_literals() == ((" seoul ", " seouls "),)
        if "seoul" in canonical
        else not query.required_literals()
    )


def test_what_stands_between_slashes_separates_no_subscriptions() -> None:
    text = r"/a{2,3}/, Kim, -/x, (y/ Lee => a/b, /no regex, and/or"
    assert split_subscriptions(text) == ["/a{2,3}/", "Kim", "-/x, (y/ Lee => a/b", "/no regex", "and/or"]
    assert not has_regexes("kim NEAR/3 lee AND kim NEAR/4 lee")


PIECES = [
    "/a.c/",
    r"-/\d{2,3}\/x y/",
    *'ab文 ()"*:|&!-+#=>/,.“”（）・',
    "OR ",
    "AND ",
    "NOT ",
    "NEAR/3 ",
    "title:",
    "kim ",
    "中文",
    "씨",
    "c++ ",
    "&",
]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@example('title:(a1 -"b1") NEAR kim')
@example("kim a・b")
def test_any_text_is_a_query_or_a_query_error(text: str) -> None:
    query = _parsed_or_refused(text)
    if query is not None:
        assert parse_query(query.canonical, regexes=True).canonical == query.canonical
        assert parse_query(query.to_text(), regexes=True) == query
        assert query.explain("en")
        assert query.explain("zh")


def _parsed_or_refused(text: str) -> Query | None:
    """A refusal names a place in the text, and what it suggests can be parsed."""
    try:
        return parse_query(text, regexes=True)
    except QueryError as refused:
        error = refused
    assert 0 <= error.position <= len(text)
    assert not error.suggestion or parse_query(error.suggestion, regexes=True).canonical
    return None


@pytest.mark.parametrize(
    ("text", "english", "chinese"),
    [
        ("North Korea", "the phrase “North Korea”, all sources", "短语“North Korea”，所有来源"),
        ("troops", "the word “troops”, all sources", "词语“troops”，所有来源"),
        ("朝鲜 军队", "“朝鲜” and “军队”, all sources", "“朝鲜”且“军队”，所有来源"),
        ('"climate change"', "exactly “climate change”, all sources", "原文“climate change”，所有来源"),
        ("troop*", "words that begin with “troop”, all sources", "以“troop”开头的词，所有来源"),
        (
            "(Seoul OR Pyongyang) -football",
            "(the word “Seoul” or the word “Pyongyang”) and not the word “football”, all sources",
            "（词语“Seoul”或词语“Pyongyang”）且不含词语“football”，所有来源",
        ),
        (
            "title:Kim site:kbs.co.kr",
            "the word “Kim” in the title and the site kbs.co.kr",
            "标题中的词语“Kim”且网站 kbs.co.kr",
        ),
        ("source:KBS author:Lee", "a source named “KBS” and an author named “Lee”", "来源“KBS”且作者“Lee”"),
        ("tag:news #kim lang:ko", None, None),
        ("Kim NEAR/3 Lee", "the word “Kim” within 3 words of the word “Lee”, all sources", None),
    ],
)
def test_a_query_is_explained_in_words(text: str, english: str | None, chinese: str | None) -> None:
    query = parse_query(text)
    assert query.explain("en") == (english or query.explain("fr"))
    assert query.explain("zh-Hans") == (chinese or query.explain("zh"))


def test_literals_are_what_a_summary_looks_for() -> None:
    query = parse_query('"North Korea" (朝鲜 OR #kim) author:Lee tag:x1 -football Kim NEAR Lee')
    assert query.literals == (" north korea ", "朝鲜", " # kim ", *parse_query("Kim OR Lee").literals)
    assert query.terms == ("North Korea", "朝鲜", "kim", "Lee", "x1", "Kim")


@pytest.mark.parametrize(
    ("text", "required"),
    [
        ('"North Korea"', ((" north korea ",),)),
        ('"Seoul" "Kim"', ((" seoul ",), (" kim ",))),
        ('"Seoul" | "Kim"', ((" seoul ", " kim "),)),
        ('"Seoul" | ("Kim" "Lee")', ((" seoul ", " kim "),)),
        ('"Seoul" | author:Kim', ()),
        ('title:"Seoul" -Kim', ((" seoul ",),)),
        ('"Seoul" NEAR "Kim"', ((" seoul ",), (" kim ",))),
        ("#seoul", ()),
    ],
)
def test_a_search_knows_what_an_article_must_contain(text: str, required: tuple[tuple[str, ...], ...]) -> None:
    assert parse_query(text).required_literals() == required


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("North Korea", ["North Korea"]),
        ("North Korea, Seoul\nKim，朝鲜、日本", ["North Korea", "Seoul", "Kim", "朝鲜", "日本"]),
        ('"a, b", (x, y OR (z, w)) , （甲，乙）', ['"a, b"', "(x, y OR (z, w))", "（甲，乙）"]),
        ("1,000 jobs, 5, 6", ["1,000 jobs", "5", "6"]),
        ("Kim => The one, Lee", ["Kim => The one", "Lee"]),
        (" ,\n, ", []),
        ("a) b, c", ["a) b", "c"]),
    ],
)
def test_one_message_holds_several_subscriptions(text: str, parts: list[str]) -> None:
    assert split_subscriptions(text) == parts
