"""A text split into words of the table, as `src/read.rs` does it."""

import unicodedata


def cjk(c):
    return (
        "\u3400" <= c <= "\u4dbf" or "\u4e00" <= c <= "\u9fff" or "\uf900" <= c <= "\ufaff"
        or c == "\u3007" or "\U00020000" <= c <= "\U0003ffff"
    )


def plain(text):
    """Lower case, without accents and full-width forms."""
    text = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    text = "".join(c for c in text if not unicodedata.combining(c))
    return text.replace("ø", "o").replace("ł", "l").replace("æ", "ae").replace("ß", "ss")


def bases(word):
    """What `word` may be a form of, likeliest first."""
    out = []

    def stems(stem):
        if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "aeiou":
            out.append(stem[:-1])
        out.append(stem)
        out.append(stem + "e")

    if word.endswith("'s"):
        out.append(word[:-2])
    if word.endswith("ies"):
        out.append(word[:-3] + "y")
    if word.endswith("ves"):
        out.append(word[:-3] + "f")
        out.append(word[:-3] + "fe")
    if word.endswith("s") and not word.endswith("ss"):
        out.append(word[:-1])
    if word.endswith("es"):
        out.append(word[:-2])
    if word.endswith("men"):
        out.append(word[:-3] + "man")
    if word.endswith("ied"):
        out.append(word[:-3] + "y")
    if word.endswith("ed"):
        stems(word[:-2])
    if word.endswith("ing"):
        stems(word[:-3])
    if word.endswith("ily"):
        out.append(word[:-3] + "y")
    if word.endswith("ly"):
        out.append(word[:-2])
        out.append(word[:-1] + "e")
    if word.endswith("iest"):
        out.append(word[:-4] + "y")
    elif word.endswith("est"):
        stems(word[:-3])
    if word.endswith("ier"):
        out.append(word[:-3] + "y")
    elif word.endswith("er"):
        stems(word[:-2])
    return [b for b in out if len(b) >= 3]


class Reader:
    """Finds the words of a table, most frequent first, in a text."""

    def __init__(self, words, folds):
        self.folds = folds
        self.rows = {word: row for row, word in enumerate(words)}
        self.longest = max(len(self.atoms(word)) for word in words)

    def atoms(self, text):
        """`[(text, whether Chinese, gap before it)]`; a gap is "", " " or "|"."""
        atoms, gap, open_ = [], "", False
        characters = [(p, c) for c in text for p in [plain(c)]]
        for at, (low, c) in enumerate(characters):
            if cjk(c):
                atoms.append((self.folds.get(c, c), True, gap if atoms else ""))
                gap, open_ = "", False
            elif low and all(x.isalnum() for x in low):
                if open_:
                    word, _, before = atoms[-1]
                    atoms[-1] = (word + low, False, before)
                else:
                    atoms.append((low, False, gap if atoms else ""))
                gap, open_ = "", True
            elif unicodedata.combining(c):
                pass
            elif low == "'" and open_ and at + 1 < len(characters) and (
                characters[at + 1][0].isalnum() and not cjk(characters[at + 1][1])
            ):
                word, _, before = atoms[-1]
                atoms[-1] = (word + "'", False, before)
            else:
                gap, open_ = (" " if c in " -" and gap == "" else "|"), False
        return atoms

    def find(self, key, latin):
        """The row of `key` and what it costs to take it."""
        row = self.rows.get(key)
        if row is not None:
            return row, 16 + (row + 1).bit_length() - 1
        if latin:
            for base in bases(key):
                row = self.rows.get(base)
                if row is not None:
                    return row, 32
        return None

    def __call__(self, text):
        """Rows of the words, None for one that the table lacks."""
        atoms = self.atoms(text[:200])
        best = [(0, 0, None)]
        for end in range(1, len(atoms) + 1):
            cost, _, _ = best[end - 1]
            choice = (cost + 64, end - 1, None)
            key, latin = "", True
            for start in range(end - 1, max(-1, end - 1 - self.longest), -1):
                word, chinese, gap = atoms[start]
                latin = latin and not chinese
                if start == end - 1:
                    key = word
                else:
                    after = atoms[start + 1]
                    between = after[2]
                    if between == "|" or (between == " ") != (not chinese and not after[1]):
                        break
                    key = word + between + key
                found = self.find(key, latin)
                if found and best[start][0] + found[1] < choice[0]:
                    choice = (best[start][0] + found[1], start, found[0])
            best.append(choice)
        rows, end = [], len(atoms)
        while end:
            _, start, row = best[end]
            rows.append(row)
            end = start
        return rows[::-1]
