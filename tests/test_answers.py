"""clinic.answers: the exact words of every reply, and what must hold for any of them.

After a change of words, `python -m tests.test_answers` writes tests/expected_replies.yml anew.
"""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.answers import RETINOL_CAUTION, Asked, body, next_step, reply
from clinic.content import ASPECTS, OWN_CARDS, SIGNS, TREATMENTS
from clinic.content_files import load_content
from clinic.settings import PROJECT
from clinic.words import LONGEST_ANSWER, count_words, sentences

EXPECTED = PROJECT / "tests" / "expected_replies.yml"
HEAD = """\
# The exact words of every reply, with its buttons in brackets; where the treatment that was named
# makes a difference, those for each. Written by `python -m tests.test_answers`.
"""


def asked(topic, treatment=None):
    return Asked(topic, (treatment,) if treatment else ())


def every_reply(content):
    """(topic, treatment or None, reply) for each topic and treatment; for each urgent sign too."""
    for sign in OWN_CARDS:
        yield SIGNS[sign], sign, reply([Asked(SIGNS[sign], sign=sign)], content)
    for topic in content.topics:
        for treatment in (None, *TREATMENTS):
            yield topic, treatment, reply([asked(topic, treatment)], content)


def of_kind(content, *kinds):
    return [name for name, topic in content.topics.items() if topic.kind in kinds]


def as_read(said, content):
    """What a patient reads: the words, then the buttons."""
    return f"{said.text}\n{''.join(f'[{content.ask(topic)}]' for topic in said.offered)}".strip()


def words_of_all_replies(content):
    """topic -> what is read, or by treatment where that makes a difference."""
    words = {}
    for topic, treatment, said in every_reply(content):
        words.setdefault(topic, {})[treatment or "none"] = as_read(said, content)
    return {t: by["none"] if len(set(by.values())) == 1 else by for t, by in words.items()}


class Blocks(yaml.SafeDumper):
    """Writes each text over as many lines as it has."""


Blocks.add_representer(
    str,
    lambda dumper, text: dumper.represent_scalar(
        "tag:yaml.org,2002:str", text, style="|" if "\n" in text else None
    ),
)


def test_every_reply_is_said_in_the_expected_words(content):
    expected = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
    said = words_of_all_replies(content)
    changed = [t for t in {**expected, **said} if expected.get(t) != said.get(t)]
    now = yaml.dump({t: said.get(t) for t in changed}, None, Blocks, allow_unicode=True, width=999)
    assert not changed, f"if these are right, run `python -m tests.test_answers`:\n{now}"


def steps_in(text, content):
    """How many lines of a reply offer a next step."""
    words = content.conversation
    return text.count(words.next_step) + text.count(words.next_appointment)


def test_answer_names_its_source_and_one_next_step(content):
    for topic in of_kind(content, "answer"):
        for treatment in (None, *TREATMENTS):
            said = reply([asked(topic, treatment)], content)
            assert said.text.count(f"\n\n{content.milia.source}.\n\n") == 1, topic
            assert steps_in(said.text, content) == 1, topic
            assert said.text.endswith(next_step(said.offered[0], content)), topic


def test_next_step_is_never_what_was_just_asked(content):
    assert [t for t, _, said in every_reply(content) if t in said.offered] == []


def test_answer_has_sixty_words_at_most(content):
    for topic in of_kind(content, "answer"):
        for treatment in (None, *TREATMENTS):
            assert count_words(body(topic, treatment, content)) <= LONGEST_ANSWER, topic


def test_answer_for_a_named_treatment_names_only_that_one(content):
    for topic in ASPECTS:
        for treatment in TREATMENTS:
            said = reply([asked(topic, treatment)], content).text
            assert content.treatment(treatment).aspect(topic).sentence in said
            others = [
                content.treatment(t).aspect(topic).sentence for t in TREATMENTS if t != treatment
            ]
            assert not any(other in said for other in others), (topic, treatment)


def test_every_answer_that_names_retinol_gives_the_caution(content):
    caution = content.sentence(RETINOL_CAUTION)
    naming = [
        (topic, said.text)
        for topic, _, said in every_reply(content)
        if "retinol" in said.text.replace(caution, "").lower()
    ]
    assert {"prevention", "ingredients"} <= {topic for topic, _ in naming}
    assert [topic for topic, text in naming if caution not in text] == []


def facts(content):
    """Every sentence of ours that states something clinical."""
    yield from (fact.say for fact in content.milia.facts.values())
    for treatment in content.treatments.treatments.values():
        yield from (fact.say for fact in treatment.how_it_works)
        yield from (treatment.aspect(topic).sentence for topic in ASPECTS)


@pytest.mark.parametrize("kind", ["not_known", "practitioner"])
def test_what_is_not_ours_to_answer_states_no_fact_and_names_the_team(kind, content):
    team = content.fill(content.conversation.team)
    for topic in of_kind(content, kind):
        said = reply([asked(topic)], content)
        assert [fact for fact in facts(content) if fact in said.text] == [], topic
        assert content.milia.source not in said.text, topic
        assert said.text.endswith(f"\n\n{team}"), topic
        assert said.offered == ("booking", "person"), topic


