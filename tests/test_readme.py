"""The README's commands, run as a reader would run them, in a folder of their own."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.serving import COMMAND, serving

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
ADDRESS = "http://127.0.0.1:8090"
RECORDED = '{"content_type": "application/json", "body": "{\\"hello\\": \\"world\\"}"}\n'


def commands() -> list[str]:
    """Return the commands of every shell block, with continued lines joined."""
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [line.partition("  #")[0].strip() for line in lines if line.strip()]


def ours() -> list[list[str]]:
    """Return the arguments of each `sms-analytics` command but `serve`, which does not end."""
    called = [shlex.split(line) for line in commands() if line.startswith(".venv/bin/")]
    return [arguments[1:] for arguments in called if arguments[1:] != ["serve"]]


def test_the_first_two_commands_are_run_and_test() -> None:
    assert commands()[:2] == ["make run", "make test"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_curl_command_is_acknowledged(tmp_path: Path) -> None:
    (curl,) = (line for line in commands() if line.startswith("curl"))
    with serving(tmp_path / "data") as server:
        assert ADDRESS in curl
        called = shlex.split(curl.replace(ADDRESS, server.url))
        done = subprocess.run(called, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.startswith("HTTP/1.1 204"), done.stdout


def test_every_other_command_runs_in_the_order_given(tmp_path: Path) -> None:
    (tmp_path / "webhooks.ndjson").write_text(RECORDED)
    assert len(ours()) >= 6
    for arguments in ours():
        done = subprocess.run(
            [*COMMAND, *arguments],
            cwd=tmp_path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
    assert "<html" in (tmp_path / "report.html").read_text()
