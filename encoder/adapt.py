"""Adapt all-MiniLM-L6-v2 to how patients write: fine-tune it to tell the topics of data/nlu.yml
apart.

Runs in the environment of encoder/requirements.txt; `make encoder` calls it. Only training
sentences are read, never evaluation/. Each sentence is seen in several slightly damaged forms
(slips of the finger, lost punctuation, another word for milia), so that the vectors do not hang on
spelling. The linear head is thrown away: the product trains its own on the vectors.
"""

import argparse
import random
import re
from pathlib import Path

import torch
from build import HERE, MeanPooled, export, load_bert, write_hashes
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

SEED = 20
BATCH = 32
# Also the vector's length: cosine times this is what the head sees.
SCALE = 16.0
OTHER_NAMES = [
    "these white bumps",
    "milk spots",
    "the little white lumps",
    "them",
    "these things",
    "those bumps",
    "oil seeds",
]


def damage(text: str, chance: random.Random) -> str:
    """A sentence as another patient might have typed it."""
    roll = chance.random()
    if roll < 0.45:
        return text
    if roll < 0.60:
        return re.sub(r"[^\w\s]", "", text)
    if roll < 0.72:
        return re.sub(r"\bmilia\b", chance.choice(OTHER_NAMES), text)
    if roll < 0.80:
        return " ".join(word for word in text.split() if chance.random() > 0.12) or text
    at = [i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i - 1].isalpha()]
    for i in chance.sample(at, min(len(at), 1 + len(at) // 25)):
        swapped = text[:i] + text[i + 1] + text[i] + text[i + 2 :]
        doubled, dropped = text[:i] + text[i] + text[i:], text[:i] + text[i + 1 :]
        text = chance.choice([swapped, doubled[: len(text)], dropped.ljust(len(text))])
    return text.strip()


def batches(sentences: list[tuple[str, int]], chance: random.Random) -> list[list[tuple[str, int]]]:
    """Shuffled batches of sentences of like length."""
    order = sorted(sentences, key=lambda s: len(s[0]) + chance.random() * 40)
    chunks = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    chance.shuffle(chunks)
    return chunks


def train(
    model: MeanPooled,
    sentences: list[tuple[str, int]],
    topics: int,
    epochs: int,
    tokenizer: Tokenizer,
) -> None:
    """Fine-tune in place; prints the mean loss of each epoch."""
    chance = random.Random(SEED)
    torch.manual_seed(SEED)
    head = torch.nn.Linear(384, topics)
    slow = {"params": model.parameters(), "lr": 8e-5}
    optimiser = torch.optim.AdamW(
        [slow, {"params": head.parameters(), "lr": 2e-3}], weight_decay=0.01
    )
    steps = epochs * (len(sentences) // BATCH + 1)
    rate = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, max_lr=[8e-5, 2e-3], total_steps=steps, pct_start=0.1
    )
    for epoch in range(epochs):
        model.train()
        losses = []
        for batch in batches(sentences, chance):
            encoded = tokenizer.encode_batch([damage(text, chance) for text, _ in batch])
            ids = torch.tensor([e.ids for e in encoded])
            mask = torch.tensor([e.attention_mask for e in encoded])
            logits = SCALE * head(model(ids, mask))
            loss = cross_entropy(
                logits, torch.tensor([label for _, label in batch]), label_smoothing=0.1
            )
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {sum(losses) / len(losses):.3f}", flush=True)
    model.eval()


def read_sentences(path: Path) -> tuple[list[tuple[str, int]], int]:
    """The sentences of data/nlu.yml with the number of their topic, and how many topics there
    are.
    """
    sentences, topic = [], -1
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("- intent:"):
            topic += 1
        elif match := re.match(r"\s+- (.*)", line):
            sentences.append((match[1], topic))
    return sentences, topic + 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "data" / "nlu.yml")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--out", type=Path, default=HERE / "model.onnx")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(HERE / "tokenizer.json"))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(96)
    sentences, topics = read_sentences(options.data)
    print(f"{len(sentences)} sentences of {topics} topics")
    model = MeanPooled(load_bert())
    train(model, sentences, topics, options.epochs, tokenizer)
    export(model, options.out)
    write_hashes()
