"""Names that read like ordinary words when they are not written with a capital: Turkey, Apple, Labour, die Grünen.

Whoever writes such a word with a capital follows the name; in small letters, in capitals throughout, or in quotes it is
the word, however an article writes it. A telephone writes a capital for everybody, so a word is here only if its name
is what people look for in the news.
"""

from summarizer.folding import fold

# Folded, so Grüne is grune.
_NAMES = """
amazon alphabet apple meta windows target shell gap oracle slack zoom telegram snap subway stripe sprint twitch
tinder bumble hinge discord java python kotlin edge chrome safari outlook excel word access dodge jaguar mustang
beetle puma boots caterpillar corning delta progressive chase wayfair crocs guess polygon avalanche ripple tether
gemini copilot claude cursor notion grok perplexity turkey china reading nice bath cork hull split worms essen halle
hamm lens angers buffalo phoenix victoria darwin cairns chad chile jersey guernsey orange labour labor greens tories
conservatives liberals democrats republicans grune linke verts podemos sumar ciudadanos lega chega razem zieloni
яблоко известия independent telegraph guardian observer economist atlantic axios vox rapid arsenal spurs rangers
celtic hearts jets giants titans warriors royals yankees lakers bush trump pence musk swift drake prince blur oasis
"""
NAMES = frozenset(_NAMES.split())


def is_name(written: str, word: str) -> bool:
    """Whether a word of a query, as written and folded, stands for a name alone."""
    return word in NAMES and written[0].isupper() and not written.isupper()


def as_name(word: str) -> str:
    """How the name of a folded word is written in a canonical query, `Turkey`."""
    return word.capitalize()


def is_name_text(text: str) -> bool:
    """Whether a term's canonical text is that of a name; all other words are in small letters there."""
    return text[0].isupper()


def word_of(text: str) -> str:
    """The folded word of a name's canonical text."""
    return fold(text).strip()
