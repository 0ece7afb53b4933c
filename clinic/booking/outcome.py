"""What the patient hears after a deed: the reference only when it is stored. Pure."""

from dataclasses import replace

from clinic.answers import Reply
from clinic.booking import after_sent, says
from clinic.booking.draft import Draft
from clinic.booking.store import Amended, Receipt
from clinic.content import Content

# So often a reference and a contact may be tried before the team takes over.
LOOKED_FOR = 3


def sent(draft: Draft, receipt: Receipt, content: Content) -> tuple[Reply, Draft | None]:
    """The request is stored: its reference."""
    reply = says.confirmed(draft, receipt.reference, receipt.known_before, content)
    return reply, after_sent.kept(draft, receipt.reference)


def not_saved(draft: Draft, content: Content) -> tuple[Reply, Draft | None]:
    """The database took nothing: the form stays at the check page, with its key."""
    return says.not_saved(content), draft


def amended(draft: Draft, result: Amended, content: Content) -> tuple[Reply, Draft | None]:
    """What became of a change to an earlier request."""
    if result == "not_found":
        return _not_found(draft, content)
    text = says.line(result, content, reference=draft.earlier)
    if result == "amended":
        show = {"kind": "reference", "reference": draft.earlier}
        return Reply(text, show=show), after_sent.kept(draft, draft.earlier)
    return Reply(text), None


def _not_found(draft: Draft, content: Content) -> tuple[Reply, Draft | None]:
    looked = len(draft.refused) + 1
    if looked >= LOOKED_FOR:
        return Reply(says.line("not_found_again", content)), None
    again = replace(draft.told(earlier="", contact=""), asking="earlier", key="")
    # Each try is remembered; a reference is not to be found by guessing.
    again = replace(again, refused=("looked",) * looked, way="")
    asked = says.ask(again, content, ())
    text = f"{says.line('not_found', content)}\n\n{asked.text}"
    return replace(asked, text=text), again
