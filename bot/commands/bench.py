"""`briefwire bench`: the benchmarks behind the README's figures. They live with the tests, so they need a checkout."""

import runpy
import sys
from pathlib import Path

import typer

BENCHMARKS = Path(__file__).parents[2] / "tests" / "benchmarks"


def bench(context: typer.Context, name: str = typer.Argument("", help="Which; without one, lists them.")) -> None:
    """Run a benchmark; what stands behind its name goes to it."""
    if not BENCHMARKS.is_dir():
        typer.echo("The benchmarks are part of the source checkout: clone the repository and run this there.", err=True)
        raise typer.Exit(1)
    found = {path.stem.removeprefix("bench_"): path for path in sorted(BENCHMARKS.glob("bench_*.py"))}
    if name not in found:
        if name:
            typer.echo(f"No benchmark “{name}”.", err=True)
        for its_name, path in found.items():
            typer.echo(f"{its_name:<14}{_about(path)}")
        raise typer.Exit(1 if name else 0)
    sys.argv = [str(found[name]), *context.args]
    runpy.run_path(str(found[name]), run_name="__main__")


def _about(path: Path) -> str:
    return path.read_text(encoding="utf-8").split('"""')[1].splitlines()[0]
