"""Fine-tune MiniLM, and the heads above it (torch, for training only).

The embeddings of words stay as published: they are looked up once and kept. The lower layers learn
more slowly than the upper ones. The heads see the vector of the sentence, the vector of the actor's
hidden name, and what the rules saw; all questions are learned together.
"""

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import by_rules
import numpy as np
import torch
from blending import Blend
from export_encoder import DEPTH, HEADS, LAYERS, WIDTH, tensors
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional

from tracker.extraction.encoder import LONGEST, marked
from tracker.extraction.heads import VECTOR_SCALE

EPOCHS, BATCH, HEAD_RATE = 2, 24, 2e-3
LOWER, LOWER_RATE, UPPER_RATE = 4, 6e-5, 2e-4
"""How many layers from below learn at the lower rate, and both rates."""
MATTERS = 1.5
"""How much act and topic count beside the other questions."""
STANCE = ("none", "new", "background")
AGE = "age_"
"""Signs of age are weighed on real articles only (blending): written ones date themselves."""
Row = dict[str, Any]


@dataclass(frozen=True)
class Text:
    """A text below the layers: the states of its words, and where these stand in it."""

    states: np.ndarray
    offsets: list[tuple[int, int]]


Kept = dict[str, Text]


class Body(nn.Module):
    """The BERT encoder of the exported graph, with the names of the published weights."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        super().__init__()
        self.frozen: dict[str, torch.Tensor] = {}
        self.names: dict[str, int] = {}
        self.tuned = nn.ParameterList()
        for name in sorted(weights):
            value = torch.tensor(weights[name])
            if _layer(name) < 0:
                self.frozen[name] = value
            else:
                self.names[name] = len(self.tuned)
                self.tuned.append(nn.Parameter(value))

    def w(self, name: str) -> torch.Tensor:
        """A weight by its published name."""
        return self.tuned[self.names[name]] if name in self.names else self.frozen[name]

    def dense(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """A linear layer."""
        return functional.linear(x, self.w(f"{name}.weight"), self.w(f"{name}.bias"))

    def norm(self, x: torch.Tensor, name: str) -> torch.Tensor:
        """A layer normalisation."""
        return functional.layer_norm(
            x, (WIDTH,), self.w(f"{name}.weight"), self.w(f"{name}.bias"), 1e-12
        )

    def groups(self) -> list[dict[str, Any]]:
        """The weights of the lower and of the upper layers, each with its rate."""
        lower = [self.tuned[n] for name, n in self.names.items() if _layer(name) < LOWER]
        upper = [self.tuned[n] for name, n in self.names.items() if _layer(name) >= LOWER]
        return [{"params": lower, "lr": LOWER_RATE}, {"params": upper, "lr": UPPER_RATE}]

    def embedded(self, ids: torch.Tensor) -> torch.Tensor:
        """Words to states below the first layer."""
        e = "embeddings."
        x = self.w(e + "word_embeddings.weight")[ids]
        x = x + self.w(e + "position_embeddings.weight")[: ids.shape[1]]
        return self.norm(x + self.w(e + "token_type_embeddings.weight")[0], e + "LayerNorm")

    def vectors(self, group: "Block") -> torch.Tensor:
        """States to the two unit vectors of each row: the sentence, and the actor in it."""
        x = group.states
        for layer in range(LAYERS):
            x = self.block(x, group.mask[:, None, None, :], f"encoder.layer.{layer}")
        own = group.owner
        return torch.cat([unit(x, group.mask)[own], unit(x[own], group.spots)], 1)

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
        x = self.norm(self.drop(out) + x, f"{name}.attention.output.LayerNorm")
        out = functional.gelu(self.dense(x, f"{name}.intermediate.dense"))
        out = self.drop(self.dense(out, f"{name}.output.dense"))
        return self.norm(out + x, f"{name}.output.LayerNorm")

    def drop(self, x: torch.Tensor) -> torch.Tensor:
        """Forget a tenth while training."""
        return functional.dropout(x, 0.1, self.training)

    def weights(self) -> dict[str, np.ndarray]:
        """All weights by their published names."""
        names = [*self.frozen, *self.names]
        return {name: self.w(name).detach().numpy().astype(np.float32) for name in sorted(names)}


def _layer(name: str) -> int:
    """The layer that a weight belongs to; -1 for the embeddings."""
    return int(name.split(".")[2]) if name.startswith("encoder.layer.") else -1


def unit(x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean of the marked states, of length one."""
    wide = mask[:, :, None].float()
    return functional.normalize((x * wide).sum(1) / wide.sum(1).clamp_min(1), dim=1)


