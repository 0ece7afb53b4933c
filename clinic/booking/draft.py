"""The draft of a request: what the form has been told so far. Kept in one slot."""

from dataclasses import dataclass, fields, replace
from typing import Any

# The topics that open the form, and the kind of request that each means.
OPENS = {"booking": "", "booking_change": "change", "person": "person", "complaint": "complaint"}
# What each kind of request asks for, in this order. `contact` comes after the way: only that detail
# is asked. Where no way is asked, either a number or an address will do.
PLAN = {
    "": ("kind",),
    "consultation": ("kind", "adult", "name", "way", "contact", "times"),
    "call_back": ("kind", "adult", "name", "contact", "times"),
    "person": ("contact",),
    "complaint": ("wish", "name", "contact"),
}
# Taken where it is told, and never asked for.
ALSO = {"person": ("name", "times")}
# To change an earlier request, its reference and the contact given with it are enough.
WITH_REFERENCE = ("earlier", "contact", "wish")
WITHOUT_REFERENCE = ("earlier", "wish", "name", "contact")
NO_REFERENCE = "none"


@dataclass(frozen=True)
class Draft:
    """What was told, as it was typed; `asking` is the field that the form waits for, `check` at the
    check page, `sent` when the team has it.
    """

    kind: str = ""
    asking: str = ""
    adult: str = ""
    name: str = ""
    way: str = ""
    contact: str = ""
    times: str = ""
    wish: str = ""
    earlier: str = ""
    # Made when the check page is shown: whatever is sent twice from there is one request.
    key: str = ""
    reference: str = ""
    suggestion: str = ""
    refused: tuple[str, ...] = ()
    leave_out: bool = False
    tries: int = 0
    last: str = ""
    touched: str = ""

    @property
    def plan(self) -> tuple[str, ...]:
        """The fields that this kind of request asks for."""
        if self.kind == "change":
            return WITHOUT_REFERENCE if self.earlier == NO_REFERENCE else WITH_REFERENCE
        return PLAN[self.kind]

    @property
    def takes(self) -> tuple[str, ...]:
        """The fields that it asks for, and those that it takes where they are told."""
        return (*self.plan, *ALSO.get(self.kind, ()))

    @property
    def missing(self) -> str:
        """The first field that is not yet known, or `check`."""
        return next((field for field in self.plan if not getattr(self, field)), "check")

    def told(self, **details: Any) -> "Draft":
        """The draft with these details, and no failed try."""
        return replace(self, tries=0, **details)


FIELDS = tuple(field.name for field in fields(Draft))
