"""What a table is worth: against MiniLM itself, and between the two languages."""

import numpy as np
from scipy.stats import spearmanr

from phrases import held_out


def unit(x):
    return x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9)


def read_all(table, vocabulary, texts):
    """`[n, d]` unit vectors of texts, by float64 sums; zeros where no word is known."""
    out = np.zeros((len(texts), table.shape[1]))
    for k, text in enumerate(texts):
        rows = [r for r in vocabulary.reader(text) if r is not None]
        if rows:
            out[k] = table[rows].sum(0)
    return unit(out)


def spearman(table, vocabulary, encoded, split, names=("emoji", "pixel"), limit=400):
    """Rank correlation with MiniLM's cosines over all pairs of captions of a split."""
    texts = sorted({c["en"] for c in held_out(vocabulary, names, split)})[:limit]
    ours = read_all(table, vocabulary, texts)
    theirs = unit(encoded(texts))
    above = np.triu_indices(len(texts), 1)
    return float(spearmanr((ours @ ours.T)[above], (theirs @ theirs.T)[above])[0]), len(texts)


def ranks(table, vocabulary, split=None, traditional=None):
    """Rank of the English label nearest to each Chinese label of an emoji, among all English ones."""
    concepts, split_of = vocabulary.sets["emoji"]
    english = read_all(table, vocabulary, [c["en"] for c in concepts])
    asked = [k for k, s in enumerate(split_of) if split in (None, s) and concepts[k]["zh"]]
    texts = [concepts[k]["zh"] for k in asked]
    if traditional:
        texts = [traditional.get(concepts[k]["name"], t) for k, t in zip(asked, texts)]
    cosines = read_all(table, vocabulary, texts) @ english.T
    own = cosines[np.arange(len(asked)), asked]
    rank = 1 + (cosines > own[:, None] + 1e-9).sum(1)
    return {"labels": len(asked), "median": float(np.median(rank)), "top 1": float((rank == 1).mean()),
            "top 10": float((rank <= 10).mean())}


def nearest(table, vocabulary, text, count=10):
    """The words nearest to a text."""
    vector = read_all(table, vocabulary, [text])[0]
    cosines = unit(table) @ vector
    cosines[[w in vocabulary.stop for w in vocabulary.words]] = -1
    return [vocabulary.words[r] for r in np.argsort(-cosines, kind="stable")[:count]]
