"""Which words the table holds, and what each is said to mean."""

import gzip
import json
import math
import re
import struct
from collections import Counter, defaultdict
from pathlib import Path

import msgpack

from reading import Reader, bases, cjk, plain

# Lexicographer files of WordNet whose nouns can be seen, and so drawn.
VISIBLE = {5: "animal", 6: "artifact", 8: "body", 12: "feeling", 13: "food", 17: "object",
           18: "person", 19: "phenomenon", 20: "plant", 25: "shape", 27: "substance"}
# Of those, what a collocation is kept for: a hot dog rather than a carboxylic acid.
SOLID = {5, 6, 8, 13, 17, 20, 25}
RUDE = re.compile(
    r"obscen|vulgar|offensive (?:term|word|name|and)|disparag|slur|derog|genital|copulat|sexual|taboo|prostitut"
    r"|penis|vagina|whore|nazi|rape\b|promiscu|adulter", re.I)
# Words that hold a phrase together and say nothing of what is on a picture.
STOP_EN = """a an the of and or to in on at for by with from is are was were be been being am as it its this that
these those there their they them he she his her him i me my you your we us our do does did has have had will would
can could should shall may might must some any such very so than then into onto s t""".split()
STOP_ZH = """的 地 得 了 着 过 吗 呢 吧 啊 和 与 及 跟 或 是 在 有 个 只 条 张 位 把 被 这 那 它 他 她 你 我 们 它们 他们
我们 你们 这个 那个 一个 一只 一条 一张 一位 一朵 一棵 一辆 一座 一幅 一些 颗 一颗 之 其 而 于 以 也 很 就 都""".split()


