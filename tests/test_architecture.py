"""The house rules that no linter checks."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from bot.commands.main import app
from bot.config import PREFIX, Settings
from bot.telegram.application import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SOURCES = [path for folder in ("bot", "summarizer") for path in sorted((ROOT / folder).rglob("*.py"))]
MOST_LINES = 480
MOST_LINES_OF_A_FUNCTION = 70
HEAVY = {"sumy", "nltk", "numpy", "lxml", "trafilatura", "feedparser", "py3langid", "htmldate", "selectolax", "Stemmer"}
CLOCKS = re.compile(r"datetime\.now\(|datetime\.today\(|time\.time\(|os\.environ|os\.getenv")
MAY_READ_THEM = {
    "bot/adapters/clock.py",
    "bot/adapters/jobs.py",  # tells libraries in a worker process to use one thread
    "bot/config.py",
}


def test_the_readme_lists_every_setting() -> None:
    for name in Settings.model_fields:
        assert f"`{PREFIX}{name.upper()}`" in README


def test_the_readme_lists_no_setting_that_is_not() -> None:
    named = {name.removeprefix(PREFIX).lower() for name in re.findall(rf"`({PREFIX}[A-Z_]+)`", README)}
    assert named <= set(Settings.model_fields)


def test_the_readme_lists_every_command() -> None:
    for name in COMMANDS:
        assert re.search(rf"`/{name}\b", README), name
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"`briefwire {name}`" in README, name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= MOST_LINES
    if "migrations/versions" in str(path):
        return
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < MOST_LINES_OF_A_FUNCTION, node.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_time_and_environment_have_one_door(path: Path) -> None:
    if str(path.relative_to(ROOT)) not in MAY_READ_THEM:
        assert not CLOCKS.search(path.read_text(encoding="utf-8"))


def test_the_main_process_imports_nothing_heavy() -> None:
    look = "import sys, bot.app, bot.commands.main; print(' '.join({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ}
    )
    assert not HEAVY & set(done.stdout.split())
