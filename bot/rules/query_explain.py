"""A query in plain words, in English and Chinese."""

from bot.rules.query_tree import All, Either, Fact, Hashtag, Node, Not, Regex, Term, leaves
from summarizer.folding import is_unspaced

_ENGLISH = {
    "word": "the word “{text}”",
    "name": "the name “{text}” (not the word)",
    "phrase": "the phrase “{text}”",
    "exact": "exactly “{text}”",
    "run": "“{text}”",
    "prefix": "words that begin with “{text}”",
    "title": "{term} in the title",
    "author": "an author named “{text}”",
    "source": "a source named “{text}”",
    "regex": "text that fits {text}",
    "hashtag": "the tag or hashtag “{text}”",
    "site": "the site {text}",
    "lang": "the language {text}",
    "tag": "the tag “{text}”",
    "all": " and ",
    "either": " or ",
    "group": "({text})",
    "not": "not {text}",
    "near": "{left} within {distance} words of {right}",
    "everywhere": "{text}, all sources",
}
_CHINESE = {
    "word": "词语“{text}”",
    "name": "专名“{text}”",
    "phrase": "短语“{text}”",
    "exact": "原文“{text}”",
    "run": "“{text}”",
    "prefix": "以“{text}”开头的词",
    "title": "标题中的{term}",
    "author": "作者“{text}”",
    "source": "来源“{text}”",
    "regex": "符合 {text} 的文字",
    "hashtag": "标签或话题“{text}”",
    "site": "网站 {text}",
    "lang": "语言 {text}",
    "tag": "标签“{text}”",
    "all": "且",
    "either": "或",
    "group": "（{text}）",
    "not": "不含{text}",
    "near": "{left}与{right}相距不超过 {distance} 个词",
    "everywhere": "{text}，所有来源",
}


def explain(root: Node, language: str) -> str:
    """What the query means; Chinese where the language is `zh…`, else English."""
    sentences = _CHINESE if language.startswith("zh") else _ENGLISH
    text = _explain(root, sentences)
    if any(isinstance(leaf, Fact | Term | Regex) and leaf.field in ("site", "source") for leaf in leaves(root)):
        return text
    return sentences["everywhere"].format(text=text)


def _explain(node: Node, sentences: dict[str, str]) -> str:
    match node:
        case Term():
            return _term(node, sentences)
        case Hashtag():
            return sentences["hashtag"].format(text=node.written)
        case Regex():
            return _regex(node, sentences)
        case Fact(name):
            return sentences[name].format(text=node.value if name == "site" else node.written)
        case All(parts):
            return sentences["all"].join(_operand(part, sentences) for part in parts)
        case Either(parts):
            return sentences["either"].join(_explain(part, sentences) for part in parts)
        case Not(part):
            return sentences["not"].format(text=_operand(part, sentences))
        case _:
            sides = {"left": _operand(node.left, sentences), "right": _operand(node.right, sentences)}
            return sentences["near"].format(distance=node.distance, **sides)


def _operand(node: Node, sentences: dict[str, str]) -> str:
    text = _explain(node, sentences)
    return sentences["group"].format(text=text) if isinstance(node, All | Either) else text


def _term(term: Term, sentences: dict[str, str]) -> str:
    if term.field in ("author", "source"):
        return sentences[term.field].format(text=term.written)
    text = sentences[_kind(term)].format(text=term.written)
    return sentences["title"].format(term=text) if term.field == "title" else text


def _regex(regex: Regex, sentences: dict[str, str]) -> str:
    if regex.field in ("author", "source"):
        return sentences[regex.field].format(text=regex.written)
    text = sentences["regex"].format(text=regex.written)
    return sentences["title"].format(term=text) if regex.field == "title" else text


def _kind(term: Term) -> str:
    if term.prefix:
        return "prefix"
    if term.name:
        return "name"
    if any(map(is_unspaced, term.words)):
        return "run"
    if term.exact:
        return "exact"
    return "phrase" if " " in term.written else "word"
