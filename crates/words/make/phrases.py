"""Phrases that the table learns from: a text, and the English that says the same."""

import random

from vocabulary import Vocabulary


def held_out(vocabulary: Vocabulary, names, split="test"):
    """Concepts of a split, in order of the sets."""
    out = []
    for name in names:
        concepts, split_of = vocabulary.sets[name]
        out += [c for c, s in zip(concepts, split_of) if s == split]
    return out


def gather(vocabulary: Vocabulary, seed=1):
    """`[(text, English, kind)]`, without any caption of a concept held out."""
    rng = random.Random(seed)
    phrases = []
    forbidden = set()
    for split in ("validation", "test"):
        for concept in held_out(vocabulary, vocabulary.sets, split):
            forbidden |= {concept["en"].lower(), concept["zh"]}

    # Captions, and tags in pairs.
    for name, (concepts, split_of) in vocabulary.sets.items():
        known = set()
        for concept, split in zip(concepts, split_of):
            if split != "train":
                continue
            if name == "faces":
                if concept["en"] in known or rng.random() > 0.3:
                    continue
            known.add(concept["en"])
            phrases.append((concept["en"], concept["en"], "caption"))
            if concept["zh"]:
                phrases.append((concept["zh"], concept["en"], "caption zh"))
            tags = concept["tags_en"]
            for _ in range(min(4, len(tags) // 2)):
                pair = " ".join(rng.sample(tags, 2))
                phrases.append((pair, pair, "tags"))

    # Definitions of things that can be seen, and of some others.
    rows = vocabulary.reader.rows
    for word, definition, visible in vocabulary.wordnet.definitions:
        if word in rows and rng.random() < (0.8 if visible else 0.12):
            phrases.append((definition, definition, "definition"))

    # Chinese words that the table has to put together of others.
    for word, glosses in vocabulary.senses_zh.items():
        if word not in rows and 3 <= len(word) <= 6 and rng.random() < 0.2:
            phrases.append((word, glosses[0], "compound"))

    # What a visitor may ask for. Each word of the table comes about at times.
    def gloss(row):
        return vocabulary.senses(row)[0][0]

    parts = vocabulary.wordnet.parts
    english = [r for r, zh in enumerate(vocabulary.chinese) if not zh and vocabulary.words[r] not in vocabulary.stop]
    chinese = [r for r, zh in enumerate(vocabulary.chinese) if zh and vocabulary.words[r] not in vocabulary.stop]
    seen = [r for r in english if vocabulary.words[r] in vocabulary.wordnet.visible]
    kinds = [r for r in english if "adj" in parts.get(vocabulary.words[r], ()) and vocabulary.zipf[r] > 3]
    seen_zh = [r for r in chinese if gloss(r) in vocabulary.wordnet.visible]
    kinds_zh = [r for r in chinese if parts.get(gloss(r), set()) >= {"adj"} and vocabulary.zipf[r] > 2.5]
    # Half of the traits are colours: few words, and much of what a picture shows.
    hues = [r for r in english if vocabulary.words[r] in vocabulary.wordnet.colours]
    hues_zh = [r for r in chinese if gloss(r) in vocabulary.wordnet.colours]
    for words, things, traits, colours, forms in (
        (english, seen, kinds, hues, ("{0} {1}", "{1} and {2}", "{0} {1} with {2}", "{1} in {2}")),
        (chinese, seen_zh, kinds_zh, hues_zh, ("{0}的{1}", "{1}和{2}", "{0}的{1}和{2}", "{1}，{2}")),
    ):
        meanings = ("{0} {1}", "{1} and {2}", "{0} {1} with {2}", "{1} in {2}")
        for _ in range(9000):
            rows_of = (rng.choice(traits if rng.random() < 0.5 else colours), rng.choice(things), rng.choice(things))
            form = rng.choices(range(4), (4, 2, 1, 1))[0]
            phrases.append((forms[form].format(*(vocabulary.words[r] for r in rows_of)),
                            meanings[form].format(*map(gloss, rows_of)), "made up"))
        for first in words:
            other = rng.choice(words)
            phrases.append((f"{vocabulary.words[first]}, {vocabulary.words[other]}",
                            f"{gloss(first)}, {gloss(other)}", "pair"))
    return [p for p in phrases if p[0] not in forbidden and p[0].lower() not in forbidden]
