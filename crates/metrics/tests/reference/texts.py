"""Strings to measure, for text.py: verse, prose, Chinese, and what breaks things."""

import random

ENGLISH = [
    "It is a truth universally acknowledged, that a single man in possession of a good fortune, must be in want of a wife.",
    "Shall I compare thee to a summer's day? Thou art more lovely and more temperate.",
    "Rough winds do shake the darling buds of May, And summer's lease hath all too short a date;",
    "The quick brown fox jumps over the lazy dog.",
    "The cat sat on the mat. The cat sat on the mat. The cat sat on the hat.",
    "It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness",
    "Call me Ishmael. Some years ago -- never mind how long precisely -- having little or no money in my purse, I went to sea.",
    "In the 1,000.5 days before 12/25/1999, 3-4 ships (of 20) were lost; costs rose by 12.5%!",
    "\"Well,\" said Mr. Bennet, \"is he married or single?\"",
    "To be, or not to be, that is the question: Whether 'tis nobler in the mind to suffer",
    "The children were running quickly towards the beautiful houses, singing happily.",
    "He bought a large car and drove the automobile home; the physician began to hurry.",
    "Tyger Tyger, burning bright, In the forests of the night; What immortal hand or eye, Could frame thy fearful symmetry?",
    "Ships were sinking; men were dying, lying, and crying. Geese flew. Mice ate the leaves.",
    "I wandered lonely as a cloud That floats on high o'er vales and hills,\nWhen all at once I saw a crowd,\nA host, of golden daffodils;",
    "The doctor bought a big car for the sick man, and they began to talk of cash.",
    "A big dog ran in the wood; the ill boy saw it and told his mother, who did not speak.",
    "They speak of a large house in the forest, of the rock and of the fall of the year.",
    "The generalizations of the relational oscillators were conditionally triplicated.",
]

CHINESE = [
    "床前明月光，疑是地上霜。舉頭望明月，低頭思故鄉。",
    "春眠不覺曉，處處聞啼鳥。夜來風雨聲，花落知多少。",
    "白日依山盡，黃河入海流。欲窮千里目，更上一層樓。",
    "千山鳥飛絕，萬徑人蹤滅。孤舟蓑笠翁，獨釣寒江雪。",
    "大江東去，浪淘盡，千古風流人物。故壘西邊，人道是，三國周郎赤壁。",
    "国破山河在，城春草木深。感时花溅泪，恨别鸟惊心。",
    "明月幾時有？把酒問青天。不知天上宮闕，今夕是何年。",
    "我在2024年买了3.5公斤苹果，花了GPT-4的钱。",
]

ODD = [
    "",
    " ",
    "\n\n",
    "word",
    "a",
    "。",
    ".",
    "...",
    "?!?!",
    "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
    "&amp; &lt;b&gt; &quot;x&quot; <skipped> end-\nof line",
    "😀 😃 👩‍👩‍👧 🏳️‍🌈 fine 😀",
    "שלום עולם, מה שלומך היום?",
    "مرحبا بالعالم، كيف حالك اليوم؟",
    "the the the the the the the",
    "好好好好好好",
    "na na na na hey hey goodbye na na na na",
    "naïve café résumé — œuvre… ‘quoted’ “text”",
    "ИЗБА стоит на краю села",
    "\tTabs\tand\u3000wide\u00a0spaces\u2003here \u001c too",
    "𠀀𠀁 rare 𪚥 characters ㈠ ♥ ①",
    "İstanbul ΣΊΣΥΦΟΣ Straße",
    "1.000,00 5-6 7- -8 9.",
    "supercalifragilisticexpialidocious",
]

# Words for others, so that METEOR's stages each have something to find.
SWAPS = {
    "car": "automobile",
    "large": "big",
    "physician": "doctor",
    "begin": "start",
    "began": "start",
    "home": "house",
    "quick": "fast",
    "running": "runs",
    "singing": "sings",
    "men": "man",
    "beautiful": "beautifully",
    "buy": "purchase",
    "hurry": "rush",
    "lazy": "slow",
    "dog": "hounds",
    "lovely": "pretty",
    "forests": "wood",
    "good": "fine",
    "children": "child",
    "money": "cash",
    "wife": "women",
    "happily": "happy",
    "big": "large",
    "sick": "ill",
    "ill": "sick",
    "talk": "speak",
    "speak": "talk",
    "wood": "forest",
    "forest": "wood",
    "rock": "stone",
    "fall": "autumn",
    "boy": "lad",
    "cash": "money",
}

rng = random.Random(20251128)


def changed(text):
    """The same with some of its parts swapped, dropped, doubled or replaced."""
    by_character = " " not in text.strip()
    parts = list(text) if by_character else text.split(" ")
    out = []
    for part in parts:
        bare = part.strip(".,;:!?\"'").lower()
        chance = rng.random()
        if bare in SWAPS and chance < 0.8:
            out.append(part.lower().replace(bare, SWAPS[bare]))
        elif chance < 0.08:
            continue
        elif chance < 0.14:
            out += [part, part]
        elif chance < 0.2 and out:
            out.insert(-1, part)
        elif chance < 0.24:
            out.append(part.upper())
        else:
            out.append(part)
    return ("" if by_character else " ").join(out)


def pairs():
    """Hypotheses, each with its references."""
    out = []
    for group in (ENGLISH, CHINESE):
        for at, text in enumerate(group):
            other = group[(at + 1) % len(group)]
            out.append((text, [text]))
            out.append((changed(text), [text]))
            out.append((changed(changed(text)), [text]))
            out.append((changed(text), [other, text, changed(text)]))
            out.append((text, [other]))
            out.append((text[: len(text) // 2], [text]))
            out.append((text + " " + other, [text, other]))
    for at, text in enumerate(ODD):
        out.append((text, [text]))
        out.append((text, [ODD[(at + 1) % len(ODD)]]))
        out.append((ENGLISH[at % len(ENGLISH)], [text]))
        out.append((text, [changed(text), CHINESE[at % len(CHINESE)]]))
    return out
