"""A PostgreSQL server of one's own, to be killed."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1:]
USER = "postgres"  # the server refuses to run as root
STARTING = 30.0  # seconds


def is_installed() -> bool:
    """Whether this machine has the server's programs."""
    return bool(BINARIES)


class Cluster:
    """A server with an empty database; it can be killed and started again."""

    def __init__(self, folder: Path, port: int) -> None:
        self.url = f"postgresql://{USER}@127.0.0.1:{port}/postgres"
        self._folder = folder
        self._port = port
        self._server: asyncio.subprocess.Process | None = None

    async def create(self) -> None:
        """Lays out its files."""
        if os.getuid() == 0:
            shutil.chown(self._folder, USER, USER)
        making = await self._run(
            "initdb", "--auth=trust", f"--username={USER}", "--no-sync", "-D", self._folder / "data"
        )
        if await making.wait():
            raise RuntimeError("initdb failed")

    async def start(self) -> None:
        """Starts it, also after a crash, and waits until it answers."""
        data = ("-D", self._folder / "data", "-p", str(self._port), "-k", self._folder)
        self._server = await self._run(
            "postgres", *data, "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=40"
        )
        async with asyncio.timeout(STARTING):
            while not await self._answers():  # noqa: ASYNC110 - a starting server tells nobody
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """Ends it at once, without a word to its clients or its files."""
        if self._server is not None and self._server.returncode is None:
            self._server.send_signal(signal.SIGQUIT)
            await self._server.wait()

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.url, timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        await connection.close()
        return True

    async def _run(self, program: str, *arguments: str | Path) -> asyncio.subprocess.Process:
        as_user: dict[str, Any] = {"user": USER, "group": USER, "extra_groups": []} if os.getuid() == 0 else {}
        nowhere = asyncio.subprocess.DEVNULL
        return await asyncio.create_subprocess_exec(
            BINARIES[0] / program, *arguments, stdout=nowhere, stderr=nowhere, cwd=self._folder, **as_user
        )


@asynccontextmanager
async def cluster(port: int) -> AsyncIterator[Cluster]:
    """A running server, gone at the end."""
    # Not pytest's own folder: the server's user may not enter that.
    folder = Path(f"/tmp/briefwire-postgres-{os.getpid()}-{port}")  # noqa: S108
    folder.mkdir(mode=0o700)  # noqa: ASYNC240 - of a test
    its = Cluster(folder, port)
    try:
        await its.create()
        await its.start()
        yield its
    finally:
        await its.kill()
        shutil.rmtree(folder, ignore_errors=True)
