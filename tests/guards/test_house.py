"""Guards of the house: which way imports go, how large things are, what they may be called."""

import ast
import graphlib
import os
import re
import statistics
import subprocess
import sys

import pytest

from clinic.settings import PROJECT

GROUND = {
    "clinic.typed_text",
    "clinic.cipher",
    "clinic.clock",
    "clinic.content",
    "clinic.content_booking",
    "clinic.content_part",
    "clinic.content_whatsapp",
    "clinic.deeds",
    "clinic.encoder_files",
    "clinic.errors",
    "clinic.logs",
    "clinic.message",
    "clinic.metrics",
    "clinic.content_privacy",
    "clinic.quiet",
    "clinic.readability",
    "clinic.reader_process",
    "clinic.reference",
    "clinic.settings",
    "clinic.nlu.split",
    "clinic.team_settings",
    "clinic.whatsapp_settings",
    "clinic.words",
    "clinic.yaml_lines",
}
CORE = {
    "clinic.answers",
    "clinic.contact_book",
    "clinic.booking",
    "clinic.booking.after_sent",
    "clinic.booking.answers_of",
    "clinic.booking.contact_of",
    "clinic.booking.deliver",
    "clinic.booking.details",
    "clinic.booking.draft",
    "clinic.booking.form",
    "clinic.booking.heard",
    "clinic.booking.notify",
    "clinic.booking.outbox",
    "clinic.booking.outcome",
    "clinic.booking.request",
    "clinic.booking.says",
    "clinic.booking.store",
    "clinic.booking.tables",
    "clinic.booking.turns",
    "clinic.booking.wording",
    "clinic.content_files",
    "clinic.conversation",
    "clinic.database",
    "clinic.introduction",
    "clinic.memory",
    "clinic.kept_turns",
    "clinic.page",
    "clinic.privacy",
    "clinic.privacy.belongings",
    "clinic.privacy.keeping",
    "clinic.privacy.orders",
    "clinic.privacy.retention",
    "clinic.privacy.team",
    "clinic.privacy.wishes",
    "clinic.production",
    "clinic.references",
    "clinic.understanding",
}
DESK = {"clinic.desk"}
COMMANDS = {
    "clinic.__main__",
    "clinic.before_start",
    "clinic.part",
    "clinic.requests",
    "clinic.serve",
    "clinic.train",
}
# package -> the only places that may know it
KNOWN_IN = {
    "rasa": ("clinic.channels", "clinic.conversations", "clinic.nlu"),
    "rasa_sdk": ("actions",),
    "sanic": ("clinic.channels", "clinic.staff"),
    "sqlalchemy": (
        "clinic.booking",
        "clinic.channels",
        "clinic.contact_book",
        "clinic.conversations",
        "clinic.database",
        "clinic.desk",
        "clinic.kept_turns",
        "clinic.migrations",
        "clinic.privacy",
        "clinic.requests",
        "clinic.before_start",
        "clinic.before_start",
    ),
}
# clinic.serve hands the environment on to the parts that it starts.
READS_ENVIRONMENT = {"clinic.settings", "clinic.serve"}
# Words of which no file, class or function is made.
AVOIDED = re.compile(
    r"utils?|helpers?|common|manager|service|processor|handler|base|custom|my|v\d|connector"
    r"|faq|category|user|customer|appointment|chitchat"
)


def modules(*folders):
    """Name of each module -> its file."""
    files = [file for folder in folders for file in sorted((PROJECT / folder).rglob("*.py"))]
    names = [".".join(file.relative_to(PROJECT).with_suffix("").parts) for file in files]
    return {name.removesuffix(".__init__"): file for name, file in zip(names, files, strict=True)}


PRODUCT = modules("clinic", "actions")
ALL = modules("clinic", "actions", "encoder", "evaluation", "benchmarks", "whatsapp_demo", "tests")
TREES = {name: ast.parse(file.read_text(encoding="utf-8")) for name, file in ALL.items()}


