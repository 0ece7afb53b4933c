"""The report: tables and plots that a person can read."""

import os
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass

import matplotlib

matplotlib.use("svg")
from matplotlib import pyplot

from clinic.nlu.reading import SURE
from evaluation.baseline import Baseline
from evaluation.figures import HEAD, Tally, wilson
from evaluation.judge import Judge, Verdict
from evaluation.model_alone import MUST_NOT_FIRE, ORDINARY, Alarm, Alone, Ranked
from evaluation.sets import CHOOSING, HERE, REPORTING, Dialogue, Held, Step

SEVERAL = "several questions"
NETS = ("words alone", "words and alarm model", "gets a card over REST")
URGENT_EXPLAINED = """Words alone: the rules of `clinic/nlu/urgent_words.yml`, which look first. The
alarm model is the second net. Nobody read these messages while writing the rules. The counts by
sign were looked at about seven times meanwhile: they flatter a little.
A dash: not asked over REST for this table."""


@dataclass(frozen=True)
class Judged:
    """A held-out message with the reply it got."""

    message: Held
    text: str
    verdict: Verdict


@dataclass(frozen=True)
class Talked:
    """A turn of a held-out dialogue with the reply it got."""

    dialogue: Dialogue
    step: Step
    text: str
    fits: bool


def write(
    questions: list[Judged],
    outside: list[Judged],
    urgent: list[Judged],
    talks: list[Talked],
    model: Alone,
    stock: Baseline | None,
    judge: Judge,
) -> None:
    """Write report.md and its plots."""
    blocks = [
        _intro(),
        *_questions(questions, judge),
        *_outside(outside, judge),
        *_urgent(urgent, model.alarms, judge),
        *_dialogues(talks),
        *_model(model),
        *_baseline(model, stock),
    ]
    (HERE / "report.md").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _intro() -> str:
    return f"""# How well the bot understands

Written by `make evaluate` on {os.cpu_count()} cores. Each message is sent to the running bot over
REST, and the text that comes back is judged. *Right*: every topic that was asked is answered, in
order, and nothing else. Shares come with 95 % Wilson intervals. The choosing part (a quarter, and
every other dialogue) served to choose methods and thresholds; the reporting part did not."""


def _questions(judged: list[Judged], judge: Judge) -> list[str]:
    by_use = {use: [j for j in judged if j.message.use == use] for use in (REPORTING, CHOOSING)}
    rows = [Tally.of(j.verdict for j in part).row(use) for use, part in by_use.items()]
    report, topics = by_use[REPORTING], judge.content.topics
    _plot_registers(report)
    return [
        "## Questions",
        "\n".join([HEAD.format("part"), *rows]),
        _offers(report),
        "### By kind of topic (reporting part)",
        _by(report, lambda m: SEVERAL if len(m.wants) > 1 else topics[m.wants[0]].kind),
        "### By register (reporting part)",
        "![by register](plots/registers.svg)",
        _by(report, lambda m: m.sort),
        "### By topic (reporting part)",
        _by(report, lambda m: SEVERAL if len(m.wants) > 1 else m.wants[0]),
    ]


def _offers(judged: list[Judged]) -> str:
    counts = Counter(j.verdict for j in judged)
    good, bad = counts["asks back, right topic offered"], counts["asks back"]
    low, high = wilson(good, good + bad)
    share = good / (good + bad) if good + bad else 0
    return (
        f"Where the bot asks “did you mean”, the right topic is among those offered in {share:.1%} "
        f"({low:.1%}–{high:.1%}) of {good + bad} messages."
    )


def _by(judged: list[Judged], key: Callable[[Held], str]) -> str:
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for one in judged:
        groups[key(one.message)].append(one.verdict)
    rows = [Tally.of(verdicts).row(name) for name, verdicts in groups.items()]
    return "\n".join([HEAD.format("group"), *rows])


def _outside(judged: list[Judged], judge: Judge) -> list[str]:
    answers = {name for name, topic in judge.content.topics.items() if topic.kind == "answer"}
    groups: dict[str, list[bool]] = defaultdict(list)
    for one in judged:
        if one.message.use == REPORTING:
            near = one.message.wants != ("out_of_scope",)
            answered = bool(answers & set(judge.topics_in(one.text)))
            groups["**near the domain**" if near else "**unrelated**"].append(answered)
            groups[one.message.sort].append(answered)
    rows = ["| group | messages | gets a milia answer |", "|---|---|---|"]
    for name, hits in groups.items():
        low, high = wilson(sum(hits), len(hits))
        share = f"{sum(hits)}: {sum(hits) / len(hits):.1%} ({low:.1%}–{high:.1%})"
        rows.append(f"| {name} | {len(hits)} | {share} |")
    return ["## Out of scope (reporting part)", "\n".join(rows)]


def _urgent(judged: list[Judged], alarms: list[Alarm], judge: Judge) -> list[str]:
    """By sign: the words alone, the words with the classifier, and what came back over REST."""
    cards = {name for name, topic in judge.content.topics.items() if topic.kind == "urgent"}
    carded = {j.message: bool(cards & set(judge.topics_in(j.text))) for j in judged}
    calm = (MUST_NOT_FIRE, ORDINARY)
    groups: dict[str, list[Alarm]] = defaultdict(list)
    for alarm in alarms:
        groups[alarm.group].append(alarm)
    signs = {name: part for name, part in groups.items() if name not in calm}
    rows = [f"| sign | messages | {' | '.join(NETS)} |", "|---|---|---|---|---|"]
    rows += [_net(name, part, carded) for name, part in signs.items()]
    rows.append(_net("**all signs**", [a for part in signs.values() for a in part], carded))
    rows += [_net(f"**must stay calm**: {name}", groups[name], carded) for name in calm]
    return ["## Urgent signs (reporting part)", URGENT_EXPLAINED, "\n".join(rows)]


