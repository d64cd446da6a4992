"""From `briefwire demo` to the first /brief answered, and the memory of the idle process tree.

Starts the demo as a user does (a process of its own, its ports free), subscribes and asks for a briefing through the
chat page's doors, then waits until the pages of the first import are read and the worker processes have ended. The peer
of the memory figure is the same process with all heavy libraries imported into it, which is what the program would
weigh without worker processes.

    briefwire bench start [--idle SECONDS]
"""

import argparse
import json
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Any

import psutil

CHAT = "http://127.0.0.1:18081"
PORTAL_PORT = "18080"
HEAVY = (
    "import bot.app, bot.commands.main, sumy, nltk, numpy, trafilatura, feedparser, py3langid, rjieba, Stemmer, time; "
)
PATIENCE = 60.0  # seconds


def main() -> None:
    """Runs both measurements and prints them."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--idle", type=float, default=300, help="seconds that it has to come to rest")
    idle = options.parse_args().idle
    started = time.perf_counter()
    demo = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", CHAT.rsplit(":", 1)[1], "--portal-port", PORTAL_PORT],
        stdout=subprocess.DEVNULL,
    )
    try:
        say("/subscribe North Korea")
        followed = until("Following")
        say("/brief")
        briefed = until("“North Korea” in title")
        print(f"chat page and subscription   {followed - started:6.1f} s after the start")
        print(f"first /brief answered        {briefed - started:6.1f} s after the start (asked: under 10 s)")
        print(f"memory while at work         {tree(demo.pid):6.0f} MB")
        deadline = time.monotonic() + idle
        while len(processes(demo.pid)) > 1 and time.monotonic() < deadline:
            time.sleep(1)
        rest = tree(demo.pid)
        print(f"memory at rest               {rest:6.0f} MB, {len(processes(demo.pid))} process (asked: under 200 MB)")
    finally:
        demo.terminate()
        demo.wait(20)
    whole = with_everything_inside()
    print(f"peer: everything in one      {whole:6.0f} MB, {whole / rest:.1f} times as much")


def say(text: str) -> None:
    """Writes into the newcomer's chat; tries until the demo is up."""
    body = json.dumps({"chat": "You", "text": text}).encode()
    request = urllib.request.Request(f"{CHAT}/sandbox/say", body, {"Content-Type": "application/json"})
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def until(text: str) -> float:
    """Waits until the bot's chat shows the text, and returns when."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with urllib.request.urlopen(f"{CHAT}/sandbox/messages?chat=You", timeout=5) as answer:
            messages: Any = json.load(answer)
        if text in json.dumps(messages, ensure_ascii=False):
            return time.perf_counter()
        time.sleep(0.05)
    raise TimeoutError(text)


def processes(pid: int) -> list[psutil.Process]:
    """The process and all below it."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def tree(pid: int) -> float:
    """Resident memory of a process tree, in MB; what processes share counts for each of them."""
    total: float = sum(process.memory_info().rss for process in processes(pid)) / 1e6
    return total


def with_everything_inside() -> float:
    """Resident memory of one process with all libraries imported, in MB."""
    look = HEAVY + "import psutil; print(psutil.Process().memory_info().rss / 1e6)"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