def test_practitioner_reply_says_neither_yes_nor_no(content):
    for topic in of_kind(content, "practitioner"):
        words = reply([asked(topic)], content).text.lower().replace("can't say yes or no", "")
        assert not {"yes", "no"} & set(words.replace(",", " ").replace(".", " ").split()), topic


def test_urgent_card_stands_alone(content):
    for topic in of_kind(content, "urgent"):
        said = reply([asked(topic)], content)
        card = content.urgent.cards[topic]
        assert said.text == content.fill(f"{card.heading}.\n\n{card.text}")
        assert said.offered == ()


def test_each_sign_has_its_own_card_and_nothing_else(content):
    said = {sign: reply([Asked(topic, sign=sign)], content) for sign, topic in SIGNS.items()}
    assert len({one.text for one in said.values()}) == len(SIGNS)
    for sign, one in said.items():
        card = content.urgent.cards[sign if sign in OWN_CARDS else SIGNS[sign]]
        assert one.text == content.fill(f"{card.heading}.\n\n{card.text}")
        assert one.offered == ()


def test_greeting_offers_three_topics_and_what_is_outside_two(content):
    assert len(reply([asked("greeting")], content).offered) == 3
    assert len(reply([asked("out_of_scope")], content).offered) == 2


def questions(content, *kinds):
    """Up to four questions of some kinds, for no, one or two treatments."""
    treatments = st.lists(st.sampled_from(TREATMENTS), max_size=2, unique=True).map(tuple)
    one = st.builds(Asked, st.sampled_from(of_kind(content, *kinds)), treatments)
    return st.lists(one, min_size=1, max_size=4)


NOT_URGENT = ("answer", "not_known", "practitioner", "service", "outside")


@given(data=st.data())
def test_urgent_sign_outranks_whatever_else_is_asked(data, content):
    urgent = asked(data.draw(st.sampled_from(of_kind(content, "urgent"))))
    others = data.draw(questions(content, *NOT_URGENT))
    several = data.draw(st.permutations([urgent, *others]))
    assert reply(several, content) == reply([urgent], content)


@given(data=st.data())
def test_questions_are_answered_in_order_with_one_source_and_one_way_on(data, content):
    several = data.draw(questions(content, *NOT_URGENT))
    said = reply(several, content).text
    blocks = said.split("\n\n")
    places = [blocks.index(reply([one], content).text.split("\n\n")[0]) for one in several]
    kinds = [content.topics[one.topic].kind for one in several]
    # No fact stands beneath what only a practitioner answers.
    groups = [["answer"], sorted({*kinds} - {"answer"})] if "practitioner" in kinds else [kinds]
    for group in groups:
        mine = [at for at, kind in zip(places, kinds, strict=True) if kind in group]
        assert list(dict.fromkeys(mine)) == sorted(set(mine))
    answered = any(content.topics[one.topic].kind == "answer" for one in several)
    assert blocks.count(f"{content.milia.source}.") == answered
    team = blocks.count(content.fill(content.conversation.team))
    steps = steps_in(said, content)
    assert team + steps <= 1
    assert team + steps == 1 or not answered


@given(data=st.data())
def test_next_step_after_several_answers_was_not_just_asked(data, content):
    several = data.draw(questions(content, "answer"))
    assert {one.topic for one in several} & set(reply(several, content).offered) == set()


def all_texts(node):
    if isinstance(node, dict):
        for value in node.values():
            yield from all_texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from all_texts(value)
    elif isinstance(node, str):
        yield node


@pytest.fixture(scope="session")
def written(content):
    """Every sentence that stands in the files of content/, with the clinic's details filled in."""
    files = (PROJECT / "content").glob("*.yml")
    texts = [t for f in files for t in all_texts(yaml.safe_load(f.read_text(encoding="utf-8")))]
    whole = {sentence for text in texts for sentence in sentences(content.fill(text))}
    framed = {
        form.format(text) for text in texts for form in ("{}.", "“{}”", "• {}:") if "{" not in text
    }
    return whole | framed | set(sentences(content.conversation.next_step))


def test_every_sentence_of_every_reply_stands_in_content(content, written):
    said = {s for _, _, one in every_reply(content) for s in sentences(one.text)}
    assert said - written == set()


@settings(max_examples=300)
@given(data=st.data())
def test_no_mixture_of_questions_says_what_is_not_in_content(data, content, written):
    text = reply(data.draw(questions(content, *NOT_URGENT, "urgent")), content).text
    assert text.strip()
    assert "{" not in text
    assert set(sentences(text)) - written == set()


if __name__ == "__main__":
    replies = words_of_all_replies(load_content(PROJECT / "content"))
    text = yaml.dump(replies, None, Blocks, allow_unicode=True, sort_keys=False, width=999)
    EXPECTED.write_text(HEAD + text, encoding="utf-8")
