"""`make shell`, driven as a person would: type, read, end with /stop."""

import sys

import pexpect
import pytest

from clinic.settings import PROJECT


@pytest.fixture
def shell():
    child = pexpect.spawn(
        sys.executable,
        ["-m", "clinic", "shell"],
        cwd=str(PROJECT),
        encoding="utf-8",
        timeout=120,
        dimensions=(60, 200),
    )
    child.expect("Your input")
    yield child
    child.close(force=True)


def test_staff_ask_and_read_the_answer(shell, content):
    shell.sendline("what are milia")
    shell.expect("tiny white or yellowish bumps")
    shell.expect("From our milia page")
    shell.expect(content.ask("causes")[:20])
    shell.expect(content.ask("booking")[:20])
    shell.expect("Your input")
    shell.sendline("1")
    shell.expect("dead skin cells")


def test_stop_ends_it_and_its_action_server(shell):
    shell.sendline("/stop")
    shell.expect(pexpect.EOF)
    shell.close()
    assert shell.exitstatus == 0