class Questions(nn.Module):
    """The heads: linear in what the rules saw and in both vectors."""

    def __init__(self, rows: list[Row]) -> None:
        super().__init__()
        company = [r for r in rows if r["kind"] == "company"]
        actor = [r for r in rows if r["kind"] == "actor"]
        self.features = sorted({name for r in rows for name in r["features"]})
        self.ages = [n for n, name in enumerate(self.features) if name.startswith(AGE)]
        self.codes: dict[str, list[str]] = {
            "stance": list(STANCE),
            "act": sorted({a for r in company for a in r["acts"]}),
            "topic": sorted({t for r in company for t in r["topics"]}),
            "reaction": ["none", *sorted({r["label"] for r in actor} - {"none"})],
            "call": ["no", "yes"],
        }
        wide = len(self.features) + 2 * WIDTH
        self.heads = nn.ModuleDict(
            {name: nn.Linear(wide, len(codes)) for name, codes in self.codes.items()}
        )
        for head in self.heads.values():
            nn.init.normal_(head.weight, std=0.01)
            nn.init.zeros_(head.bias)
            with torch.no_grad():
                head.weight[:, self.ages] = 0

    def table(self, rows: list[Row]) -> torch.Tensor:
        """What the rules saw, one line a row."""
        found = by_rules.numbers(rows, self.features)
        found[:, self.ages] = 0
        return torch.from_numpy(found)

    def ask(self, vectors: torch.Tensor, table: torch.Tensor) -> dict[str, torch.Tensor]:
        """The scores of every question."""
        seen = functional.dropout(table, 0.1, self.training)
        told = functional.dropout(vectors, 0.1, self.training) * VECTOR_SCALE
        numbers = torch.cat([seen, told], 1)
        return {name: head(numbers) for name, head in self.heads.items()}

    def loss(self, scores: dict[str, torch.Tensor], rows: list[Row]) -> torch.Tensor:
        """The mean over the questions that apply to each row."""
        weight = torch.tensor([row["weight"] for row in rows])
        company = torch.tensor([row["kind"] == "company" for row in rows])
        first = self._one(scores, rows, "stance", company)
        second = self._any(scores, rows, "reaction", "acts", "actor")
        third = functional.cross_entropy(
            scores["call"], torch.tensor([int(row["call"]) for row in rows]), reduction="none"
        )
        total = (weight * torch.where(company, first, second + third)).mean()
        told = torch.tensor([r["kind"] == "company" and r["label"] != "none" for r in rows])
        for question, key in (("act", "acts"), ("topic", "topics")):
            each = self._any(scores, rows, question, key, "company")
            total = total + MATTERS * (each * told).sum() / len(rows)
        return total

    def _one(
        self, scores: dict[str, torch.Tensor], rows: list[Row], question: str, use: torch.Tensor
    ) -> torch.Tensor:
        codes = self.codes[question]
        wanted = torch.tensor([codes.index(r["label"]) if r["label"] in codes else 0 for r in rows])
        return functional.cross_entropy(scores[question], wanted * use, reduction="none")

    def _any(
        self, scores: dict[str, torch.Tensor], rows: list[Row], question: str, key: str, kind: str
    ) -> torch.Tensor:
        """Any of the accepted codes may take the probability."""
        codes = self.codes[question]
        wanted = torch.zeros(len(rows), len(codes))
        for number, row in enumerate(rows):
            if row["kind"] == kind:
                fits = row[key] if row["label"] != "none" else ["none"]
                for code in fits:
                    if code in codes:
                        wanted[number, codes.index(code)] = 1
        chance = (functional.softmax(scores[question], 1) * wanted).sum(1)
        return -torch.log(chance.clamp_min(1e-6)) * (wanted.sum(1) > 0)

    def arrays(self, version: str, blends: Mapping[str, Blend]) -> dict[str, np.ndarray]:
        """The tables as they ship, with the second ones folded in."""
        found = {"features": np.array(self.features), "version": np.array(version)}
        for name, head in self.heads.items():
            assert isinstance(head, nn.Linear)
            found[f"{name}_codes"] = np.array(self.codes[name])
            weights = head.weight.detach().numpy().T.astype(np.float32)
            bias = head.bias.detach().numpy().astype(np.float32)
            if name in blends:
                weights, bias = blends[name].folded(weights, bias, self.codes[name])
            found[f"{name}_weights"], found[f"{name}_bias"] = weights, bias
        return found


@dataclass(frozen=True)
class Block:
    """Some texts side by side, and the rows that ask about them."""

    states: torch.Tensor
    mask: torch.Tensor
    spots: torch.Tensor
    owner: torch.Tensor
    """Which text each row asks about."""


