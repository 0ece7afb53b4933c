"""What Meta would never send, around a message that can be read."""

from hypothesis import strategies as st

from whatsapp_demo.payloads import Number

NAMES = ["id", "type", "text", "body", "from", "timestamp", "system", "interactive"]
NAMES += ["from_user_id", "wa_id", "metadata", "errors", "code", "status", "edit", "message"]
NAMES += ["biz_opaque_callback_data", "button_reply", "title"]
WORDS = st.sampled_from(["text", "system", "interactive", "button_reply", "failed", "sent", "STOP"])
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
    ),
    max_leaves=12,
)
# Parts of a delivery whose every value may be anything.
ANY = (
    st.text(max_size=8)
    | st.integers(min_value=-(2**70), max_value=2**70)
    | st.sampled_from(["\0", "a\0b", "\ud800", 2**31, 2**63, "STOP", "9" * 30])
)
TAPPED = st.fixed_dictionaries(
    {
        "type": st.just("button_reply"),
        "button_reply": st.fixed_dictionaries({"id": ANY, "title": ANY}),
    }
)
MESSAGES = st.fixed_dictionaries(
    {
        "id": ANY,
        "from": ANY,
        "type": WORDS,
        "timestamp": ANY,
        "text": st.fixed_dictionaries({"body": ANY}),
        "interactive": TAPPED,
        "system": st.fixed_dictionaries({"wa_id": ANY, "user_id": ANY}),
    },
    optional={"from_user_id": ANY},
)
STATUSES = st.fixed_dictionaries(
    {"id": ANY, "status": st.sampled_from(["failed", "sent", "x"]), "timestamp": ANY},
    optional={
        "errors": st.lists(st.fixed_dictionaries({"code": ANY}), min_size=1, max_size=2),
        "biz_opaque_callback_data": ANY,
    },
)


def payload_with(good, before, after, contacts, statuses):
    """A delivery that holds a good message in the middle of all that."""
    value = {
        "metadata": Number().metadata,
        "contacts": contacts,
        "messages": [*before, good, *after],
        "statuses": statuses,
    }
    return {"entry": [*before, {"changes": [*after, {"field": "messages", "value": value}]}]}