def packed(path):
    """Concepts of a packed set, and the split of each."""
    with open(path, "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        concepts = json.loads(header["__metadata__"]["concepts"])
        split_of = [None] * len(concepts)
        for split in ("train", "validation", "test"):
            start, end = header[split + ".concepts"]["data_offsets"]
            file.seek(8 + size + start)
            for (row,) in struct.iter_unpack("<H", file.read(end - start)):
                split_of[row] = split
    return concepts, split_of


def frequencies(path):
    """Zipf frequencies (log10 of the count in a billion words) of `wordfreq`."""
    bins = msgpack.unpackb(gzip.open(path).read(), raw=False)[1:]
    return {word: 9 - step / 100 for step, words in enumerate(bins) for word in words}


# Words of the captions that the dictionary lacks, or has only as a bound form.
EXTRA_ZH = {"娜迦": ["naga"], "犟": ["stubborn"], "嗮": ["sunbathe"], "颗": ["small round thing"]}


class WordNet:
    """Lemmas, what their first noun is, and definitions."""

    def __init__(self, folder):
        self.lemmas, self.visible, self.rude, self.parts = set(), {}, set(), defaultdict(set)
        self.definitions, self.colours = [], set()
        # Of words that are a colour before all else, which.
        self.meaning = {}
        kinds, glosses, above, named = {}, {}, {}, {}
        for part in ("noun", "verb", "adj", "adv"):
            for line in (folder / f"data.{part}").read_text(encoding="latin-1").splitlines():
                if line.startswith(" "):
                    continue
                head, _, gloss = line.partition(" | ")
                fields = head.split(" ")
                words = fields[4 : 4 + 2 * int(fields[3], 16) : 2]
                words = [re.sub(r"\(.*\)", "", w).replace("_", " ").replace("-", " ").lower() for w in words]
                kinds[part, fields[0]] = int(fields[1])
                glosses[part, fields[0]] = re.sub(r"\(.*?\)", "", gloss.split(";")[0]).strip()
                self.lemmas.update(words)
                for word in words:
                    self.parts[word].add(part)
                if part == "noun":
                    above[fields[0]] = [fields[k + 1] for k, field in enumerate(fields) if field == "@"]
                    named[fields[0]] = words
                if RUDE.search(gloss):
                    self.rude.update(words)
                definition = re.sub(r"\(.*?\)", "", gloss.split(";")[0]).strip()
                if len(definition.split()) <= 10:
                    self.definitions.append((words[0], definition, part == "noun" and int(fields[1]) in VISIBLE))
        # Colours are what stands below "chromatic color" and its like.
        roots = {offset for offset, words in named.items() if {"chromatic color", "achromatic color"} & set(words)}
        below = set()
        for offset in named:
            line, reached = [offset], set()
            while line:
                here = line.pop()
                if here not in reached:
                    reached.add(here)
                    line += above.get(here, [])
            if reached & roots:
                below.add(offset)
                self.colours.update(named[offset])
        # No synset says of it what the first one should.
        self.rude.add("bitch")
        for line in (folder / "index.noun").read_text(encoding="latin-1").splitlines():
            if not line.startswith(" "):
                fields = line.split(" ")
                first = fields[6 + int(fields[3])]
                kind = kinds["noun", first]
                word = fields[0].replace("_", " ").replace("-", " ")
                if first in below:
                    self.meaning[word] = glosses["noun", first]
                if kind in VISIBLE:
                    self.visible[word] = kind


def dictionary(path):
    """CC-CEDICT: senses of simplified words, and traditional characters to simplified ones."""
    senses, rude, pairs, proper = defaultdict(list), set(), defaultdict(Counter), {}
    for line in gzip.open(path, "rt", encoding="utf-8"):
        found = re.match(r"(\S+) (\S+) \[(.*?)\] /(.*)/", line)
        if not found:
            continue
        old, new, sound, text = found.groups()
        if len(old) == len(new):
            for a, b in zip(old, new):
                pairs[a][b] += 1
        glosses = []
        for sense in text.split("/"):
            if re.search(r"vulgar|derog|prostitut|penis|vagina|sexual|\(coll\.\) to have sex", sense):
                rude.add(new)
            if re.match(r"CL:|surname|see |used in|Taiwan pr|also written|also pr|old variant|variant of|"
                        r"erhua variant|Japanese variant|archaic variant|\(bound form\)$|abbr\.", sense):
                continue
            sense = re.sub(r"\(.*?\)|\[.*?\]", "", sense)
            for part in re.split(r"[;；]", sense):
                part = re.sub(r"\S*[\u3400-\u9fff|]+\S*", "", part)
                part = re.sub(r"^(?:to be |to |a |an |the |one's |be )", "", " ".join(part.split())).strip(" ,.:")
                if 2 <= len(part) <= 60 and part not in glosses:
                    glosses.append(part)
        if glosses:
            senses[new].append((sound[:1].isupper(), glosses))
    merged = {}
    for word, entries in senses.items():
        # Names last, then the reading of which most is said.
        entries.sort(key=lambda entry: (entry[0], -len(entry[1])))
        merged[word] = list(dict.fromkeys(g for _, glosses in entries for g in glosses))
        proper[word] = entries[0][0]
    folds = {}
    for old, counts in pairs.items():
        new = counts.most_common(1)[0][0]
        if new != old and cjk(old) and cjk(new) and len(old.encode()) == 3 and len(new.encode()) == 3:
            folds[old] = new
    # A fold leads to where no other begins, so that one step is enough.
    folds = {old: new for old, new in folds.items() if new not in folds}
    return merged, rude, folds, proper


def english_words(text):
    """Words of an English caption, and pairs and triples of neighbours."""
    runs = re.split(r"[^\w\s'’-]+", plain(text))
    for run in runs:
        words = re.findall(r"[^\W_]+(?:'[^\W_]+)*", run)
        yield from words
        for size in (2, 3):
            for at in range(len(words) - size + 1):
                yield " ".join(words[at : at + size])


class Vocabulary:
    """The words, most frequent first, with their senses and frequencies."""

    def __init__(self, sources: dict[str, Path], english: int, chinese: int):
        self.sets = {name: packed(sources[name]) for name in ("emoji", "pixel", "faces")}
        self.wordnet = WordNet(sources["wordnet"])
        raw, rude_zh, self.folds, proper = dictionary(sources["cedict"])
        fold = lambda word: "".join(self.folds.get(c, c) for c in word)
        self.senses_zh = {}
        for word, glosses in [*raw.items(), *EXTRA_ZH.items()]:
            self.senses_zh.setdefault(fold(word).lower(), glosses)
        zipf_en, zipf_zh = frequencies(sources["frequencies_en"]), frequencies(sources["frequencies_zh"])
        concepts = [c for table, _ in self.sets.values() for c in table]

        # English: what the sets say, then by frequency, with things that can be seen first.
        self.needed = set()
        collocations = set()
        for concept in concepts:
            for text in [concept["en"], *concept["tags_en"]]:
                for word in english_words(text):
                    if " " not in word:
                        self.needed.add(word)
                    elif word in self.wordnet.lemmas:
                        collocations.add(word)
        for word in self.senses_zh:
            for gloss in self.senses_zh[word][:1]:
                gloss = plain(gloss).replace("-", " ")
                if self.wordnet.visible.get(gloss) in SOLID and zipf_zh.get(word, 0) > 2.3:
                    collocations.add(gloss)
        collocations = {c for c in collocations if re.fullmatch(r"[a-z]+( [a-z]+){1,2}", c)
                        and not (c in self.wordnet.rude) and not any(w in STOP_EN for w in c.split())}
        self.needed |= {w for w in self.wordnet.colours if re.fullmatch("[a-z]+", w) and zipf_en.get(w, 0) > 2.2}
        self.needed |= set(STOP_EN) | {str(n) for n in range(21)} | collocations

        def score_en(word):
            zipf = zipf_en.get(word, 0)
            if word in self.wordnet.visible:
                zipf += 0.9
            elif word not in self.wordnet.lemmas:
                zipf -= 1.0
            return zipf

        candidates = [w for w in set(zipf_en) | set(self.wordnet.visible)
                      if re.fullmatch(r"[a-z]{2,}", w) and w not in self.wordnet.rude and zipf_en.get(w, 0) > 1.5]
        candidates.sort(key=lambda w: (-score_en(w), w))
        # Chinese: the words that the captions are read as, then by frequency.
        def usable(word):
            return all(map(cjk, word)) and len(word) <= 5

        def score_zh(word):
            glosses = self.senses_zh[word]
            first = plain(glosses[0]).replace("-", " ")
            return (zipf_zh.get(word, 0.5) + (0.9 if first in self.wordnet.visible else 0)
                    - (0.7 if proper.get(word) else 0))

        pool = sorted((w for w in self.senses_zh if usable(w)), key=lambda w: (-zipf_zh.get(w, 0), w))
        reader = Reader(pool + [w for w in self.senses_zh if not usable(w) and len(w) <= 8], self.folds)
        names = list(reader.rows)
        needed_zh = set(w for w in STOP_ZH)
        for concept in concepts:
            for text in [concept["zh"], *concept["tags_zh"]]:
                self.needed.update(a for a, chinese, _ in reader.atoms(text) if not chinese)
                for row in reader(text):
                    if row is not None and any(map(cjk, names[row])):
                        needed_zh.add(names[row])
                needed_zh.update(self.folds.get(c, c) for c in text if cjk(c) and self.folds.get(c, c) in self.senses_zh)
        taken_zh = set(needed_zh)
        for word in sorted(pool, key=lambda w: (-score_zh(w), w)):
            if len(taken_zh) >= chinese:
                break
            if word not in rude_zh and not RUDE.search("; ".join(self.senses_zh[word][:3])):
                taken_zh.add(word)
        taken = set(self.needed)
        for word in candidates:
            if len(taken) >= english:
                break
            # A regular form of a word that is there is found by its ending.
            regular = word not in self.wordnet.lemmas and any(
                b in taken or zipf_en.get(b, 0) > 3 and b in self.wordnet.lemmas for b in bases(word))
            if not regular:
                taken.add(word)
        for word in STOP_ZH:
            self.senses_zh.setdefault(word, ["it"])
        self.needed |= needed_zh

        # A phrase is as rare as its words are together, but no rarer than a rare word.
        def frequency(word):
            if any(map(cjk, word)):
                return zipf_zh.get(word, 1.0)
            if " " in word:
                return max(1.5, min(zipf_en.get(w, 1.5) for w in word.split()) - 1.5)
            return zipf_en.get(word, 1.5)

        self.words = sorted(taken | taken_zh, key=lambda w: (-frequency(w), w))
        self.zipf = [frequency(w) for w in self.words]
        self.stop = {w for w in self.words if w in STOP_EN or w in STOP_ZH}
        self.chinese = [any(map(cjk, w)) for w in self.words]
        self.reader = Reader(self.words, self.folds)

    def senses(self, row):
        """What a word is taken to mean, in English: texts and their weights."""
        word = self.words[row]
        if not self.chinese[row]:
            meaning = self.wordnet.meaning.get(word)
            if meaning:
                # The encoder takes some colours for something else; told what they are, it does not.
                return [(word, 1.0), (f"{word}, {meaning}", 2.0)]
            return [(word, 1.0)]
        glosses = [g for g in self.senses_zh[word] if not re.search(r"[A-Z]", g)] or self.senses_zh[word]
        senses = [(g, 0.5**k) for k, g in enumerate(glosses[:3])]
        if len(word) > 1 and len(senses) > 1:
            # Said together they tell which bow is meant. A single character often has senses far apart.
            senses.append((", ".join(g for g, _ in senses), 1.0))
        return senses

    def weight(self, row):
        """Smooth inverse frequency."""
        if self.words[row] in self.stop:
            return 0.0
        return 1e-4 / (1e-4 + math.pow(10, self.zipf[row] - 9))
