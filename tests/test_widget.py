"""The chat window's own checks: types, unit tests, size, and the committed file built anew."""

import gzip
import json
import os
import re
import shutil
import subprocess

import pytest

from clinic.settings import PROJECT

WIDGET = PROJECT / "widget"
BUILT = WIDGET / "dist" / "widget.js"
SOURCES = sorted((WIDGET / "src").rglob("*.*"))
BUDGET = 25_000
# What would make markup, code or a style of a text.
MARKUP = re.compile(
    r"innerHTML|outerHTML|insertAdjacent|dangerously|document\.write|eval\(|new Function"
    r"|createContextualFragment|setAttribute\('style'|<style"
)


@pytest.fixture(scope="module")
def tools():
    """The window's tools for Node, which only its developers need."""
    if not shutil.which("npm"):
        assert not os.environ.get("CI"), "continuous integration needs Node: .ci/run installs it"
        pytest.skip("Node is not installed: apt-get install nodejs npm")
    run("make", "widget/node_modules", folder=PROJECT)


def run(*command, folder=WIDGET):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def size():
    """Bytes that a page loads for the window, once and for all."""
    return len(gzip.compress(BUILT.read_bytes(), 9, mtime=0))


def test_window_weighs_less_than_its_budget():
    assert size() < BUDGET


def test_types_are_right(tools):
    run("npm", "run", "--silent", "types")


def test_unit_tests_pass(tools):
    assert "passed" in run("npm", "run", "--silent", "test")


def test_committed_file_is_what_the_sources_give(tools, tmp_path):
    run("npm", "run", "--silent", "build", "--", "--outDir", str(tmp_path), "--emptyOutDir")
    assert [file.name for file in tmp_path.iterdir()] == ["widget.js"]
    same = (tmp_path / "widget.js").read_bytes() == BUILT.read_bytes()
    assert same, "widget/dist/widget.js is not built from these sources: make widget"


def test_built_file_names_no_machine():
    built = BUILT.read_text(encoding="utf-8")
    assert str(PROJECT) not in built
    assert "sourceMappingURL" not in built


def test_packages_are_pinned_and_name_no_registry():
    package = json.loads((WIDGET / "package.json").read_text(encoding="utf-8"))
    lock = (WIDGET / "package-lock.json").read_text(encoding="utf-8")
    assert [v for v in package["devDependencies"].values() if not re.fullmatch(r"[\d.]+", v)] == []
    assert "dependencies" not in package
    assert '"resolved"' not in lock


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.name)
def test_source_is_short_says_what_it_is_and_makes_no_markup(file):
    text = file.read_text(encoding="utf-8")
    assert text.startswith("/*"), "it does not open with a sentence"
    assert len(text.splitlines()) < 300
    assert MARKUP.findall(text) == []