def _net(name: str, part: list[Alarm], carded: dict[Held, bool]) -> str:
    """A line of the table of urgent signs."""
    shown = [carded[a.message] for a in part if a.message in carded]
    cells = [_hits([a.words for a in part]), _hits([a.both for a in part]), _hits(shown)]
    return f"| {name} | {len(part)} | {' | '.join(cells)} |"


def _hits(shown: list[bool]) -> str:
    """A count and its share with the interval; a dash where nothing was asked."""
    if not shown:
        return "–"
    low, high = wilson(sum(shown), len(shown))
    return f"{sum(shown)}: {sum(shown) / len(shown):.1%} ({low:.1%}–{high:.1%})"


def _dialogues(talks: list[Talked]) -> list[str]:
    rows = ["| part | turns | fit | conversations that fit throughout |", "|---|---|---|---|"]
    for use in (REPORTING, CHOOSING):
        part = [talk for talk in talks if talk.dialogue.use == use]
        fine = sum(talk.fits for talk in part)
        low, high = wilson(fine, len(part))
        names = {talk.dialogue.name for talk in part}
        whole = len(names - {talk.dialogue.name for talk in part if not talk.fits})
        share = f"{fine / len(part):.1%} ({low:.1%}–{high:.1%})"
        rows.append(f"| {use} | {len(part)} | {share} | {whole} of {len(names)} |")
    return ["## Dialogues", "\n".join(rows)]


def _model(model: Alone) -> list[str]:
    ranked = model.ranked
    first = sum(r.first == r.wanted for r in ranked) / len(ranked)
    three = sum(r.in_three for r in ranked) / len(ranked)
    wrong = Counter((r.wanted, r.first) for r in ranked if r.first != r.wanted)
    confusions = ["| wanted | taken for | times |", "|---|---|---|"]
    confusions += [f"| {a} | {b} | {n} |" for (a, b), n in wrong.most_common(20)]
    _plot_thresholds(ranked)
    ablation = ["| model | right topic first |", "|---|---|"]
    ablation += [f"| {name} | {share:.1%} |" for name, share in model.ablation.items()]
    return [
        "## The model alone (reporting part, one question each)",
        f"Right first: {first:.1%}; among the first three: {three:.1%} ({len(ranked)} messages).",
        "![right, unsure and wrong against the threshold](plots/thresholds.svg)",
        "### Most frequent confusions",
        "\n".join(confusions),
        "### What each part is worth (every second message)",
        "\n".join(ablation),
    ]


def _baseline(model: Alone, stock: Baseline | None) -> list[str]:
    if not stock:
        return []
    n = len(model.ranked)
    first = sum(r.first == r.wanted for r in model.ranked) / n
    right = sum(r.first == r.wanted and r.p >= SURE for r in model.ranked) / n
    wrong = sum(r.first != r.wanted and r.p >= SURE for r in model.ranked) / n
    rows = ["| pipeline | right first | right | wrong |", "|---|---|---|---|"]
    rows.append(
        f"| ours, one piece and without context | {first:.1%} | {right:.1%} | {wrong:.1%} |"
    )
    rows.append(f"| Rasa's default | {stock.first:.1%} | {stock.right:.1%} | {stock.wrong:.1%} |")
    return [
        "## Beside Rasa's default pipeline",
        f"Both trained on the same sentences in this run and asked the same {n} messages; the rest "
        f"of each row is messages that it is unsure of. Rasa's default was trained for "
        f"{stock.epochs} epochs in {stock.trained_in / 60:.0f} minutes.",
        "\n".join(rows),
    ]


def _plot_thresholds(ranked: list[Ranked]) -> None:
    steps = [n / 50 for n in range(50)]
    sure = [[r for r in ranked if r.p >= step] for step in steps]
    right = [sum(r.first == r.wanted for r in part) / len(ranked) for part in sure]
    wrong = [len(part) / len(ranked) - hits for part, hits in zip(sure, right, strict=True)]
    unsure = [1 - len(part) / len(ranked) for part in sure]
    figure, axes = pyplot.subplots(figsize=(7, 4))
    axes.stackplot(steps, right, unsure, wrong, labels=["right", "asks back", "wrong"])
    axes.axvline(SURE, color="black", linestyle=":", label=f"threshold in use ({SURE})")
    axes.set(
        xlabel="probability from which a topic is believed", ylabel="share of messages", ylim=(0, 1)
    )
    axes.legend(loc="lower left")
    _save(figure, "thresholds.svg")


def _plot_registers(judged: list[Judged]) -> None:
    groups: dict[str, list[bool]] = defaultdict(list)
    for one in judged:
        groups[one.message.sort].append(one.verdict == "right")
    names = sorted(groups, key=lambda name: sum(groups[name]) / len(groups[name]))
    shares = [sum(groups[name]) / len(groups[name]) for name in names]
    figure, axes = pyplot.subplots(figsize=(7, 3.5))
    axes.barh(names, shares)
    axes.set(xlabel="share of messages answered right", xlim=(0, 1))
    _save(figure, "registers.svg")


def _save(figure: pyplot.Figure, name: str) -> None:
    (HERE / "plots").mkdir(exist_ok=True)
    # Without a date, so that the same figures give the same file.
    figure.savefig(HERE / "plots" / name, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)
