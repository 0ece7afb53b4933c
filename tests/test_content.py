"""clinic.content and clinic.content_files: what is wrong in content/ is said with file and line."""

import os
import re
import subprocess
import sys

import pytest
import yaml

from clinic.answers import Asked, reply
from clinic.content import OWN_CARDS, TREATMENTS
from clinic.content_files import FILES
from clinic.serve import answers, free_port
from clinic.settings import PROJECT
from clinic.words import LONGEST_ANSWER, count_words, sentences

BREAKAGES = yaml.safe_load((PROJECT / "tests" / "breakages.yml").read_text(encoding="utf-8"))


def command(folder, *words, **variables):
    """Run a command of the product, as staff do, on some content."""
    return subprocess.run(
        [sys.executable, "-m", "clinic", *words],
        cwd=PROJECT,
        env={**os.environ, "CLINIC_CONTENT": str(folder), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_real_content_is_whole(content):
    assert set(content.treatments.treatments) == set(TREATMENTS)
    assert content.topics["definition"].kind == "answer"


@pytest.mark.parametrize("breakage", BREAKAGES.values(), ids=BREAKAGES)
def test_breakage_is_said_with_file_and_line(breakage, broken):
    file = breakage["file"]
    broken.change(file, breakage["find"], breakage["put"])
    wanted = f"{file}:{broken.line(file, breakage['line'])}: "
    problems = broken.problems()
    assert any(p.startswith(wanted) and breakage["says"] in p for p in problems), problems


def test_the_second_of_two_equal_keys_is_named(broken):
    broken.change("milia.yml", r"^notes:\n", 'notes:\n  twice: "One."\n  twice: "Two."\n')
    second = broken.line("milia.yml", "  twice:") + 1
    assert broken.problems()[0].startswith(f"milia.yml:{second}: is not YAML: found duplicate key")


def test_aspect_that_is_both_on_the_page_and_not_is_named_by_its_line(broken):
    broken.change("treatments.yml", r"^(    pain:\n)(      not_on)", r'\1      say: "Yes."\n\2')
    line = broken.line("treatments.yml", '      say: "Yes."') - 1
    assert broken.problems() == [
        f"treatments.yml:{line}: treatments.cryotherapy.pain: "
        "needs either say, short and page, or not_on_page alone"
    ]


def test_words_for_a_topic_that_is_gone_are_named_where_they_stand(broken):
    broken.change("topics.yml", r"^types:\n.*\n.*\n", "")
    line = broken.line("milia.yml", "  types:")
    assert broken.problems()[0].startswith(f"milia.yml:{line}: types is not a topic of this kind")


@pytest.mark.parametrize("file", FILES.values())
def test_missing_file_is_named(file, broken):
    (broken.folder / file).unlink()
    assert broken.problems() == [f"{file}:0: is missing from {broken.folder}"]


@pytest.mark.parametrize("file", FILES.values())
@pytest.mark.parametrize("text", ["", "- a list\n", "only words\n"])
def test_file_of_another_shape_is_named(file, text, broken):
    (broken.folder / file).write_text(text)
    [problem] = broken.problems()
    assert problem.startswith(f"{file}:1: the file: ")


def test_file_that_is_no_utf8_is_named(broken):
    (broken.folder / "clinic.yml").write_bytes(b'name: "\xff"\n')
    assert broken.problems()[0].startswith("clinic.yml:0: is not YAML")


def test_missing_treatment_is_named(broken):
    broken.change("treatments.yml", r"^  microneedling:\n(.*\n)+?\n", "")
    line = broken.line("treatments.yml", "treatments:")
    assert f"treatments.yml:{line}: microneedling is missing: add it" in broken.problems()


def test_breakages_of_several_files_are_said_all_at_once(broken):
    broken.change("milia.yml", r"^(  harmless:\n    say: ).*", r'\1"The best."')
    broken.change("milia.yml", r"^(  bumps:\n)", r"\1    sey: x\n")
    broken.change("topics.yml", r"^  kind: answer", "  kind: anser")
    (broken.folder / "urgent.yml").unlink()
    assert [p.split(":")[0] for p in broken.problems()] == [
        "milia.yml",
        "milia.yml",
        "topics.yml",
        "urgent.yml",
    ]


def test_breakages_between_files_are_said_all_at_once(broken):
    broken.change("not_ours.yml", r"^  price: .*\n", "")
    broken.change("conversation.yml", r"^outside_topics: \[\w+", "outside_topics: [nowhere")
    broken.change("milia.yml", r"^notes:\n", 'notes:\n  unsaid: "Nobody says this."\n')
    said = "\n".join(broken.problems())
    assert re.search(r"(?s)conversation.*nowhere.*milia.*unsaid.*not_ours.*price", said)


def test_changed_fact_is_said_without_training(broken):
    broken.change("milia.yml", r"^(  bumps:\n    say: ).*", r'\1"Milia are small white dots."')
    assert reply([Asked("definition")], broken.load()).text.startswith(
        "Milia are small white dots."
    )


def test_check_prints_every_problem_and_fails(broken):
    broken.change("clinic.yml", r"^telephone: .*", "telephone: 5")
    broken.change("milia.yml", r"^(  harmless:\n    say: ).*", r'\1"It is safe."')
    run = command(broken.folder, "check")
    assert run.returncode == 1
    assert run.stderr.splitlines() == [
        "content/ has 2 problems; nothing was started:",
        *broken.problems(),
    ]


def test_check_of_whole_content_succeeds(broken):
    run = command(broken.folder, "check")
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.startswith("content/ is whole: ")


def test_serve_starts_nothing_on_broken_content(broken):
    broken.change("clinic.yml", r"^telephone: .*\n", "")
    rasa, actions = free_port(), free_port()
    run = command(
        broken.folder, "serve", CLINIC_RASA_PORT=str(rasa), CLINIC_ACTIONS_PORT=str(actions)
    )
    assert (run.returncode, run.stdout) == (1, "")
    assert "telephone: is missing: add it" in run.stderr
    assert not answers(f"http://127.0.0.1:{rasa}/")
    assert not answers(f"http://127.0.0.1:{actions}/health")


def test_train_starts_nothing_on_broken_content(broken):
    broken.change("clinic.yml", r"^telephone: .*\n", "")
    run = command(broken.folder, "train")
    assert (run.returncode, run.stdout) == (1, "")
    assert "telephone: is missing: add it" in run.stderr


# The urgent cards.

# 999, A&E and eye casualty are one service: emergency care.
SERVICES = {
    "emergency": r"\b999\b|A&E|eye casualty",
    "111": r"\b111\b",
    "GP": r"\bGP\b",
    "clinic": r"{telephone}",
    "Samaritans": r"Samaritans",
}
# Emergency care, 111 and Samaritans: in a crisis the one who listens counts too.
SERVICES_OF = {"crisis": 3}
ACTION = re.compile(r"(Call 999|Go to A&E|Ring 111|Ring your GP|Ask your GP)\b")
TREATS = re.compile(
    r"cream|\bointment|antiseptic|paracetamol|antibiotic|plaster|compress|freez|extract|laser|retinol"
    r"|squeeze|appointment with us|consultation|book",
    re.IGNORECASE,
)


@pytest.fixture(params=[*OWN_CARDS, "urgent_sign", "crisis", "harm_by_others"])
def card(request, content):
    return request.param, content.urgent.cards[request.param]


def test_card_opens_with_one_action_and_says_how_soon(card):
    _, one = card
    assert ACTION.match(one.heading)
    assert re.search(r"\b(now|today|soon)\b", one.heading)
    assert not one.heading.endswith(".")


def test_card_names_two_services_at_most(card):
    name, one = card
    named = [s for s, words in SERVICES.items() if re.search(words, f"{one.heading} {one.text}")]
    assert 1 <= len(named) <= SERVICES_OF.get(name, 2), named


def test_card_asks_nothing_treats_nothing_and_books_nothing(card):
    _, one = card
    assert "?" not in one.heading + one.text
    assert not TREATS.search(f"{one.heading} {one.text}")


def test_card_is_short(card):
    _, one = card
    assert count_words(f"{one.heading} {one.text}") <= LONGEST_ANSWER + 10


@pytest.mark.parametrize("sign", OWN_CARDS)
def test_missing_card_of_a_sign_stops_the_start(sign, broken):
    broken.change("urgent.yml", rf"^  {sign}:\n.*\n.*\n", "")
    [problem] = broken.problems()
    assert f"{sign} is missing: each urgent sign needs its card" in problem


def test_abuse_gets_one_calm_sentence(content):
    assert len(sentences(content.conversation.service["abuse"])) == 1
