"""Fine-tune MiniLM on labelled pairs (torch, for training only) and write its weights.

Usage: python training/tune.py ROWS.json MODEL_FOLDER OUT_FOLDER [--without FOLD/FOLDS]

ROWS.json is what ``training/make_rows.py`` writes. With ``--without`` the articles of one fold
are left out, so that its rows can be encoded by a network that never saw them.
"""

import json
import random
import struct
import sys
import time
import zlib
from pathlib import Path

import numpy as np
import torch
from export_encoder import DEPTH, HEADS, LAYERS, WIDTH, tensors
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

EPOCHS, BATCH, RATE, NEGATIVES = 3, 24, 1e-4, 3
LONGEST = 80
SHARPNESS = 12.0
FROZEN = 3
"""Layers from below that stay as published: half the work, and less to overfit."""
STANCE = ("none", "new", "background")


def fold_of(article: str, folds: int) -> int:
    """The fold of an article, the same on every machine."""
    return zlib.crc32(article.encode()) % folds


class Encoder(nn.Module):
    """The BERT encoder of the exported graph, with the names of the published weights."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        super().__init__()
        self.names = sorted(weights)
        self.weights = nn.ParameterList(
            [nn.Parameter(torch.tensor(weights[name])) for name in self.names]
        )
        self.place = {name: number for number, name in enumerate(self.names)}
        kept = ("embeddings.", *(f"encoder.layer.{layer}." for layer in range(FROZEN)))
        for name, weight in zip(self.names, self.weights, strict=True):
            weight.requires_grad_(not name.startswith(kept))

    def w(self, name: str) -> torch.Tensor:
        """A weight by its published name."""
        return self.weights[self.place[name]]

    def dense(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """A linear layer."""
        return functional.linear(x, self.w(f"{name}.weight"), self.w(f"{name}.bias"))

    def norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """A layer normalisation."""
        return functional.layer_norm(
            x, (WIDTH,), self.w(f"{name}.weight"), self.w(f"{name}.bias"), 1e-12
        )

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Unit vectors of sentences."""
        e = "embeddings."
        x = self.w(e + "word_embeddings.weight")[ids]
        x = x + self.w(e + "position_embeddings.weight")[: ids.shape[1]]
        x = self.norm(x + self.w(e + "token_type_embeddings.weight")[0], e + "LayerNorm")
        x = functional.dropout(x, 0.1, self.training)
        seen = mask[:, None, None, :].bool()
        for layer in range(LAYERS):
            x = self.block(x, seen, f"encoder.layer.{layer}")
        wide = mask[:, :, None].float()
        return functional.normalize((x * wide).sum(1) / wide.sum(1), dim=1)

    def block(self, x: torch.Tensor, seen: torch.Tensor, name: str) -> torch.Tensor:
        """One transformer layer."""
        parts = [
            self.dense(x, f"{name}.attention.self.{part}")
            .view(*x.shape[:2], HEADS, DEPTH)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        ]
        out = functional.scaled_dot_product_attention(*parts, attn_mask=seen)
        out = self.dense(out.transpose(1, 2).reshape(x.shape), f"{name}.attention.output.dense")
        out = functional.dropout(out, 0.1, self.training)
        x = self.norm(out + x, f"{name}.attention.output.LayerNorm")
        out = self.dense(
            functional.gelu(self.dense(x, f"{name}.intermediate.dense")), f"{name}.output.dense"
        )
        return self.norm(
            functional.dropout(out, 0.1, self.training) + x, f"{name}.output.LayerNorm"
        )