def keep_embedded(texts: list[str], folder: Path) -> Kept:
    """Look up the words of every text once."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    body = Body(tensors(folder / "model.safetensors")).eval()
    coded = sorted(
        zip(tokenizer.encode_batch(texts), texts, strict=True), key=lambda pair: len(pair[0].ids)
    )
    kept: Kept = {}
    with torch.no_grad():
        for at in range(0, len(coded), 32):
            group = coded[at : at + 32]
            ids = padded([each.ids for each, _ in group])
            states = body.embedded(ids).numpy().astype(np.float16)
            for place, (each, text) in enumerate(group):
                kept[text] = Text(states[place, : len(each.ids)].copy(), each.offsets)
    return kept


def padded(ids: list[list[int]]) -> torch.Tensor:
    """Numbers of words in one block."""
    block = torch.zeros(len(ids), max(map(len, ids)), dtype=torch.long)
    for place, each in enumerate(ids):
        block[place, : len(each)] = torch.tensor(each)
    return block


def block_of(kept: Kept, rows: list[Row]) -> Block:
    """The kept states of the texts of some rows."""
    texts = list(dict.fromkeys(row["text"] for row in rows))
    place = {text: number for number, text in enumerate(texts)}
    longest = max(len(kept[text].states) for text in texts)
    x = torch.zeros(len(texts), longest, WIDTH)
    mask = torch.zeros(len(texts), longest, dtype=torch.bool)
    for number, text in enumerate(texts):
        states = kept[text].states
        x[number, : len(states)] = torch.from_numpy(states.astype(np.float32))
        mask[number, : len(states)] = True
    spots = torch.zeros(len(rows), longest, dtype=torch.bool)
    for number, row in enumerate(rows):
        marks = marked(kept[row["text"]].offsets, row["spots"]) > 0
        spots[number, : len(marks)] = torch.from_numpy(marks)
    return Block(x, mask, spots, torch.tensor([place[row["text"]] for row in rows]))


def tune(rows: list[Row], kept: Kept, folder: Path) -> tuple[Body, Questions]:
    """Train on the rows."""
    torch.manual_seed(7)
    body, heads = Body(tensors(folder / "model.safetensors")), Questions(rows)
    optimiser = torch.optim.AdamW(
        [
            *body.groups(),
            {"params": list(heads.parameters()), "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
    )
    rounds = [group for epoch in range(EPOCHS) for group in batches(rows, kept, epoch)]
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda n: min((n + 1) / (0.1 * len(rounds)), 1 - n / len(rounds) + 0.01)
    )
    body.train(), heads.train()
    began, shown = time.time(), 1.0
    for number, group in enumerate(rounds):
        vectors = body.vectors(block_of(kept, group))
        loss = heads.loss(heads.ask(vectors, heads.table(group)), group)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*body.parameters(), *heads.parameters()], 1.0)
        optimiser.step()
        rate.step()
        shown = 0.98 * shown + 0.02 * loss.item()
        if number % 50 == 0:
            print(f"{number}/{len(rounds)} loss {shown:.3f} {time.time() - began:.0f}s", flush=True)
    return body.eval(), heads.eval()


def batches(rows: list[Row], kept: Kept, seed: int) -> list[list[Row]]:
    """All rows once, the rows of a text together, texts of like length together, in a new order."""
    shuffle = random.Random(seed)
    asked: dict[str, list[Row]] = {}
    for row in rows:
        asked.setdefault(row["text"], []).append(row)
    order = sorted(asked, key=lambda text: (len(kept[text].states) // 12, shuffle.random()))
    found = [
        [row for text in order[at : at + BATCH] for row in asked[text]]
        for at in range(0, len(order), BATCH)
    ]
    shuffle.shuffle(found)
    return found


def opinions(
    body: Body, heads: Questions, rows: list[Row], kept: Kept
) -> list[tuple[Row, dict[str, dict[str, float]]]]:
    """Every row with the probability of every code of every question."""
    found: list[tuple[Row, dict[str, dict[str, float]]]] = []
    with torch.no_grad():
        for group in batches(rows, kept, 0):
            scores = heads.ask(body.vectors(block_of(kept, group)), heads.table(group))
            chances = {q: functional.softmax(s, 1).numpy() for q, s in scores.items()}
            for place, row in enumerate(group):
                answers = {
                    q: dict(zip(heads.codes[q], map(float, chance[place]), strict=True))
                    for q, chance in chances.items()
                }
                found.append((row, answers))
    return found
