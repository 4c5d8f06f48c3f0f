//! What a poem is about and how it feels, by the words it uses.
//!
//! These labels are derived, and said to be so wherever they are shown: a poem
//! has a mood or a theme because enough words of a list stand in it, not because
//! somebody judged it. `crates/text/README.md` says how often that is right.

/// Declares names that a label may have.
macro_rules! labels {
    ($(#[$about:meta])* $kind:ident { $($variant:ident $name:literal $zh:literal $words:expr;)+ }) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $kind {
            $(
                #[doc = concat!($name, ", ", $zh)]
                $variant,
            )+
        }

        impl $kind {
            /// All of them, by number.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// Its name in English, by which the vocabulary knows it.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// Its name in Chinese, in traditional characters.
            pub fn name_zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)+ }
            }

            /// The words it is known by, with blanks between them.
            pub fn words(self) -> &'static str {
                match self { $(Self::$variant => $words,)+ }
            }

            /// Its number, by which a corpus knows it.
            pub fn number(self) -> usize {
                self as usize
            }
        }
    };
}

labels! {
    /// How a poem feels.
    Mood {
        Joy "joy" "喜" "喜 歡 慶 賀 悅 欣 樂事 歡娛 歡喜 佳節 春風得意 喜氣 可喜 歡樂 快活 怡然 陶然 欣然 喜見 喜逢 豐年 萬壽 壽星 壽酒 長壽 獻壽 壽觴 稱壽";
        Sorrow "sorrow" "悲" "愁 淚 悲 哀 泣 恨 傷 涕 哭 慟 悽 淒 慘 斷腸 腸斷 斷魂 銷魂 傷心 惆悵 憔悴 白骨 孤墳 荒墳 嗚咽 淚痕 淚下 淚滿 沾巾 沾襟 沾裳 零落 凋零 薄命 黃泉 挽歌 悼 亡 哽咽 長恨 愁絕 悲風 悲秋 愁人 挽 輓 弔 不勝悲 永訣";
        Longing "longing" "思" "思 憶 鄉 相思 思歸 思家 思君 憶君 懷人 故鄉 故園 鄉心 鄉關 鄉思 歸心 歸夢 歸期 天涯 千里外 何時歸 何日歸 不見君 望君 望鄉 夢魂 客心 客夢 遊子 音書 書信 尺素 錦書 雁書 寄書 家書 別後 離別 遠別 關山 萬里客";
        Calm "calm" "閒" "閒 閑 靜 幽 眠 臥 禪 無事 靜坐 閉門 掩門 柴門 林下 清閒 清閑 忘機 塵外 世外 山僧 野僧 幽居 幽人 漁翁 釣 琴 棋 煮茶 烹茶 茶煙 竹林 竹影 晏坐 安居 午睡 晝眠 自在 蕭散 隱居 吏隱 歸隱 隱者";
        Heroic "heroic" "壯" "劍 戰 旌 旗 虜 胡 將軍 英雄 豪 壯 丈夫 男兒 鐵馬 金戈 弓 箭 刀 槍 鼓角 戎 破敵 橫行 烈士 報國 請纓 長驅 匈奴 單于 樓蘭 陰山 玉關 天山 氣吞 叱咤 驍 勇 龍虎 霸 出征 長征 殺賊 殺氣 塞上 出塞 萬里侯 平戎 從軍";
    }
}

