"""Every sentence that the code and the pages say, and the catalogues brought up to date with them.

    python -m tests.texts.extraction

New sentences come in untranslated, those that nobody says any more go, and the rest is sorted by the files that say it,
so that a translator reads each conversation and each page in one piece. Babel's own extractors know functions by their
bare names: they miss `words.count(…)` in a template and `words_of(…)("…")`, and can't say which facts a sentence gets.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import jinja2
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po
from jinja2 import nodes

from bot.texts import LANGUAGES

ROOT = Path(__file__).parents[2]
CATALOGUES = ROOT / "bot" / "texts"
TEMPLATES = ROOT / "bot" / "web" / "templates"
# What the code calls its catalogue; `words` and `words_of` are also the functions that give one.
SPEAKERS = frozenset({"words", "words_of", "its", "says"})
GIVERS = frozenset({"words", "words_of"})
MARK = "N_"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
LINE = 120  # characters

Forms = tuple[str, ...]  # a sentence, or its forms for one and for many


@dataclass(frozen=True, slots=True)
class Said:
    """A call that says something.

    Attributes:
        forms: none where the sentence can't be read from the code.
        facts: the names that are filled in, or None where they are only known when it runs.
    """

    file: str
    line: int
    forms: Forms
    facts: frozenset[str] | None

    @property
    def place(self) -> str:
        """`bot/web/portal.py:12`."""
        return f"{self.file}:{self.line}"


def everything_said() -> list[Said]:
    """All calls, sorted by file and line."""
    found: list[Said] = []
    for path in sorted((ROOT / "bot").rglob("*.py")):
        found += said_in_python(path.read_text("utf-8"), _name(path))
    for path in sorted(TEMPLATES.rglob("*.html")):
        found += said_in_template(path.read_text("utf-8"), _name(path))
    return sorted(found, key=lambda said: (said.file, said.line))


def sentences(said: Iterable[Said]) -> dict[Forms, list[str]]:
    """Every sentence with the files that say it."""
    found: dict[Forms, list[str]] = {}
    for its in said:
        files = found.setdefault(its.forms, []) if its.forms else []
        if its.file not in files:
            files.append(its.file)
    return found


def said_in_python(code: str, file: str) -> Iterator[Said]:
    """What a module says. A sentence that is chosen in one line and said in the next is found too."""
    tree = ast.parse(code)
    for scope in ast.walk(tree):
        if isinstance(scope, ast.Module | ast.FunctionDef | ast.AsyncFunctionDef):
            chosen = {
                node.targets[0].id: node.value
                for node in _own(scope)
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for call in _own(scope):
                if isinstance(call, ast.Call) and (count := _form_count(call.func)):
                    yield from _said(call, count, chosen, file)


def _own(scope: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope without those of the functions in it."""
    for node in ast.iter_child_nodes(scope):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            yield from _own(node)


def _said(call: ast.Call, count: int, chosen: dict[str, ast.expr], file: str) -> Iterator[Said]:
    names = {keyword.arg for keyword in call.keywords}
    facts = None if None in names else frozenset(name for name in names if name) | ({"n"} if count > 1 else set())
    given = [list(_texts(argument, chosen)) for argument in call.args[:count]]
    if count > 1:
        yield Said(file, call.lineno, tuple(text for texts in given for text in texts), facts)
        return
    gives = isinstance(call.func, ast.Name) and call.func.id in GIVERS
    for text in given[0] if given else ():
        if not (gives and text in LANGUAGES):
            yield Said(file, call.lineno, (text,), facts)
    if given and not given[0] and not gives:
        yield Said(file, call.lineno, (), facts)


def _form_count(called: ast.expr) -> int:
    """How many of a call's arguments are forms of a sentence: 0, 1 or 2."""
    if isinstance(called, ast.Name) and called.id == MARK:
        return 1
    if isinstance(called, ast.Attribute) and called.attr in ("html", "count") and _speaks(called.value):
        return 2 if called.attr == "count" else 1
    return int(_speaks(called))


def _speaks(node: ast.expr) -> bool:
    match node:
        case ast.Name(name) | ast.Attribute(_, name):
            return name in SPEAKERS
        case ast.Call(ast.Name(name)):
            return name in GIVERS
    return False


def _texts(node: ast.expr, chosen: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(str() as text):
            yield text
        case ast.IfExp(_, one, other):
            yield from _texts(one, chosen)
            yield from _texts(other, chosen)
        case ast.Name(name) if name in chosen and not isinstance(chosen[name], ast.Name):
            yield from _texts(chosen[name], chosen)


def said_in_template(source: str, file: str) -> Iterator[Said]:
    """What a page says."""
    tree = jinja2.Environment(autoescape=True).parse(source)
    for call in tree.find_all(nodes.Call):
        called: nodes.Node = call.node
        method = called.attr if isinstance(called, nodes.Getattr) else ""
        speaker = called.node if isinstance(called, nodes.Getattr) else called
        if isinstance(speaker, nodes.Name) and speaker.name in SPEAKERS and method in ("", "html", "count"):
            count = 2 if method == "count" else 1
            forms = tuple(argument.value for argument in call.args[:count] if isinstance(argument, nodes.Const))
            facts = {keyword.key for keyword in call.kwargs} | ({"n"} if count > 1 else set())
            yield Said(file, call.lineno, forms, frozenset(facts))


def read(language: str) -> Catalog:
    """A language's catalogue as it stands."""
    return read_po(BytesIO((CATALOGUES / f"{language}.po").read_bytes()), locale=language)


def written(old: Catalog, said: Iterable[Said], language: str) -> bytes:
    """The catalogue brought up to date: the translations of the old one for the sentences of today."""
    new = Catalog(locale=language)
    for forms, files in sentences(said).items():
        id_: Forms | str = forms if len(forms) > 1 else forms[0]
        known = old.get(id_)
        new[id_] = Message(
            id_,
            known.string if known else "",
            locations=[(file, 0) for file in files],
            user_comments=known.user_comments if known else (),
        )
    out = BytesIO()
    write_po(out, new, width=LINE, include_lineno=False, omit_header=True)
    return out.getvalue()


def main() -> None:
    """Writes every catalogue anew; its header stays."""
    said = everything_said()
    for language in LANGUAGES[1:]:
        path = CATALOGUES / f"{language}.po"
        header, _, _ = path.read_bytes().partition(b"\n\n")
        path.write_bytes(header + b"\n\n" + written(read(language), said, language).strip() + b"\n")


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


if __name__ == "__main__":
    main()
