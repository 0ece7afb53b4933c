"""clinic.serve: parts are started, watched and ended; what cannot start is said in one line."""

import os
import signal
import socket
import subprocess
import sys
import tarfile
import time
from dataclasses import replace
from pathlib import Path

import pexpect
import pytest

from clinic import before_start, serve
from clinic.__main__ import main
from clinic.errors import StartError
from clinic.serve import Part, end, environment, free_port, start, wait_until_ready
from clinic.settings import PROJECT, Settings

SETTINGS = Settings.from_environment({})
# A server that answers, and writes down each process that it was.
SERVER = """
import http.server, os
with open({pids!r}, "a") as file:
    file.write(f"{{os.getpid()}}\\n")
address = ("127.0.0.1", {port})
http.server.HTTPServer(address, http.server.SimpleHTTPRequestHandler).serve_forever()
"""
# `python -m clinic serve` with parts of a test.
COMMAND = """
import sys
import tarfile
from clinic import serve
from clinic.__main__ import main
from clinic.serve import Part
serve.check = lambda settings: None
serve.parts = lambda settings: {parts!r}
serve.RESTART = 0.1
sys.exit(main(["serve"]))
"""


def part(code, port=0, name="part"):
    ready = f"http://127.0.0.1:{port}/"
    return Part(name, (sys.executable, "-c", code), port, ready, "CLINIC_RASA_PORT")


@pytest.fixture
def server(tmp_path):
    port = free_port()
    return part(SERVER.format(pids=str(tmp_path / "pids"), port=port), port, "small server")


@pytest.fixture
def pids(tmp_path):
    """The processes that the small server was, so far."""
    return lambda: [int(pid) for pid in (tmp_path / "pids").read_text().split()]


@pytest.fixture
def model(monkeypatch, tmp_path):
    """A model is there, so that only what a test is about is missing."""
    monkeypatch.setattr(before_start, "MODEL", tmp_path / "clinic.tar.gz")
    with tarfile.open(before_start.MODEL, "w:gz"):
        pass


