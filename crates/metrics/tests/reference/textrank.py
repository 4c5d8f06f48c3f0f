"""Writes textrank.json: the ranks of TextRank by NumPy, from sentences cut by hand.

    venv/bin/python textrank.py

By another route than the Rust: the ranks solve a system of linear equations.
"""

import json
import math
import pathlib

import numpy
import regex

HERE = pathlib.Path(__file__).parent
FUNCTION_WORDS = set((HERE / "../../src/text/function_words.txt").read_text().split())

TEXTS = {
    "english": [
        "The lighthouse of the island was built of granite in 1811.",
        "Its lamp burned oil, and the keeper carried the oil up the tower each night.",
        "\"The tower shakes in a storm,\" said Mr. Rowe, the last keeper of the lighthouse.",
        "Ships that passed the island looked for the lamp.",
        "One night in a storm the lamp went out!",
        "The keeper climbed the tower with oil for the lamp, and the ships saw the lighthouse again.",
        "Nobody sleeps.",
        "Yes.",
        "Today the lamp is electric, no keeper lives on the island, and the tower is a museum of ships.",
    ],
    "chinese": [
        "小鎮有一條小河，河上有一座石橋。",
        "石橋是三百年前的人造的。",
        "每天早晨，老人走過石橋去河邊打水。",
        "有一年夏天，大水來了，石橋斷了。",
        "小鎮的人沒有橋，只好划船過小河。",
        "「把石橋造起來！」",
        "老人說。",
        "第二年春天，小鎮的人造起了新的石橋，老人又走過石橋去打水。",
    ],
    "no words shared": ["Apples fall.", "Rivers rise.", "夜深了。"],
}


def words(sentence):
    found = []
    for run in regex.findall(r"[\p{Han}]+|[^\W_\p{Han}]+", sentence.lower()):
        if regex.match(r"\p{Han}", run) and len(run) > 1:
            found += [run[at : at + 2] for at in range(len(run) - 1)]
        elif run not in FUNCTION_WORDS:
            found.append(run)
    return found


def ranks(sentences):
    cut = [words(sentence) for sentence in sentences]
    n = len(cut)
    weights = numpy.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i != j and len(cut[i]) > 1 and len(cut[j]) > 1:
                shared = len(set(cut[i]) & set(cut[j]))
                weights[i, j] = shared / (math.log(len(cut[i])) + math.log(len(cut[j])))
    out = weights.sum(1)
    # Rank i is 0.15 + 0.85 times the sum over j of w[j, i] / out[j] * rank j.
    votes = numpy.divide(weights, out[:, None], where=out[:, None] > 0, out=numpy.zeros((n, n)))
    return numpy.linalg.solve(numpy.eye(n) - 0.85 * votes.T, numpy.full(n, 0.15))


out = [
    {
        "name": name,
        "sentences": sentences,
        "ranks": ranks(sentences).tolist(),
        "top": sorted(numpy.argsort(-ranks(sentences), kind="stable")[:3].tolist()),
    }
    for name, sentences in TEXTS.items()
]
(HERE / "textrank.json").write_text(json.dumps(out, ensure_ascii=False, indent=1) + "\n")
for case in out:
    print(case["name"], numpy.round(case["ranks"], 3), case["top"])
