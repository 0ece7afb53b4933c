"""Warnings for developers are left out of what staff read; everything else is passed on."""

from clinic.quiet import without_warnings

WARNED = b"""\
starting
/x/site-packages/a.py:3: DeprecationWarning: old
  import old
ERROR something real
  with an indented line
/x/b.py:9: UserWarning: pkg_resources is deprecated
last
"""


def test_warnings_and_their_source_lines_are_left_out():
    kept = b"".join(without_warnings(WARNED.splitlines(keepends=True)))
    assert kept == b"starting\nERROR something real\n  with an indented line\nlast\n"