def imported(name):
    """Every name that a module imports: package.module, or package.module.name."""
    for node in ast.walk(TREES[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports by dots: write the whole name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imports_of_ours(name):
    """The modules of the product that a module imports."""
    for found in imported(name):
        if found in PRODUCT:
            yield found
        elif found.rpartition(".")[0] in PRODUCT:
            yield found.rpartition(".")[0]


def height(name):
    """0 ground, 1 core, 2 desk, 3 edge."""
    return next((n for n, layer in enumerate((GROUND, CORE, DESK)) if name in layer), 3)


def room(name):
    """The rooms of the edge, which never import each other."""
    return (
        "commands"
        if name in COMMANDS
        else ".".join(name.split(".")[: 2 if "clinic" in name else 1])
    )


def test_every_named_module_is_there():
    assert (GROUND | CORE | DESK | COMMANDS) - set(PRODUCT) == set()


@pytest.mark.parametrize("name", PRODUCT)
def test_imports_point_one_way(name):
    wrong = [
        found
        for found in imports_of_ours(name)
        if height(found) > height(name)
        or (height(found) == height(name) == 3 and room(found) != room(name))
    ]
    assert wrong == []


def test_no_module_imports_itself_in_a_circle():
    graph = {name: set(imports_of_ours(name)) - {name} for name in PRODUCT}
    assert len(list(graphlib.TopologicalSorter(graph).static_order())) >= len(PRODUCT)


@pytest.mark.parametrize("package", KNOWN_IN)
def test_package_is_known_only_where_it_may_be(package):
    knows = [n for n in PRODUCT if package in {found.split(".")[0] for found in imported(n)}]
    assert [n for n in knows if not n.startswith(KNOWN_IN[package])] == []


def test_environment_is_read_in_one_place():
    reading = {
        name
        for name in PRODUCT
        for node in ast.walk(TREES[name])
        if isinstance(node, ast.Attribute)
        and node.attr in ("environ", "environb", "getenv")
        or isinstance(node, ast.alias)
        and node.name in ("environ", "getenv")
    }
    assert reading == READS_ENVIRONMENT


# Imports every module of the product, and tells of each file of the project that is opened, and of
# each process or connection that is begun, when the code nearest to it is our own.
IMPORT_ALL = """
import importlib, sys
project, modules = sys.argv[1], sys.argv[2:]
ours = lambda file: file.startswith(project) and "/.venv/" not in file
def nearest():
    frame = sys._getframe(2)
    while frame:
        file = frame.f_code.co_filename
        if "/site-packages/" in file or ours(file):
            return file
        frame = frame.f_back
    return ""
def watch(event, arguments):
    if event == "open":
        file = str(arguments[0])
        if ours(file) and not file.endswith(".py") and "__pycache__" not in file:
            print("opened", file)
    elif event in ("subprocess.Popen", "os.system", "os.fork", "socket.bind", "socket.connect",
                   "sqlite3.connect", "_thread.start_new_thread"):
        if ours(nearest()):
            print(event, arguments)
sys.path.insert(0, project)
sys.addaudithook(watch)
for module in modules:
    importlib.import_module(module)
print("imported", len(modules))
"""


def test_importing_a_module_opens_nothing_and_starts_nothing(tmp_path):
    # Alembic itself runs the files below clinic/migrations; nothing imports them.
    names = [name for name in PRODUCT if not name.startswith("clinic.migrations")]
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IMPORT_ALL, str(PROJECT), *names],
        cwd=tmp_path,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.splitlines() == [f"imported {len(names)}"], run.stderr


def lengths():
    """Lines of each function of the product, the longest last."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = [
        (node.end_lineno - node.lineno + 1, f"{name}.{node.name}")
        for name in PRODUCT
        for node in ast.walk(TREES[name])
        if isinstance(node, kinds)
    ]
    return sorted(found)


def test_functions_are_short():
    found = lengths()
    assert statistics.median(n for n, _ in found) <= 10
    long = [one for one in found if one[0] > 25]
    assert len(long) <= len(found) / 10, long


@pytest.mark.parametrize("name", ALL)
def test_module_is_short_and_says_what_it_is(name):
    assert ast.get_docstring(TREES[name]), f"{name} does not open with a sentence"
    assert len(ALL[name].read_text(encoding="utf-8").splitlines()) < 300


WORD = r"[A-Z]?[a-z]+\d*|[A-Z]+"


def names_in(name):
    """The names of a module's file, classes and functions."""
    yield from name.split(".")
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    yield from (node.name for node in ast.walk(TREES[name]) if isinstance(node, kinds))


@pytest.mark.parametrize("name", ALL)
def test_names_say_what_a_thing_is(name):
    words = {word.lower() for found in names_in(name) for word in re.findall(WORD, found)}
    assert [word for word in words if AVOIDED.fullmatch(word)] == []
