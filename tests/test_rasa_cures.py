"""What the cures of clinic/conversations take for granted."""

import gc
import inspect
import re

import pytest
import yaml
from rasa.core import processor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from clinic.conversations.cures_of_time import _copy_without_replaying, _leave_alone_what_stays
from clinic.settings import PROJECT

RULES = yaml.safe_load((PROJECT / "data" / "rules.yml").read_text(encoding="utf-8"))["rules"]
DOMAIN = yaml.safe_load((PROJECT / "domain.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["rule"])
def test_a_rule_looks_at_the_last_message_alone(rule):
    message, action = rule["steps"]
    topics = [one["intent"] for one in message.get("or", [message])]
    assert set(topics) <= set(_intents(DOMAIN))
    assert list(action) == ["action"]
    assert set(rule) == {"rule", "steps"}, "a condition would make a remembered rule wrong"


def test_no_slot_influences_a_rule():
    # A slot of the type "any" never does.
    influencing = [
        name
        for name, slot in DOMAIN["slots"].items()
        if slot["type"] != "any" and slot["influence_conversation"]
    ]
    assert influencing == []


def _intents(domain):
    for one in domain["intents"]:
        yield from one


def test_a_copy_of_a_conversation_is_what_living_through_it_again_gives():
    domain = Domain.load(str(PROJECT / "domain.yml"))
    tracker = DialogueStateTracker("ann", domain.slots)
    for event in (
        UserUttered("does it hurt", {"name": "pain"}),
        SlotSet("topic", "pain"),
        BotUttered("no"),
        ActionExecuted("action_listen"),
    ):
        tracker.update(event)
    twin = _copy_without_replaying(None)(tracker)
    lived = tracker.travel_back_in_time(float("inf"))
    assert twin == lived == tracker
    assert twin.current_state() == lived.current_state()
    twin.update(SlotSet("topic", "price"))
    assert tracker.get_slot("topic") == "pain"
    assert len(tracker.events) == len(twin.events) - 1


def test_what_rasa_copies_in_a_turn_is_only_logged():
    copied = [
        line
        for line in inspect.getsource(processor).splitlines()
        if re.search(r"(?<!\.)\bcopy\.", line)
    ]
    assert copied
    assert all(re.search(r"^\s*\"?[\w.\"]*,? ?\w+=copy\.deepcopy\(", line) for line in copied)


def test_what_stays_after_a_model_is_loaded_is_left_out_of_tidying_up():
    loaded = []
    try:
        _leave_alone_what_stays(lambda agent, model: loaded.append(model))(None, "clinic.tar.gz")
        assert loaded == ["clinic.tar.gz"]
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.unfreeze()
