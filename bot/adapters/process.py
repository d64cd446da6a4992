"""This process and whether another still lives, as the kernel knows them.

A process id alone is used again by others: a process is one id of one process namespace, since its start, in one boot
of the machine. Where the kernel does not tell (not Linux), nothing is known to be dead.
"""

import os
import secrets
from pathlib import Path

PROC = Path("/proc")
_DEAD = "ZX"  # states of what has ended and was not waited for yet


def identity() -> str:
    """A name that no other process has ever had."""
    return f"{_world()}/{os.getpid()}/{_started(os.getpid())}/{secrets.token_hex(4)}"


def is_dead(name: str) -> bool:
    """Whether the process of an `identity` surely lives no more. False where that can't be told from here."""
    world, _, process = name.partition("/")
    pid, _, rest = process.partition("/")
    started = rest.partition("/")[0]
    here = _world()
    if not here or world != here or not pid.isdecimal() or not started:
        return False
    return _started(int(pid)) != started


def _world() -> str:
    """This boot of this machine and the namespace that process ids count in; empty where the kernel does not say."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}+{(PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return ""


def _started(pid: int) -> str:
    """When a living process started, in ticks since the boot; empty when there is none."""
    try:
        # The name of the program comes second, in brackets, and may itself have spaces and brackets.
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] in _DEAD else fields[19]