labels! {
    /// What a poem is about.
    Theme {
        Moon "moon" "月" "明月 月明 月色 月光 新月 殘月 秋月 玩月 中秋 月華 月影 月下 夜月 嬋娟 素娥 姮娥 嫦娥 玉兔 桂魄 蟾 月";
        Mountain "mountain" "山" "青山 山色 登山 山中 峰 峯 嶺 嶽 岳 崖 巖 岩 千山 亂山 翠微 岩壑 山高 登高 終南 廬山 泰山 嵩 衡山 山路 山水";
        River "river" "江河" "江 河 湖 溪 水 舟 船 波 浪 漁 帆 潮 灘 洲 渡 渚 浦 釣 長江 江上 江水 湖上 西湖 洞庭 瀟湘 扁舟";
        Spring "spring" "春" "春 東風 春風 春色 春日 春水 芳草 楊柳 柳絮 桃李 清明 寒食 燕子 黃鸝 鶯 韶華";
        Autumn "autumn" "秋" "秋 西風 秋風 秋色 重陽 重九 九日 落葉 黃葉 紅葉 菊 霜 蟬 蛩 蟋蟀 七夕 中秋 梧桐 鴻雁";
        Snow "snow" "雪" "雪 冰 寒梅 臘 冬 飛雪 白雪 雪花 雪中 凍 歲寒 六花";
        Rain "rain" "雨" "雨 細雨 風雨 夜雨 春雨 秋雨 雨後 聽雨 喜雨 霖 雷 苦雨 煙雨";
        Flowers "flowers" "花" "花 梅 桃 杏 梨花 海棠 牡丹 芍藥 荷 蓮 菊 蘭 桂花 荼蘼 酴醾 薔薇 紅杏 落花 看花 賞花 花開 梅花 芙蓉 葵 榴花 瑞香 水仙 木犀";
        Wine "wine" "酒" "酒 醉 杯 樽 尊前 觴 飲 酌 醒 醪 醅 酣 金樽 美酒 一杯 把酒 攜酒";
        Parting "parting" "別" "別 送 餞 離 離亭 長亭 陽關 灞 折柳 分手 送君 送客 歧路 祖席 贈別 留別 離別 去去 此去";
        War "war" "邊塞" "戰 兵 戎 虜 胡 塞 邊 烽 將軍 征人 征夫 戍 鐵馬 金戈 單于 匈奴 陣 玉關 玉門 樓蘭 軍 甲 旌旗 干戈 弓";
        Palace "palace" "宮" "宮 殿 君王 天子 鳳 鸞 輦 御 禁 昭陽 長門 宮女 玉階 丹墀 宸 閶闔 金鑾 朝回 宮詞 皇 后 帝 翠華 長信 宮中";
        Temple "temple" "寺" "寺 僧 禪 佛 鐘 磬 香火 梵 塔 法師 上人 長老 師 空門 精舍 蘭若 菩提 袈裟 經 偈 道士 觀 仙 丹";
        Friendship "friendship" "友" "故人 友 知己 知音 酬 贈 寄 同遊 相逢 舊遊 故交 交情 論心 相知 兄 弟 訪";
        Farming "farming" "田園" "田 農 耕 桑 麻 麥 稻 禾 牛 犁 鋤 蠶 村 籬 豚 雞犬 田家 田園 桑麻 社日 豐年 秧 牧 稼";
        Travel "travel" "行旅" "客 旅 行人 驛 路 途 征 孤舟 夜泊 泊 羈 馬 鞍 關 道中 舟中 曉行 早行 客舍 逆旅 客路 宿";
    }
}

/// What the words of a poem say of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Labels {
    /// Its mood, if one stands out.
    pub mood: Option<Mood>,
    /// Bit `n` is set for theme number `n`; at most three are.
    pub themes: u16,
}

/// The words of all lists, by their first characters.
#[derive(Debug, Clone)]
pub struct Lexicon {
    /// First characters in order, each with its words, the longest first.
    words: Vec<(char, Vec<Word>)>,
}

#[derive(Debug, Clone, Copy)]
struct Word {
    text: &'static str,
    /// Number of the label; themes come behind moods.
    label: usize,
    weight: usize,
}

/// How many labels there are.
const LABELS: usize = Mood::ALL.len() + Theme::ALL.len();

impl Default for Lexicon {
    fn default() -> Self {
        let moods = Mood::ALL.iter().map(|mood| mood.words());
        let lists = moods.chain(Theme::ALL.iter().map(|theme| theme.words()));
        let mut words: Vec<Word> = Vec::new();
        for (label, list) in lists.enumerate() {
            words.extend(list.split_whitespace().map(|text| {
                let characters = text.chars().count();
                Word {
                    text,
                    label,
                    weight: characters * characters,
                }
            }));
        }
        words.sort_by_key(|word| (first(word.text), std::cmp::Reverse(word.weight), word.label));
        let mut lists: Vec<(char, Vec<Word>)> = Vec::new();
        for word in words {
            match lists.last_mut() {
                Some((one, list)) if *one == first(word.text) => list.push(word),
                _ => lists.push((first(word.text), vec![word])),
            }
        }
        Self { words: lists }
    }
}

