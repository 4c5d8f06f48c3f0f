//! One form for each Chinese character.
//!
//! The package of poems was typed by many hands: 爲 and 為, 黄 and 黃, 鬭 and 鬥 stand
//! side by side, and its ci are simplified. All are brought to the traditional
//! forms that are taught in Taiwan, as far as OpenCC and a list of ours know them.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::sources::{fault, text};
use crate::{Fault, guangyun::Guangyun};

/// Other forms of characters that stand in the poems, each before the one that is
/// kept; from the standard lists of variants.
const VARIANTS: &str = "\
    却卻 烟煙 凉涼 卧臥 顔顏 隠隱 鬰鬱 髪髮 頼賴 浄淨 鈎鉤 鶑鶯 粧妝 鬭鬥 鬬鬥 閲閱 鳬鳧 臯皋 \
    髙高 馿驢 産產 隣鄰 餠餅 閙鬧 寛寬 鎸鐫 斾旆 幷并 鳯鳳 峩峨 怱匆 虀齏 畧略 穉稚 踈疏 駡罵 \
    潄漱 緑綠 鏁鎖 殻殼 廻迴 邉邊 頽頹 磵澗 羮羹 栢柏 槩概 覊羈 歳歲 笻筇 逈迥 揺搖 烱炯 綉繡 \
    幙幕 纒纏 薫薰 輙輒 讐讎 頳赬 毎每 敎教 蠧蠹 憇憩 呌叫 柂舵 翺翱 倐倏 閴闃 躭耽 臙胭 徴徵 \
    濶闊 懐懷 蕚萼 厠廁 囘回 氊氈 渇渴 様樣 艶豔 闗關 奬獎 巌巖 廼乃 飱飧 寜寧 觧解 飡餐 脇脅 \
    穏穩 衞衛 寃冤 嚢囊 勲勳 鐡鐵 逰遊 趂趁 絶絕 説說 録錄 内內 晩晚 歩步 黒黑 飮飲 靑青 淸清 \
    眞真 尙尚 卽即 旣既 鄕鄉 强強 携攜 黄黃 横橫 别別 吴吳 温溫 遥遙 瑶瑤 虚虛 况況 泪淚 脉脈 \
    盖蓋 静靜 争爭 宫宮 荆荊 决決 衮袞 带帶 帯帶 来來 韵韻 咏詠 羡羨 恒恆 户戶 戸戶 葱蔥 岩巖 \
    墻牆 牕窗 窓窗 窻窗 牎窗 鷄雞 鴈雁 葢蓋 煑煮 胷胸 劒劍 棊棋 碁棋 畵畫 邨村 塚冢 笋筍 葅菹 \
    鬂鬢 髩鬢 竝並 并並 徧遍 疎疏 歎嘆 遶繞 煖暖 蹔暫 嶽岳 戯戲 戱戲 呉吳 収收 尓爾 尒爾 \
    冩寫 氷冰 凴憑 凭憑 刼劫 勅敕 厨廚 叅參 啣銜 嘷嗥 囬回 埜野 堦階 塲場 壻婿 姸妍 娯娛 嬾懶 \
    寳寶 尠鮮 嶋島 巗巖 庻庶 廐廄 恠怪 悤匆 慙慚 懴懺 摇搖 擕攜 攷考 敍敘 昬昏 暎映 曺曹 枏楠 \
    梹檳 楳梅 榘矩 槖橐 槗橋 欵款 欝鬱 歗嘯 汚污 汙污 泝溯 涖蒞 渉涉 湏須 溼濕 滙匯 澁澀 濵濱 \
    煕熙 熈熙 爕燮 牋箋 犂犁 狥徇 猨猿 琹琴 瑠琉 瓈璃 甎磚 畆畝 畒畝 癈廢 皐皋 盌碗 眎視 睂眉 \
    礀澗 稾稿 窰窯 竢俟 篛箬 簮簪 糓穀 紬綢 絃弦 綵彩 縁緣 缾瓶 罇樽 羣群 耡鋤 脗吻 艸草 苐第 \
    荅答 蒪蓴 蔕蒂 蕋蕊 蘂蕊 蘤花 虗虛 蜨蝶 蝨虱 衂衄 襃褒 覔覓 譌訛 豓豔 贒賢 踪蹤 輭軟 遯遁 \
    醻酬 陻堙 隂陰 陁陀 雝雍 霛靈 頋顧 颷飆 飈飆 飃飄 餧餵 騐驗 鮝鯗 鴬鶯 鵶鴉 麤粗 麄粗 鼇鰲 \
    齅嗅 龝秋 秌秋 刋刊 滛淫";

/// Brings characters to one form each.
#[derive(Debug, Default)]
pub struct Characters {
    /// To the kept form.
    kept: HashMap<char, char>,
    /// Simplified phrases of two characters and more.
    phrases: HashMap<String, String>,
    longest: usize,
    /// Simplified characters.
    traditional: HashMap<char, char>,
    /// Traditional characters to simplified ones.
    simplified: HashMap<char, char>,
    /// For each kept form, the others.
    others: HashMap<char, Vec<char>>,
}

