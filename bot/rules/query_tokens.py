"""The text of a query cut into tokens."""

import re
from typing import TypeAlias

Token: TypeAlias = re.Match[str]
"""A token is the match of the group that is named for its kind; `end` comes after all others."""

_OTHER_SIGNS = {
    **dict.fromkeys("“”„«»「」『』＂", '"'),
    **dict.fromkeys("－−–", "-"),
    **dict(zip("（）：，、｜！＋＃＊＝＞＆／", "():,,|!+#*=>&/", strict=True)),
}
_OTHER_SIGN = re.compile(f"[{''.join(_OTHER_SIGNS)}]")
_PLAIN_SIGNS = str.maketrans(_OTHER_SIGNS)
_TOKEN = re.compile(
    r"""\s*(?:
    (?P<quote>"[^"]*"?)
    |(?P<open>\()
    |(?P<close>\))
    |(?P<all>&&|AND(?![^\s()"]))
    |(?P<either>\|\|?|OR(?![^\s()"]))
    |(?P<exclude>[-!](?=[^\s])|NOT(?![^\s()"]))
    |(?P<label>=>)
    |(?P<near>NEAR(?:/[^\s()"]*)?(?![^\s()"]))
    |(?P<require>\+(?=[^\s+]))
    |(?P<hash>\#(?=[^\W_])[^\s()"|]*)
    |(?P<regex>/(?:\\.|[^/\s\\])(?:\\.|[^/\\])*/(?![^\s()|]))
    |(?P<scope>(?i:title|author|source|site|lang|tag):)
    |(?P<word>(?:(?!=>)[^\s()"|])+|=>)
    |(?P<end>\Z))""",
    re.VERBOSE,
)


def with_plain_signs(text: str) -> str:
    """The text with a plain sign for each that stands for one, in the same places: `（` is `(`."""
    return text if text.isascii() or not _OTHER_SIGN.search(text) else text.translate(_PLAIN_SIGNS)


def tokens(plain: str) -> list[Token]:
    """The tokens of a text with plain signs, in order."""
    return list(_TOKEN.finditer(plain))


def place(token: Token) -> int:
    """Where in the text it begins."""
    return token.start(token.lastgroup or 0)
