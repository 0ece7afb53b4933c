"""clinic.page: each change of the clinic's page is found, and its facts are named."""

import os
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.content import Fact, LeftOut, PageLines
from clinic.page import check_page, split_page
from clinic.settings import PROJECT

FILE = PROJECT.parent / "shared" / "clinic-page.txt"


@pytest.fixture(scope="session")
def page():
    """The clinic's page, which lies outside the project."""
    if not FILE.exists():
        if os.environ.get("CI") == "true" and FILE.parent.exists():
            pytest.fail(f"{FILE} is missing, though {FILE.parent} is there")
        pytest.skip("the clinic's page, ../shared/clinic-page.txt, is not here")
    return FILE.read_text(encoding="utf-8")


def changed(page, old, new):
    assert page.count(old) == 1, f"the page holds {old!r} {page.count(old)} times"
    return page.replace(old, new)


def not_borne_out(findings):
    return {f.where for f in findings if f.kind == "not borne out"}


def not_covered(findings):
    return [f.what for f in findings if f.kind == "not covered"]


# What changes on the page: (old, new, the facts that it no longer bears out)
CHANGED = {
    "figure in a text": (
        "1-2 weeks as the skin",
        "2-3 weeks as the skin",
        {"treatments.yml cryotherapy.results_time"},
    ),
    "days of healing": ("(1-2 days)", "(2-4 days)", {"treatments.yml extraction.downtime"}),
    "figure that grows in front": ("SPF 30+", "SPF 130+", {"milia.yml wear_spf"}),
    "figure of one row, though another row has the same": (
        "Stimulating skin renewal | 4-6 weeks",
        "Stimulating skin renewal | 6-8 weeks",
        {"treatments.yml microneedling.results_time"},
    ),
    "figure of the other row": (
        "Preventing recurrent milia | 4-6 weeks",
        "Preventing recurrent milia | 6-8 weeks",
        {"treatments.yml peels.results_time"},
    ),
    "negation removed": ("milia are not caused", "milia are caused", {"milia.yml not_acne"}),
    "cannot becomes can": ("cannot be squeezed", "can be squeezed", {"milia.yml not_squeezable"}),
    "negation added": ("Milia are harmless", "Milia are not harmless", {"milia.yml harmless"}),
    "brand replaced": (
        "We offer AlumierMD &",
        "We offer Other Brand &",
        {"milia.yml offered_brands", "treatments.yml skincare.how_it_works"},
    ),
    "line removed": (
        "- Minimally invasive, with minimal downtime.\n",
        "",
        {"treatments.yml cryotherapy.how_it_works", "treatments.yml cryotherapy.downtime"},
    ),
    "row removed": (
        "| Microneedling | Stimulating skin renewal | 4-6 weeks | Every 3-6 months |\n",
        "",
        {
            f"treatments.yml microneedling.{what}"
            for what in ("how_it_works", "best_for", "results_time", "maintenance")
        },
    ),
}


def test_page_as_it_is_has_no_finding(page, content):
    assert check_page(page, content) == []


@pytest.mark.parametrize("what", CHANGED)
def test_fact_that_the_page_no_longer_says_is_named(what, page, content):
    old, new, facts = CHANGED[what]
    assert not_borne_out(check_page(changed(page, old, new), content)) == facts


@pytest.mark.parametrize(
    "added",
    [
        "- Blisters and dark marks can follow a treatment.",
        "- Costs 80 pounds.",
        "| Laser | All milia | 1 week | Never |",
        "Not for everyone.",
    ],
)
def test_added_line_is_not_covered(added, page, content):
    after = "- Minimally invasive, with minimal downtime.\n"
    [finding] = check_page(changed(page, after, f"{after}{added}\n"), content)
    assert finding.kind == "not covered"
    assert finding.where == "Milia Treatment Options at The Karma Clinic"
    assert finding.what.strip("“”") in added


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        ("with minimal downtime.", "with minimal downtime, and now and then a blister.", "blister"),
        ("with minimal downtime.", "with minimal downtime and severe pain.", "severe"),
        ("becomes trapped beneath", "never becomes trapped beneath", "never"),
        ("Most clients feel", "Except near the eye: Most clients feel", "Except"),
        ("Milia are harmless but", "Milia are harmless 9 times in 10 but", "9"),
    ],
)
def test_added_clause_is_not_covered(old, new, clause, page, content):
    [finding] = check_page(changed(page, old, new), content)
    assert finding.kind == "not covered"
    assert clause in finding.what


def test_cells_swapped_between_two_treatments_fail_both(page, content):
    swapped = changed(page, "| Monthly peels recommended |", "| SWAP |")
    swapped = changed(swapped, "| Every 3-6 months |", "| Monthly peels recommended |")
    swapped = changed(swapped, "| SWAP |", "| Every 3-6 months |")
    assert not_borne_out(check_page(swapped, content)) == {
        "treatments.yml peels.maintenance",
        "treatments.yml microneedling.maintenance",
    }


def test_renamed_heading_fails_its_facts_and_is_not_covered(page, content):
    findings = check_page(changed(page, "What Causes Milia?\n", "Why They Form\n"), content)
    assert {"milia.yml genes", "milia.yml sun_thickens"} < not_borne_out(findings)
    assert {f.what for f in findings if f.kind == "not borne out"} == {
        "the page has no heading “What Causes Milia?”"
    }
    assert "“Why They Form”" in not_covered(findings)


def test_other_quotes_dashes_and_spaces_change_nothing(page, content):
    written = page.replace("’", "'").replace("–", "-").replace(" ", "\u00a0")
    assert check_page(written, content) == []