impl Characters {
    /// Reads OpenCC's tables from `dict` of the package opencc-js.
    ///
    /// # Errors
    /// A table is missing or is none.
    pub fn read(dict: &Path, guangyun: &Guangyun) -> Result<Self, Fault> {
        let read = |name: &str| entries(&dict.join(format!("{name}.js")));
        let singles = |name: &str| {
            let single =
                |(from, to): (String, Vec<String>)| Some((single(&from)?, singles_of(&to)));
            Ok::<_, Fault>(
                read(name)?
                    .into_iter()
                    .filter_map(single)
                    .collect::<Vec<_>>(),
            )
        };
        let compatibility = singles("CJK_Compatibility_Ideographs")?;
        let traditional = singles("STCharacters")?;
        let taiwan = singles("TWVariants")?;
        let japanese = singles("JPShinjitaiCharacters")?;
        let simplified = singles("TSCharacters")?;

        let mut kept = HashMap::new();
        for (from, to) in &compatibility {
            kept.extend(to.first().map(|&to| (*from, to)));
        }
        // A simplified form may be another character in an old text (云, 后, 余): it is
        // one only where the Guangyun does not know it.
        for (from, to) in traditional.iter().chain(&japanese) {
            let to = to.first().filter(|to| *to != from);
            if let Some(&to) = to
                && guangyun.of(*from).is_empty()
                && !guangyun.of(to).is_empty()
            {
                kept.insert(*from, to);
            }
        }
        for (from, to) in &taiwan {
            kept.extend(to.first().map(|&to| (*from, to)));
        }
        for pair in VARIANTS.split_whitespace() {
            let pair: Vec<char> = pair.chars().collect();
            if pair[0] != pair[1] {
                kept.insert(pair[0], pair[1]);
            }
        }
        // One step must be enough.
        let close = |mut one: char| {
            let mut seen = HashSet::new();
            while let Some(&next) = kept.get(&one) {
                if !seen.insert(one) {
                    break;
                }
                one = next;
            }
            one
        };
        let kept: HashMap<char, char> = kept.keys().map(|&from| (from, close(from))).collect();
        let mut others: HashMap<char, Vec<char>> = HashMap::new();
        for (&from, &to) in &kept {
            others.entry(to).or_default().push(from);
        }
        for list in others.values_mut() {
            list.sort_unstable();
        }
        let phrases: HashMap<String, String> = read("STPhrases")?
            .into_iter()
            .filter_map(|(from, to)| Some((from, to.into_iter().next()?)))
            .collect();
        let first = |list: Vec<(char, Vec<char>)>| -> HashMap<char, char> {
            let first = |(from, to): (char, Vec<char>)| Some((from, *to.first()?));
            list.into_iter().filter_map(first).collect()
        };
        Ok(Self {
            kept,
            longest: phrases
                .keys()
                .map(|phrase| phrase.chars().count())
                .max()
                .unwrap_or(0),
            phrases,
            traditional: first(traditional),
            simplified: first(simplified),
            others,
        })
    }

    /// A text in the forms that are kept.
    pub fn keep(&self, text: &str) -> String {
        text.chars()
            .map(|one| self.kept.get(&one).copied().unwrap_or(one))
            .collect()
    }

    /// A simplified text in the forms that are kept: the longest phrases first, then
    /// single characters.
    pub fn traditional(&self, text: &str) -> String {
        let characters: Vec<char> = text.chars().collect();
        let mut out = String::new();
        let mut at = 0;
        while at < characters.len() {
            let longest = self.longest.min(characters.len() - at);
            let phrase = (2..=longest).rev().find_map(|length| {
                let phrase: String = characters[at..at + length].iter().collect();
                Some((length, self.phrases.get(&phrase)?))
            });
            match phrase {
                Some((length, to)) => {
                    out.push_str(to);
                    at += length;
                }
                None => {
                    let one = characters[at];
                    out.push(self.traditional.get(&one).copied().unwrap_or(one));
                    at += 1;
                }
            }
        }
        self.keep(&out)
    }

    /// The simplified form of a character that is kept, if it is another one.
    pub fn simplified(&self, one: char) -> Option<char> {
        let others = self.others.get(&one).into_iter().flatten();
        let known = std::iter::once(&one).chain(others);
        let mut forms = known.filter_map(|form| self.simplified.get(form).copied());
        forms.next().filter(|form| *form != one)
    }

    /// Other forms of a character that is kept.
    pub fn others(&self, one: char) -> &[char] {
        self.others.get(&one).map_or(&[], Vec::as_slice)
    }
}

/// The entries of one of OpenCC's tables: a word, and what it may become.
fn entries(path: &Path) -> Result<Vec<(String, Vec<String>)>, Fault> {
    let script = text(path)?;
    let inner = script
        .find('"')
        .zip(script.rfind('"'))
        .filter(|(start, end)| start < end);
    let (start, end) = inner.ok_or_else(|| fault(path, "it is no table of OpenCC's"))?;
    Ok(script[start + 1..end]
        .split('|')
        .filter_map(|entry| {
            let mut words = entry.split(' ').map(str::to_owned);
            Some((words.next()?, words.collect()))
        })
        .collect())
}

fn single(text: &str) -> Option<char> {
    let mut characters = text.chars();
    let first = characters.next();
    first.filter(|_| characters.next().is_none())
}

fn singles_of(texts: &[String]) -> Vec<char> {
    texts.iter().filter_map(|text| single(text)).collect()
}

/// Whether a character is a Chinese one.
pub fn is_chinese(one: char) -> bool {
    matches!(one, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}')
}
