"""Whether a process still lives, told from the name that it gave itself."""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.adapters import process
from bot.adapters.process import identity, is_dead

NAME_ITSELF = "from bot.adapters.process import identity; print(identity(), flush=True); input()"


async def a_process() -> tuple[asyncio.subprocess.Process, str]:
    """Another process, and its name."""
    pipe = asyncio.subprocess.PIPE
    other = await asyncio.create_subprocess_exec(sys.executable, "-c", NAME_ITSELF, stdin=pipe, stdout=pipe)
    assert other.stdout is not None
    return other, (await other.stdout.readline()).decode().strip()


async def test_a_killed_process_is_dead_and_a_living_one_is_not() -> None:
    other, name = await a_process()
    assert not is_dead(name)
    other.kill()
    await other.wait()
    assert is_dead(name)


def test_a_process_never_takes_itself_for_dead_and_has_a_name_of_its_own_each_time() -> None:
    assert not is_dead(identity())
    assert identity() != identity()


def test_who_has_an_old_process_id_again_is_somebody_else() -> None:
    world, pid, started, nonce = identity().rsplit("/", 3)
    assert is_dead(f"{world}/{pid}/{int(started) - 1}/{nonce}")


def test_an_ended_process_that_nobody_waited_for_is_dead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def write(state: str) -> None:
        (tmp_path / "7").mkdir(exist_ok=True)
        (tmp_path / "7/stat").write_text(f"7 (a (b) c) {state} " + " ".join(str(n) for n in range(4, 30)))

    (tmp_path / "sys/kernel/random").mkdir(parents=True)
    (tmp_path / "sys/kernel/random/boot_id").write_text("boot\n")
    (tmp_path / "self/ns").mkdir(parents=True)
    (tmp_path / "self/ns/pid").symlink_to("pid:[1]")
    monkeypatch.setattr(process, "PROC", tmp_path)
    write("S")
    assert not is_dead("boot+pid:[1]/7/22/x")
    write("Z")
    assert is_dead("boot+pid:[1]/7/22/x")


@pytest.mark.parametrize("name", ["", "somebody", "other+pid:[1]/7/22/x", "boot+pid:[1]/x/22/x", "boot+pid:[1]/7//x"])
def test_nothing_is_said_of_who_is_not_from_here(name: str) -> None:
    assert not is_dead(name)


def test_where_the_kernel_tells_nothing_nobody_is_dead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(process, "PROC", tmp_path)
    assert not is_dead(identity())
