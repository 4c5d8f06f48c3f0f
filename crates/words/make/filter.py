"""Writes static/words/filter.txt: the words that the filter for classrooms masks.

    npm pack naughty-words@1.2.0 && tar xzf naughty-words-1.2.0.tgz
    venv/bin/pip install opencc
    venv/bin/python filter.py package

The lists are of English and Chinese. Chinese words are written in traditional and
in simplified characters, since the models write either.
"""

import json
import pathlib
import sys

from opencc import OpenCC

# Not words to mask, but parts of blameless ones or of verse that is taught in
# schools: 乳燕, 燦爛, 枝幹, 貧賤, 鳩鳴, 後庭花, 吹簫, page "13.".
LEFT_OUT = set("乳 卵 奶 奸 妓 姦 幹 性 淫 爛 賤 逼 尻 鳩 撚 柒 13. 后庭 吹箫 老二 祖宗 激情 成人 妈妈的".split())

package = pathlib.Path(sys.argv[1])
english, chinese = (json.loads((package / f"{name}.json").read_text()) for name in ("en", "zh"))
missing = LEFT_OUT - set(chinese)
assert not missing, f"no longer in the list: {missing}"
chinese = [word for word in chinese if word not in LEFT_OUT]
words = set(english) | set(chinese)
for direction in ("s2t", "t2s"):
    convert = OpenCC(direction).convert
    words |= {convert(word) for word in chinese}
    # Where a word is converted otherwise than its characters, some write the latter.
    words |= {"".join(map(convert, word)) for word in chinese}
# A conversion may give what was left out.
words -= LEFT_OUT | {OpenCC("s2t").convert(word) for word in LEFT_OUT}

target = pathlib.Path(__file__).parent / "../../../static/words/filter.txt"
target.write_text("\n".join(["lampwork word filter 1", *sorted(words)]) + "\n")
print(len(english), "English and", len(chinese), "Chinese words,", len(words), "in all")
