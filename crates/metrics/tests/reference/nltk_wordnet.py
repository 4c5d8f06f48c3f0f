"""nltk's reader of WordNet, pointed at a folder."""

import warnings

import nltk
from nltk.corpus.reader.wordnet import WordNetCorpusReader


class English(WordNetCorpusReader):
    """The reader without its map to WordNet 3.0, which other languages want."""

    def map_wn(self, version="wordnet"):
        return None


def open_wordnet(folder):
    """A reader of the files in `folder`.

    nltk also wants a file `lexnames`, which is written there if it is missing;
    nothing that is asked of it here reads the names.
    """
    if not (folder / "lexnames").exists():
        lines = [f"{n:02d}\tfile.{n:02d}\t1\n" for n in range(45)]
        (folder / "lexnames").write_text("".join(lines))
    nltk.data.path = [str(folder)]
    with warnings.catch_warnings():
        # It says that it has no other languages.
        warnings.simplefilter("ignore")
        return English(str(folder), None)
