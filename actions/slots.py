"""Between Rasa's tracker and the thread of the conversation."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from clinic.booking.draft import Draft
from clinic.clock import utc_now
from clinic.desk import Desk
from clinic.memory import Memory, Question
from clinic.message import Message


def heard(tracker: Tracker) -> list[Question]:
    """The questions of the last message, as clinic.nlu.questions found them."""
    found = tracker.latest_message.get("questions") or []
    return [Question(**{key: _frozen(value) for key, value in one.items()}) for one in found]


async def message_of(tracker: Tracker, desk: Desk) -> Message:
    """The last message itself, beside the questions in it."""
    # Only a number is looked up; other patients do not wait with it.
    known = desk.has_number(tracker.sender_id)
    number = await asyncio.to_thread(desk.number_in_use, tracker.sender_id) if known else ""
    return Message(
        text=tracker.latest_message.get("text") or "",
        conversation=tracker.sender_id,
        channel=tracker.get_latest_input_channel() or "",
        now=utc_now(),
        key=uuid.uuid4().hex,
        number=number,
    )


def remembered(tracker: Tracker) -> Memory:
    """The memory that the slots hold."""
    slots = {name: tracker.get_slot(name) for name in Memory.__dataclass_fields__}
    return Memory(**{name: _frozen(value) for name, value in slots.items() if value is not None})


def kept(memory: Memory) -> list[dict[str, Any]]:
    """The slots that hold a memory."""
    return [
        SlotSet(name, list(v) if isinstance(v, tuple) else v) for name, v in asdict(memory).items()
    ]


def _frozen(value: Any) -> Any:
    if isinstance(value, Mapping):
        return Draft(**{key: _frozen(one) for key, one in value.items()})
    return (
        tuple(value)
        if isinstance(value, list)
        else int(value)
        if isinstance(value, float)
        else value
    )
