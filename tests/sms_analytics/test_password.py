"""The viewer's password is kept as a hash, set by a command, and never shown."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from eventlog.layout import Layout
from sms_analytics import password
from sms_analytics.password import PasswordError
from sms_analytics.sessions import SESSIONS_MAX, Sessions
from tests.serving import run

SECRET = "correct horse battery"


def test_only_the_password_that_was_set_matches(tmp_path: Path) -> None:
    file = tmp_path / "viewer/password.json"
    password.keep(file, SECRET)
    assert password.matches(file, SECRET)
    assert not any(password.matches(file, tried) for tried in ("", SECRET + "x", SECRET.upper()))
    kept = file.read_text()
    assert "$argon2id$" in kept
    assert SECRET not in kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["password.json"]


def test_a_file_that_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    file = tmp_path / "password.json"
    for content in (b"", b"{}", b'{"hash": "plain"}'):
        file.write_bytes(content)
        with pytest.raises(PasswordError, match="set the password again"):
            password.matches(file, SECRET)


def test_the_command_takes_it_from_a_pipe_and_signs_everybody_out(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    sessions = Sessions(layout.viewer_sessions, 60)
    token = sessions.begin(0)
    done = run("password", "set", "--data", tmp_path, stdin=f"{SECRET}\n")
    assert (done.returncode, SECRET in done.stdout + done.stderr) == (0, False)
    assert password.matches(layout.viewer_password, SECRET)
    assert not sessions.holds(token, 1)
    assert run("password", "remove", "--data", tmp_path).returncode == 0
    again = run("password", "remove", "--data", tmp_path)
    assert (again.returncode, again.stderr) == (1, "sms-analytics: no password is set\n")


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    done = run("password", "set", "--data", tmp_path, stdin="short\n")
    assert done.returncode == 1
    assert done.stderr.startswith("sms-analytics: a password has from 12 to 256 characters")


def test_a_session_ends_by_itself_and_the_oldest_of_too_many_first(tmp_path: Path) -> None:
    sessions = Sessions(tmp_path / "sessions", 60)
    first = sessions.begin(1_000)
    assert sessions.holds(first, 1_059)
    assert not sessions.holds(first, 1_060)
    assert not sessions.holds("../../etc/passwd", 0)
    later = [sessions.begin(1_001 + n / 1_000) for n in range(SESSIONS_MAX)]
    assert len(list((tmp_path / "sessions").iterdir())) == SESSIONS_MAX
    assert not sessions.holds(first, 1_002)
    assert sessions.holds(later[-1], 1_002)
    sessions.begin(9_999)
    assert len(list((tmp_path / "sessions").iterdir())) == 1