def is_running(pid):
    """Whether a process runs; one that ended and was not yet waited for does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def wait_for(what, seconds=20):
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.05)


def serving(*parts):
    """`python -m clinic serve` in a terminal, with these parts."""
    code = COMMAND.format(parts=list(parts))
    return pexpect.spawn(sys.executable, ["-c", code], cwd=str(PROJECT), timeout=30)


# What stops the bot before anything is started.


@pytest.mark.parametrize("name", ["CLINIC_RASA_PORT", "CLINIC_ACTIONS_PORT"])
def test_port_in_use_is_one_line_that_names_port_and_variable(name, model, monkeypatch, capsys):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setenv(name, str(port))
        assert main(["serve"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    [line] = said.err.splitlines()
    assert line.startswith(f"port {port} is in use, so the ")
    assert line.endswith(f"end the program that uses it, or set {name}")


@pytest.mark.parametrize("command", ["serve", "shell"])
def test_missing_model_is_one_line_that_says_make_train(command, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(before_start, "MODEL", tmp_path / "none.tar.gz")
    assert main([command]) == 1
    assert capsys.readouterr() == ("", "there is no trained model yet: make train\n")


def test_setting_that_cannot_be_used_is_one_line(monkeypatch, capsys):
    monkeypatch.setenv("CLINIC_RASA_PORT", "many")
    assert main(["serve"]) == 1
    said = "CLINIC_RASA_PORT is 'many': set it to a port number, 1 to 65535\n"
    assert capsys.readouterr() == ("", said)


def test_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["sreve"])
    assert "invalid choice: 'sreve'" in capsys.readouterr().err


# The parts as they are.


def test_two_parts_are_started_on_the_ports_of_the_settings():
    actions, rasa, _ = serve.parts(Settings.from_environment({}))
    assert (actions.port, rasa.port) == (5055, 5005)
    assert "5055" in actions.command
    assert "5005" in rasa.command


@pytest.mark.parametrize(
    ("profile", "file"),
    [("development", "credentials.yml"), ("production", "credentials-production.yml")],
)
def test_each_profile_opens_its_own_doors(profile, file):
    rasa = serve.parts(Settings.from_environment({"CLINIC_PROFILE": profile, "CLINIC_KEY": "own"}))[
        1
    ]
    assert rasa.command[-2:] == ("--credentials", file)
    assert (PROJECT / file).exists()


def test_parts_see_the_settings_and_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("ANYTHING", "else")
    given = {"CLINIC_CONTENT": str(tmp_path), "CLINIC_DATABASE": "sqlite:///x.sqlite3"}
    ports = {"CLINIC_RASA_PORT": "6005", "CLINIC_ACTIONS_PORT": "6055"}
    seen = environment(Settings.from_environment({**given, **ports}))
    assert seen["CLINIC_DATABASE"] == "sqlite:///x.sqlite3"
    assert seen["CLINIC_CONTENT"] == str(tmp_path)
    assert (seen["CLINIC_RASA_PORT"], seen["CLINIC_ACTIONS_PORT"]) == ("6005", "6055")
    assert seen["ANYTHING"] == "else"
    assert seen["RASA_TELEMETRY_ENABLED"] == "false"


def test_free_port_can_be_listened_on():
    port = free_port()
    with socket.socket() as mine:
        mine.bind(("127.0.0.1", port))
        mine.listen()
        assert mine.getsockname()[1] == port


# Starting, watching, ending.


def test_part_that_ends_while_starting_is_said():
    dead = part("raise SystemExit(3)")
    with pytest.raises(StartError, match=r"the part ended while starting \(status 3\)"):
        wait_until_ready(dead, start(dead, SETTINGS))


def test_part_that_never_answers_is_said(monkeypatch):
    monkeypatch.setattr(serve, "START_LIMIT", 0.5)
    mute = part("import time; time.sleep(60)", free_port())
    process = start(mute, SETTINGS)
    with pytest.raises(StartError, match=r"the part did not answer within 0\.5 s"):
        wait_until_ready(mute, process)
    end([process])


def test_part_that_is_up_but_lacks_something_stops_the_start(monkeypatch):
    monkeypatch.setattr(serve, "WHOLE_LIMIT", 0.5)
    port = free_port()
    up = part(SERVER.format(pids="/dev/null", port=port), port)
    process = start(up, SETTINGS)
    wait_until_ready(up, process)
    lacking = replace(up, whole=f"http://127.0.0.1:{port}/no-such-file")
    with pytest.raises(StartError, match=r"the part is up but cannot take a turn \(status 404\)"):
        serve.wait_until_whole([lacking])
    serve.wait_until_whole([replace(up, whole=f"http://127.0.0.1:{port}/README.md"), up])
    end([process])


def test_part_that_dies_is_started_again(server, pids):
    bot = serving(server)
    bot.expect("Ready in .* s: http://127.0.0.1:5005/example/")
    os.kill(pids()[0], signal.SIGKILL)
    bot.expect(r"The small server ended \(status -9\); starting it again\.")
    wait_for(lambda: len(pids()) == 2)
    wait_for(lambda: serve.answers(server.ready))
    bot.kill(signal.SIGTERM)
    bot.expect("Ending ...")
    bot.wait()
    assert not is_running(pids()[1])


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_signal_ends_all_parts(name, server, pids):
    bot = serving(server)
    bot.expect("Ready in")
    bot.kill(getattr(signal, name))
    bot.expect("Ending ...")
    assert bot.wait() == 0
    assert not is_running(pids()[0])


class Tidied:
    """Gets a request to end while Python tidies it up, where an exception is lost."""

    def __del__(self):
        signal.raise_signal(signal.SIGTERM)


def test_request_that_comes_while_python_tidies_up_is_kept():
    before = {
        name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    serve.end_on_signals()
    try:
        Tidied()
        assert serve.ENDING.is_set()
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def test_part_that_cannot_start_ends_the_others(server, pids):
    bot = serving(server, part("raise SystemExit(3)", free_port(), "other server"))
    bot.expect(r"the other server ended while starting \(status 3\); see above")
    assert bot.wait() == 1
    assert not is_running(pids()[0])


def test_part_that_ignores_the_request_is_ended_by_force_with_what_it_started(
    monkeypatch, tmp_path
):
    monkeypatch.setattr(serve, "END_LIMIT", 0.5)
    file = tmp_path / "pid"
    code = f"""
import pathlib, signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen(["sleep", "60"])
pathlib.Path({str(file)!r}).write_text(str(child.pid))
time.sleep(60)
"""
    process = start(part(code), SETTINGS)
    wait_for(lambda: file.exists() and file.read_text())
    end([process])
    assert process.returncode == -signal.SIGKILL
    wait_for(lambda: not is_running(int(file.read_text())))


def test_part_that_ended_by_itself_is_left_alone():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    end([process])
    assert process.returncode == 0