class Tasks(nn.Module):
    """The questions asked of each vector while tuning."""

    def __init__(self, acts: list[str], topics: list[str], kinds: list[str]) -> None:
        super().__init__()
        self.acts, self.topics, self.kinds = acts, topics, kinds
        self.stance = nn.Linear(WIDTH, len(STANCE))
        self.act = nn.Linear(WIDTH, len(acts))
        self.topic = nn.Linear(WIDTH, len(topics))
        self.kind = nn.Linear(WIDTH, len(kinds))
        self.call = nn.Linear(WIDTH, 1)

    def loss(self, vectors: torch.Tensor, rows: list[dict]) -> torch.Tensor:
        """Sum of the losses of the questions that apply to each row."""
        v = vectors * SHARPNESS
        weight = torch.tensor([row["weight"] for row in rows])
        company = torch.tensor([row["kind"] == "company" for row in rows])
        stance = torch.tensor(
            [STANCE.index(r["label"]) if r["kind"] == "company" else 0 for r in rows]
        )
        kind = torch.tensor(
            [self.kinds.index(r["label"]) if r["kind"] == "actor" else 0 for r in rows]
        )
        first = functional.cross_entropy(self.stance(v), stance, reduction="none")
        second = functional.cross_entropy(self.kind(v), kind, reduction="none")
        call = torch.tensor([row["call"] for row in rows])
        third = functional.binary_cross_entropy_with_logits(
            self.call(v)[:, 0], call, reduction="none"
        )
        total = (weight * torch.where(company, first, second + third)).mean()
        positive = [
            n for n, r in enumerate(rows) if r["kind"] == "company" and r["label"] != "none"
        ]
        if positive:
            total = total + 0.5 * self.sets(v[positive], [rows[n] for n in positive])
        return total

    def sets(self, v: torch.Tensor, rows: list[dict]) -> torch.Tensor:
        """Acts and topics: any of the accepted ones may take the probability."""
        total = torch.zeros(())
        for head, codes, key in (
            (self.act, self.acts, "acts"),
            (self.topic, self.topics, "topics"),
        ):
            wanted = torch.tensor([[code in row[key] for code in codes] for row in rows])
            chance = functional.softmax(head(v), 1)
            total = total - torch.log((chance * wanted).sum(1).clamp_min(1e-6)).mean()
        return total


def batches(rows: list[dict], seed: int) -> list[list[dict]]:
    """All positives with some negatives, in batches of like length."""
    shuffle = random.Random(seed)
    positive = [r for r in rows if r["label"] != "none" or r["call"]]
    negative = [r for r in rows if r["label"] == "none" and not r["call"]]
    shuffle.shuffle(negative)
    chosen = positive + negative[: NEGATIVES * len(positive)]
    chosen.sort(key=lambda row: (len(row["text"]) // 40, shuffle.random()))
    found = [chosen[at : at + BATCH] for at in range(0, len(chosen), BATCH)]
    shuffle.shuffle(found)
    return found


def tune(rows: list[dict], folder: Path, target: Path) -> None:
    """Train and write."""
    torch.manual_seed(7)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding()
    network = Encoder(tensors(folder / "model.safetensors"))
    acts = sorted({a for r in rows if r["kind"] == "company" for a in r["acts"]})
    topics = sorted({t for r in rows for t in r["topics"]})
    kinds = ["none", *sorted({r["label"] for r in rows if r["kind"] == "actor"} - {"none"})]
    tasks = Tasks(acts, topics, kinds)
    heads = {"params": tasks.parameters(), "lr": 2e-3}
    body = {"params": [w for w in network.parameters() if w.requires_grad], "lr": RATE}
    optimiser = torch.optim.AdamW([body, heads], weight_decay=0.01)
    rounds = [b for epoch in range(EPOCHS) for b in batches(rows, epoch)]
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / (0.08 * len(rounds)), 1 - n / len(rounds) + 0.02)
    )
    network.train()
    began, shown = time.time(), 0.0
    for number, batch in enumerate(rounds):
        coded = tokenizer.encode_batch([row["text"] for row in batch])
        ids = torch.tensor([c.ids for c in coded])
        mask = torch.tensor([c.attention_mask for c in coded])
        loss = tasks.loss(network(ids, mask), batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        rate.step()
        shown = 0.98 * shown + 0.02 * loss.item()
        if number % 20 == 0:
            print(f"{number}/{len(rounds)} loss {shown:.3f} {time.time() - began:.0f}s", flush=True)
    write(network, target)


def write(network: Encoder, target: Path) -> None:
    """The weights as safetensors, with the published names."""
    header, body, at = {}, [], 0
    for name in network.names:
        raw = network.w(name).detach().numpy().astype(np.float32)
        header[name] = {
            "dtype": "F32",
            "shape": list(raw.shape),
            "data_offsets": [at, at + raw.nbytes],
        }
        body.append(raw.tobytes())
        at += raw.nbytes
    text = json.dumps(header).encode()
    target.mkdir(parents=True, exist_ok=True)
    with (target / "model.safetensors").open("wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(body))


def main() -> int:
    """Read the rows, leave a fold out if asked, tune."""
    rows = json.loads(Path(sys.argv[1]).read_text())
    if "--without" in sys.argv:
        fold, folds = map(int, sys.argv[sys.argv.index("--without") + 1].split("/"))
        rows = [row for row in rows if fold_of(row["article"], folds) != fold]
    tune(rows, Path(sys.argv[2]), Path(sys.argv[3]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