fn first(text: &str) -> char {
    text.chars().next().unwrap_or(' ')
}

impl Lexicon {
    /// How much the words of each list weigh in a text: the square of their length,
    /// each time that one stands there. A longer word counts in place of those of the
    /// same list inside it.
    fn weights(&self, text: &str) -> [usize; LABELS] {
        let mut weights = [0; LABELS];
        let mut past = [0; LABELS];
        for (at, one) in text.char_indices() {
            let Ok(list) = self.words.binary_search_by_key(&one, |entry| entry.0) else {
                continue;
            };
            for word in &self.words[list].1 {
                if past[word.label] <= at && text[at..].starts_with(word.text) {
                    weights[word.label] += word.weight;
                    past[word.label] = at + word.text.len();
                }
            }
        }
        weights
    }

    /// The labels of a poem, whose lines are in traditional characters.
    ///
    /// A mood is given if its words weigh 3 or more in title and lines, more than those
    /// of any other, and twice as much unless they weigh 5; a theme if its words weigh 3
    /// or more, those of the title counting twice.
    pub fn labels(&self, title: &str, lines: &str) -> Labels {
        let (title, lines) = (self.weights(title), self.weights(lines));
        let moods: Vec<usize> = (0..Mood::ALL.len())
            .map(|at| lines[at] + title[at])
            .collect();
        let most = moods.iter().copied().max().unwrap_or(0);
        let equal = moods.iter().filter(|&&weight| weight == most).count();
        let near = moods.iter().filter(|&&weight| 2 * weight > most).count();
        let stands_out = most >= 3 && equal == 1 && (near == 1 || most >= 5);
        let mood = Mood::ALL
            .into_iter()
            .find(|mood| moods[mood.number()] == most);

        let mut themes: Vec<(usize, Theme)> = Theme::ALL
            .iter()
            .map(|&theme| {
                let at = Mood::ALL.len() + theme.number();
                (lines[at] + 2 * title[at], theme)
            })
            .filter(|(weight, _)| *weight >= 3)
            .collect();
        themes.sort_by_key(|&(weight, theme)| (std::cmp::Reverse(weight), theme));
        let themes = themes.iter().take(3);
        Labels {
            mood: mood.filter(|_| stands_out),
            themes: themes.fold(0, |bits, (_, theme)| bits | 1 << theme.number()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn longer_words_count_in_place_of_shorter_ones() {
        let weights =
            |text| Lexicon::default().weights(text)[Mood::ALL.len() + Theme::Moon.number()];
        assert_eq!([weights("明月月"), weights("春江"), weights("")], [5, 0, 0]);
    }

    #[test]
    fn poems_are_labelled_by_their_words() {
        let labels = |title, lines| Lexicon::default().labels(title, lines);
        let quiet = labels("靜夜思", "床前明月光，疑是地上霜。舉頭望明月，低頭思故鄉。");
        assert_eq!(quiet.mood, Some(Mood::Longing));
        assert!(quiet.themes & 1 << Theme::Moon.number() != 0);
        let border = labels(
            "出塞",
            "秦時明月漢時關，萬里長征人未還。但使龍城飛將在，不教胡馬度陰山。",
        );
        assert_eq!(border.mood, Some(Mood::Heroic));
        assert_eq!(labels("", "白日依山盡").mood, None);
        assert_eq!(labels("", "愁人").mood, Some(Mood::Sorrow));
    }

    #[test]
    fn names_are_told_apart() {
        let mut names: Vec<&str> = Theme::ALL.iter().map(|theme| theme.name()).collect();
        names.extend(Mood::ALL.iter().map(|mood| mood.name()));
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!((names.len(), count), (21, 21));
    }
}