@settings(deadline=None, max_examples=200)
@given(data=st.data())
def test_any_line_that_goes_is_noticed(data, page, content):
    left_out = "|".join(re.escape(line.words) for line in content.page.left_out)
    lines = page.splitlines()
    said = [n for n, line in enumerate(lines) if re.search(r"\w", re.sub(left_out, "", line))]
    gone = data.draw(st.sampled_from(said))
    assert check_page("\n".join(lines[:gone] + lines[gone + 1 :]), content)


def check(file):
    """What staff run after the page has changed."""
    command = [sys.executable, "-m", "clinic", "check", "--page", str(file)]
    wide = {**os.environ, "COLUMNS": "200"}
    return subprocess.run(
        command, cwd=PROJECT, env=wide, capture_output=True, text=True, check=False
    )


def test_command_prints_each_finding_and_fails(page, tmp_path):
    file = tmp_path / "page.txt"
    file.write_text(changed(page, "(1-2 days)", "(2-4 days)"), encoding="utf-8")
    run = check(file)
    assert run.returncode == 1
    assert "treatments.yml extraction.downtime" in run.stdout


def test_command_on_the_page_as_it_is_succeeds(page):
    run = check(FILE)
    assert run.returncode == 0
    assert "every fact is borne out, every part of the page is covered" in run.stdout


def test_command_on_a_missing_page_says_so(tmp_path):
    run = check(tmp_path / "none.txt")
    assert run.returncode == 1
    assert run.stderr == f"{tmp_path}/none.txt cannot be read: No such file or directory\n"


# Below, small pages of our own, so that the rules are tested without the clinic's page.


def small(*quoted, left_out=()):
    """Content with one fact for each quotation below the heading “Care”."""
    facts = {f"fact{n}": Fact(say="Yes.", page={"Care": [q]}) for n, q in enumerate(quoted)}
    return SimpleNamespace(
        milia=SimpleNamespace(facts=facts),
        treatments=SimpleNamespace(treatments={}),
        page=PageLines(left_out=[LeftOut(words=words, why="a test") for words in left_out]),
    )


@pytest.mark.parametrize(
    ("quoted", "line"),
    [
        ("1-2 weeks", "- 1-2 weeks"),
        ("1-2 weeks", "1–2  weeks"),
        ("the skin's surface", "the skin’s surface"),
        ("Peels … monthly", "| Peels | monthly |"),
        ("Wear SPF 30+", "Wear SPF 30+."),
    ],
)
def test_quotation_that_stands_on_the_page_is_borne_out(quoted, line):
    assert check_page(f"Care\n{line}\n", small(quoted)) == []


@pytest.mark.parametrize(
    ("quoted", "lines"),
    [
        ("1-2 weeks", "11-2 weeks"),
        ("harm", "harmless"),
        ("harmless", "Harmless"),
        ("Peels … monthly", "monthly Peels"),
        ("Peels … monthly", "Peels\nmonthly"),
        ("minimal pain", "minimal, pain"),
    ],
)
def test_quotation_that_does_not_stand_there_is_not_borne_out(quoted, lines):
    assert not_borne_out(check_page(f"Care\n{lines}\n", small(quoted))) == {"milia.yml fact0"}


def test_words_below_another_heading_do_not_bear_a_fact_out():
    content = small("Wear SPF")
    content.milia.facts["other"] = Fact(say="Yes.", page={"Price": ["On request"]})
    page = "Care\nOn request\nPrice\nWear SPF\n"
    assert not_borne_out(check_page(page, content)) == {"milia.yml fact0", "milia.yml other"}


def test_part_of_the_page_is_not_covered_by_a_fact_of_another_heading():
    content = small("Wear SPF")
    content.milia.facts["other"] = Fact(say="Yes.", page={"Price": ["On request"]})
    findings = check_page("Care\nWear SPF\nPrice\nOn request\nWear SPF\n", content)
    assert [(finding.where, finding.what) for finding in findings] == [("Price", "“Wear SPF”")]


def test_page_without_the_heading_is_said():
    [finding] = check_page("", small("Wear SPF"))
    assert finding.what == "the page has no heading “Care”"


@pytest.mark.parametrize("line", ["Wear SPF", "You are to Wear SPF.", "- Wear SPF and you"])
def test_few_joining_words_need_no_fact(line):
    assert check_page(f"Care\n{line}\n", small("Wear SPF")) == []


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("Wear SPF daily", "daily"),
        ("Wear SPF 50", "50"),
        ("Do not Wear SPF", "Do not"),
        ("You can't Wear SPF", "You can't"),
        ("Wear SPF if the skin is milia", "if the skin is milia"),
        ("swearing: Wear SPF", "swearing:"),
    ],
)
def test_other_words_beside_a_quotation_are_not_covered(line, rest):
    assert not_covered(check_page(f"Care\n{line}\n", small("Wear SPF"))) == [f"“{rest}”"]


def test_part_of_a_word_is_not_covered_by_a_short_quotation():
    assert not_covered(check_page("Care\nsunny sun\n", small("sun"))) == ["“sunny”"]


def test_words_left_out_on_purpose_are_covered():
    content = small("Wear SPF", left_out=["in a fast and safe way"])
    assert check_page("Care\nWear SPF in a fast and safe way.\n", content) == []


def test_lines_above_the_first_heading_are_looked_at():
    assert not_covered(check_page("Special price\nCare\nWear SPF\n", small("Wear SPF"))) == [
        "“Special price”"
    ]


def test_heading_that_comes_twice_keeps_the_lines_of_both():
    assert split_page("Care\none\nPrice\ntwo\nCare\nthree", {"Care", "Price"}) == {
        "": [],
        "Care": ["one", "three"],
        "Price": ["two"],
    }
