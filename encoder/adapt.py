"""Adapt the encoder to how patients write: fine-tune it to tell the topics of data/nlu.yml and
the urgent signs apart.

Runs in the environment of encoder/requirements.txt; `make encoder` calls it. It starts from the
weights in encoder/model.onnx. Only training sentences are read, never evaluation/. Each sentence is
seen in other forms too (encoder/disguise.py), so that the vectors do not hang on spelling. The
linear head is thrown away: the product trains its own on the vectors.
"""

import argparse
import random
import re
from pathlib import Path

import torch
import yaml
from build import HERE, MeanPooled, export, write_hashes
from disguise import disguise
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy
from weights import read_weights

SEED = 21
BATCH = 32
# Also the vector's length: cosine times this is what the head sees.
SCALE = 16.0
EXAMPLES = ("urgent_messages.yml", "urgent_examples.yml")
RATE, RATE_OF_HEAD = 6e-5, 2e-3

Sentence = tuple[str, str]


def batches(sentences: list[Sentence], chance: random.Random) -> list[list[Sentence]]:
    """Shuffled batches of sentences of like length."""
    order = sorted(sentences, key=lambda s: len(s[0]) + chance.random() * 40)
    chunks = [order[i : i + BATCH] for i in range(0, len(order), BATCH)]
    chance.shuffle(chunks)
    return chunks


def train(model: MeanPooled, sentences: list[Sentence], epochs: int, tokenizer: Tokenizer) -> None:
    """Fine-tune in place; prints the mean loss of each epoch."""
    chance = random.Random(SEED)
    torch.manual_seed(SEED)
    topics = list(dict.fromkeys(topic for _, topic in sentences))
    head = torch.nn.Linear(384, len(topics))
    optimiser = torch.optim.AdamW(
        [{"params": model.parameters()}, {"params": head.parameters()}], weight_decay=0.01
    )
    rate = torch.optim.lr_scheduler.OneCycleLR(
        optimiser,
        max_lr=[RATE, RATE_OF_HEAD],
        total_steps=epochs * (len(sentences) // BATCH + 1),
        pct_start=0.1,
    )
    for epoch in range(epochs):
        model.train()
        losses = []
        seen = [(disguise(text, topic, chance), topic) for text, topic in sentences]
        for number, batch in enumerate(batches(seen, chance)):
            if number % 100 == 0:
                print(f"epoch {epoch + 1}: {number * BATCH} of {len(seen)} sentences", flush=True)
            wanted = torch.tensor([topics.index(topic) for _, topic in batch])
            vectors = _vectors(model, tokenizer, [text for text, _ in batch])
            loss = cross_entropy(SCALE * head(vectors), wanted, label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            rate.step()
            losses.append(loss.item())
        print(f"epoch {epoch + 1} of {epochs}: loss {sum(losses) / len(losses):.3f}", flush=True)
    model.eval()


def _vectors(model: MeanPooled, tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """The vectors of a batch. Multiplied in bfloat16, kept and changed in float32: 2.5 times
    faster.
    """
    encoded = tokenizer.encode_batch(texts)
    ids = torch.tensor([e.ids for e in encoded])
    mask = torch.tensor([e.attention_mask for e in encoded])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors: torch.Tensor = model(ids, mask)
    return vectors.float()


def read_examples(folder: Path) -> list[Sentence]:
    """The urgent and calm messages of clinic/nlu: a sign with a topic of its own counts as that
    topic, any other sign, and calm, as a class beside the topics.
    """
    topics = {"crisis": "crisis", "harm": "harm_by_others", "none": "sign calm"}
    tables = [yaml.safe_load((folder / name).read_text(encoding="utf-8")) for name in EXAMPLES]
    return [
        (text, topics.get(sign, f"sign {sign}"))
        for table in tables
        for sign, texts in table.items()
        for text in texts
    ]


def read_sentences(path: Path) -> list[Sentence]:
    """The sentences of data/nlu.yml with their topics."""
    sentences, topic = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("- intent:"):
            topic = line.split(":")[1].strip()
        elif match := re.match(r"\s+- (.*)", line):
            sentences.append((match[1], topic))
    return sentences


if __name__ == "__main__":
    # Two threads that share a busy machine wait for each other most of the time.
    torch.set_num_threads(1)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=HERE.parent / "data" / "nlu.yml")
    parser.add_argument("--examples", type=Path, default=HERE.parent / "clinic" / "nlu")
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--start", type=Path, default=HERE / "model.onnx")
    parser.add_argument("--out", type=Path, default=HERE / "model.onnx")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(HERE / "tokenizer.json"))
    tokenizer.enable_padding()
    tokenizer.enable_truncation(96)
    sentences = read_sentences(options.data) + read_examples(options.examples)
    print(f"{len(sentences)} sentences")
    model = read_weights(options.start)
    train(model, sentences, options.epochs, tokenizer)
    export(model, options.out)
    write_hashes()
