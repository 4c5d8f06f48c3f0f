"""Times sacrebleu, rouge-score and nltk on the texts that the example sends.

Started by `cargo run -p lampwork-metrics --example text_timing`. Reads JSON from
the standard input, and writes the seconds that each took, without the start of
Python, and what it found.
"""

import json
import pathlib
import sys
import time

from nltk.translate.meteor_score import meteor_score
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF

from nltk_wordnet import open_wordnet

given = json.load(sys.stdin)
made, wanted = given["made"], given["wanted"]
found = {}


def timed(name, run):
    start = time.perf_counter()
    value = run()
    found[name] = [time.perf_counter() - start, value]


def rouge(stems):
    scorer = RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=stems)
    scores = [scorer.score(w, m)["rougeL"].fmeasure for m, w in zip(made, wanted)]
    return sum(scores) / len(scores)


def self_bleu(texts):
    score = BLEU(effective_order=True)
    each = [score.sentence_score(t, texts[:i] + texts[i + 1 :]).score for i, t in enumerate(texts)]
    return sum(each) / len(each)


# Fewer texts, as it takes each with all others: it goes first, so that it finds
# no tokens that were kept from before.
timed("self-BLEU of 200", lambda: self_bleu(given["alone"]))
timed("BLEU", lambda: BLEU().corpus_score(made, [wanted]).score)
timed("chrF", lambda: CHRF().corpus_score(made, [wanted]).score)
timed("chrF++", lambda: CHRF(word_order=2).corpus_score(made, [wanted]).score)
timed("ROUGE-1, 2, L", lambda: rouge(False))
timed("ROUGE-1, 2, L of stems", lambda: rouge(True))
if given["wordnet"]:
    wordnet = open_wordnet(pathlib.Path(given["wordnet"]).resolve())

    def meteor():
        pairs = zip(made, wanted)
        scores = [meteor_score([w.split()], m.split(), wordnet=wordnet) for m, w in pairs]
        return sum(scores) / len(scores)

    timed("METEOR", meteor)
json.dump(found, sys.stdout)
