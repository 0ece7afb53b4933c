"""Compare content/ with the clinic's page: is each fact still borne out, and is each part of the
page said?

A fact names words of the page. They must stand there, in order, on one line, as whole words. A part
of the page is covered when facts quote it whole, but for a few joining words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clinic.content import Content

GAP = "…"
# So many words in a row may stand between quotations, and only such as state nothing by themselves:
# "Some people are …".
JOINING_WORDS = 3
JOINING = re.compile(
    r"a|an|and|are|as|but|by|for|from|if|in|is|it|its|of|on|or|our|some|since|that|the|their|they|this|to"
    r"|under|we|when|which|who|with|you|your"
    r"|milia|skin|people|products|removal|formation|damage|tiny|occlusive|best|safe|safely|properly|today"
    r"|appear|becomes|book|causing|develop|experience|forming|keep|making|occur|trying|use",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Quotation:
    """Words of the page that a fact leans on: where the fact stands, below which heading, which
    words.
    """

    fact: str
    heading: str
    words: str

    def places_in(self, line: str) -> Sequence[tuple[int, int]]:
        """Where its pieces stand in a line (as _same writes it), in order, as whole words; nowhere:
        empty.
        """
        pieces = (rf"(?<!\w)({re.escape(piece.strip())})(?!\w)" for piece in self.words.split(GAP))
        match = re.search(".*?".join(pieces), line)
        return match.regs[1:] if match else ()


@dataclass(frozen=True)
class Finding:
    """What is wrong: a fact that the page does not bear out, or a part of the page that no fact
    covers.
    """

    kind: str
    where: str
    what: str


def quotations(content: Content) -> list[Quotation]:
    """Every quotation of every fact."""
    facts = [(f"milia.yml {key}", fact.page) for key, fact in content.milia.facts.items()]
    for name, treatment in content.treatments.treatments.items():
        facts += [
            (f"treatments.yml {name}.how_it_works", fact.page) for fact in treatment.how_it_works
        ]
        for aspect in ("best_for", "results_time", "maintenance", "pain", "downtime"):
            facts.append((f"treatments.yml {name}.{aspect}", treatment.aspect(aspect).page or {}))
    return [
        Quotation(fact, head, _same(w))
        for fact, page in facts
        for head, words in page.items()
        for w in words
    ]


def check_page(page: str, content: Content) -> list[Finding]:
    """All findings for a version of the page, facts first."""
    quoted = quotations(content)
    sections = split_page(page, {quotation.heading for quotation in quoted})
    return [*_not_borne_out(quoted, sections), *_not_covered(quoted, sections, content)]


def split_page(page: str, headings: set[str]) -> dict[str, list[str]]:
    """The lines below each known heading; lines above the first come under ""."""
    sections: dict[str, list[str]] = {"": []}
    known = {_same(heading): heading for heading in headings}
    here = ""
    for line in filter(None, map(str.strip, page.splitlines())):
        if _same(line) in known:
            here = known[_same(line)]
            sections.setdefault(here, [])
        else:
            sections[here].append(line)
    return sections


def _not_borne_out(
    quoted: Sequence[Quotation], sections: dict[str, list[str]]
) -> Iterator[Finding]:
    for quotation in quoted:
        if quotation.heading not in sections:
            yield Finding(
                "not borne out", quotation.fact, f"the page has no heading “{quotation.heading}”"
            )
        elif not any(quotation.places_in(_same(line)) for line in sections[quotation.heading]):
            yield Finding(
                "not borne out",
                quotation.fact,
                f"“{quotation.words}” is not below “{quotation.heading}”",
            )


def _not_covered(
    quoted: Sequence[Quotation], sections: dict[str, list[str]], content: Content
) -> Iterator[Finding]:
    left_out = [Quotation("page.yml", "", _same(line.words)) for line in content.page.left_out]
    for heading, lines in sections.items():
        mine = [*left_out, *(quotation for quotation in quoted if quotation.heading == heading)]
        for line in lines:
            for rest in _unquoted(_same(line), mine):
                if _says_something(rest):
                    yield Finding("not covered", heading, f"“{rest.strip()}”")


def _unquoted(line: str, quoting: Sequence[Quotation]) -> list[str]:
    """The runs of words of a line that no quotation holds."""
    quoted = bytearray(len(line))
    for quotation in quoting:
        for start, end in quotation.places_in(line):
            quoted[start:end] = b"q" * (end - start)
    return "".join(
        "\n" if mark else letter for letter, mark in zip(line, quoted, strict=True)
    ).split("\n")


def _says_something(words: str) -> bool:
    """More than a few joining words, or any other word."""
    found = re.findall(r"[\w']+", words)
    return len(found) > JOINING_WORDS or not all(map(JOINING.fullmatch, found))


def _same(text: str) -> str:
    """For comparing: plain quotes and dashes, single spaces."""
    text = text.replace("’", "'").replace("–", "-").replace("—", "-")
    return " ".join(text.split())
