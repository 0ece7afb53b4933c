"""What the cures of clinic/conversations take for granted."""

import pytest
import yaml

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
