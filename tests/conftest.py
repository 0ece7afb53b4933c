"""What tests share: the real content, a copy of it to break, and a conversation of one patient."""

import re
import shutil

import pytest
from hypothesis import settings

from clinic.answers import Asked, reply
from clinic.content_files import load_content
from clinic.conversation import respond
from clinic.errors import ContentError
from clinic.memory import UNSURE, Memory, Question
from clinic.message import Message
from clinic.settings import PROJECT
from tests.databases import fresh_postgresql, opened, postgresql_server
from tests.patients import Clock, Patient

# A slow machine is no fault of the code.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """One worker runs all tests that share a bot: those of a folder with a conftest.py of its own,
    elsewhere those of a file.
    """
    for item in items:
        folder = item.path.parent
        shares = folder != PROJECT / "tests" and (folder / "conftest.py").exists()
        shared = folder if shares else item.path
        item.add_marker(pytest.mark.xdist_group(str(shared.relative_to(PROJECT))))


class Copy:
    """A copy of content/ whose files a test changes."""

    def __init__(self, folder):
        self.folder = folder
        shutil.copytree(PROJECT / "content", folder)

    def change(self, file, pattern, new):
        """Replace the first place in a file where a pattern stands."""
        text, n = re.subn(pattern, new, self.text(file), count=1, flags=re.MULTILINE)
        assert n, f"{file} no longer holds {pattern}: this test needs another place to change"
        (self.folder / file).write_text(text, encoding="utf-8")

    def text(self, file):
        return (self.folder / file).read_text(encoding="utf-8")

    def line(self, file, beginning):
        """The number of the first line that begins so."""
        lines = self.text(file).splitlines()
        return next(n for n, line in enumerate(lines, start=1) if line.startswith(beginning))

    def load(self):
        return load_content(self.folder)

    def problems(self):
        """What loading it complains about, a line for each problem."""
        with pytest.raises(ContentError) as caught:
            self.load()
        return [str(problem) for problem in caught.value.problems]


class Chat:
    """A conversation of one patient; each question is given as clinic.nlu would understand it."""

    def __init__(self, content):
        self.content = content
        self.memory = Memory()

    def hear(self, *questions):
        message = Message(" ".join(question.text for question in questions))
        turn = respond(questions, self.memory, self.content, message)
        self.memory = turn.memory
        return turn.reply

    def say(self, text, topic, *treatments, rest=None, likely=()):
        """One question; `rest` are the words beside the treatments named."""
        return self.hear(Question(text, topic, likely, treatments, text if rest is None else rest))

    def not_understood(self, text="hm", likely=("pain", "downtime", "price")):
        return self.say(text, UNSURE, likely=likely)

    def answer(self, topic, *treatments):
        return reply([Asked(topic, treatments)], self.content)


@pytest.fixture(scope="session")
def content():
    return load_content(PROJECT / "content")


@pytest.fixture
def broken(tmp_path):
    return Copy(tmp_path / "content")


@pytest.fixture
def chat(content):
    return Chat(content)


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory):
    """The address of a real PostgreSQL."""
    with postgresql_server(str(tmp_path_factory.mktemp("postgresql"))) as address:
        yield address


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """A fresh, migrated database of each kind."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path}/clinic.sqlite3"
    else:
        address = fresh_postgresql(request.getfixturevalue("postgresql"))
    with opened(address) as engine:
        yield engine


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("clinic.privacy.orders.utc_now", clock)
    return clock


@pytest.fixture
def patient(database, clock):
    return Patient(database, clock)
