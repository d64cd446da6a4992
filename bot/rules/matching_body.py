"""What of an article's text says something: neither addresses, nor the list of other articles at its end.

What is no part of it is blanked or cut off the end, so that places stay those of the original.
"""

import re

LINES = 80  # at the end, in which a list is looked for
PROSE = 60  # characters from which on a line that ends like a sentence is one
HEADING = 60  # characters of the longest heading

_ADDRESS = re.compile(
    r"""(?:\bhttps?|\bftp)://[^\s<>"'“”「」『』（）()\u3000-\u9fff\uff00-\uffef]+
    |\bwww\.[^\s<>"'“”「」『』（）()\u3000-\u9fff\uff00-\uffef]+
    |\b[\w.+-]+@[\w-]+\.[\w.-]+\b""",
    re.VERBOSE | re.ASCII,
)
_LIST_HEADING = re.compile(
    r"""(?:関連|あわせて読|最新記事|新着記事|おすすめ(?:の)?(?:記事|特集|ニュース|コンテンツ)|人気記事|こちらの記事も|こんな記事も
    |相关(?:阅读|新闻|报道|链接|文章|推荐|专题)|相關(?:閱讀|新聞|報導|連結|文章)|延伸(?:阅读|閱讀)|推荐阅读|更多(?:新闻|阅读|报道)|更多新聞
    |관련\s?(?:기사|뉴스|글)|함께\s?보면
    |\brelated\b|\bsee\ also\b|\bread\ (?:more|also|next|on)\b|\balso\ read\b|\bmore\ (?:on\ th|from|stories|news)
    |\brecommended\b|\byou\ (?:may|might)\ (?:also\ )?like\b|\baround\ the\ web\b|\blatest\ (?:news|stories)\b
    |\bmehr\ (?:zum\ thema|dazu|aus)\b|\blesen\ sie\ auch\b|\bauch\ interessant\b|\bweiterführende\b
    |\bà\ lire\b|\b(?:à\ )?lire\ (?:aussi|également)\b|\bvoir\ aussi\b|\bsur\ le\ même\ (?:sujet|thème)\b
    |\b(?:lea|lee|leer)\ (?:también|más)\b|\bnoticias\ relacionadas\b|\bte\ puede\ interesar\b|\bleggi\ anche\b
    |\b(?:leia|veja)\ (?:também|mais)\b|\bnotícias\ relacionadas\b|\blees\ (?:ook|meer)\b
    |\b(?:czytaj|zobacz)\ (?:też|także|więcej|również)\b
    |\bчитайте\ (?:также|також|по\ теме)\b|\bпо\ теме\b|\bсмотрите\ также\b|\bматериалы\ по\ теме\b|\bilgili\ haberler\b
    |اقرأ\ (?:أيضا|أيضًا|المزيد)|مواضيع\ ذات\ صلة|أخبار\ ذات\ صلة)""",
    re.VERBOSE | re.IGNORECASE,
)
_BULLETS = "・･•▪●◦■□▼▶►☞※◆◇*-–—>＞»·【▽▲→"
_STOPS = (".", "。", "!", "！", "?", "？", "」", "”", '"', "؟", "।")


def body(text: str) -> str:
    """The text without the list at its end, addresses in it blanked; every place is that of the same character."""
    text = text[: _end(text)]
    if "://" in text or "@" in text or "www." in text:
        return _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    return text


def _end(text: str) -> int:
    """Where a list of other articles begins that nothing but lists follow; else the end of the text."""
    if "\n" not in text:
        return len(text)
    found = end = len(text)
    for _ in range(LINES):
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].strip()
        if _is_prose(line):
            break
        if _is_heading(line):
            found = start
        if not start:
            break
        end = start - 1
    return found


def _is_prose(line: str) -> bool:
    return len(line) >= PROSE and line[0] not in _BULLETS and line.endswith(_STOPS)


def _is_heading(line: str) -> bool:
    """`■関連記事`, `Related articles:`; no sentence with such words, which goes on to a stop, and no item of a list."""
    if not 2 <= len(line) <= HEADING or line[0] in "・･•-–—*" or line.endswith((".", "。", "!", "！")):
        return False
    return _LIST_HEADING.search(line) is not None
