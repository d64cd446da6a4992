"""Every sentence of the pages stands in the catalogues."""

from collections.abc import Iterator
from importlib.resources import files
from io import BytesIO

import jinja2
import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes

import bot.texts
from bot.texts import LANGUAGES

TEMPLATES = sorted(path.name for path in (files("bot.web") / "templates").iterdir())


def sentences(template: str) -> Iterator[str]:
    """What a template says through `words(…)` and `words.count(…)`."""
    source = (files("bot.web") / "templates" / template).read_text(encoding="utf-8")
    for call in jinja2.Environment(autoescape=True).parse(source).find_all(nodes.Call):
        spoken = call.node.node if isinstance(call.node, nodes.Getattr) else call.node
        if isinstance(spoken, nodes.Name) and spoken.name == "words":
            yield from (arg.value for arg in call.args[:1] if isinstance(arg, nodes.Const))


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
def test_every_sentence_of_the_templates_is_translated(language: str) -> None:
    catalogue = read_po(BytesIO((files(bot.texts) / f"{language}.po").read_bytes()), locale=language)
    translated = {
        message.id if isinstance(message.id, str) else message.id[0] for message in catalogue if message.string
    }
    said = {sentence for template in TEMPLATES for sentence in sentences(template)}
    assert len(said) > 20
    assert said - translated == set()
