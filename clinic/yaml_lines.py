"""Read a YAML file and remember on which line each of its values stands."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from clinic.errors import ContentError, Problem


def read_yaml(path: Path) -> Any:
    """The content of a YAML file, with line marks; raises ContentError when it cannot be read."""
    try:
        return YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ContentError([Problem(path.name, 0, f"is missing from {path.parent}")]) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        raise ContentError([Problem(path.name, line, f"is not YAML: {error.problem}")]) from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise ContentError([Problem(path.name, 0, f"is not YAML: {error}")]) from None


def line_of(node: Any, keys: Sequence[str | int]) -> int:
    """The line (from 1) of the value at a path of keys, or of the last part of the path that is
    there.
    """
    line = 1
    for key in keys:
        if isinstance(node, CommentedMap) and key in node:
            line = node.lc.key(key)[0] + 1
        elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
            line = node.lc.item(key)[0] + 1
        else:
            return line
        node = node[key]
    return line


def plain(node: Any) -> Any:
    """The same as ordinary dicts and lists."""
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return node
