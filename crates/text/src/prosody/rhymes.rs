//! The rhymes of the Guangyun (1008), the groups of the Pingshui tables that verse
//! of Tang and Song keeps, and the parts of the Cilin Zhengyun that ci keep.

use std::sync::LazyLock;

/// The four tones of Middle Chinese.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tone {
    /// 平
    Level,
    /// 上
    Rising,
    /// 去
    Departing,
    /// 入
    Entering,
}

impl Tone {
    /// Whether verse counts it as oblique (仄): all but the level one.
    pub fn is_oblique(self) -> bool {
        self != Tone::Level
    }

    /// Its name in Chinese.
    pub fn name_zh(self) -> &'static str {
        match self {
            Tone::Level => "平",
            Tone::Rising => "上",
            Tone::Departing => "去",
            Tone::Entering => "入",
        }
    }
}

/// A group of the Pingshui tables: its name and the Guangyun rhymes in it.
type Group = (&'static str, &'static str);

/// The 106 groups, tone by tone. A group is named after the first character of
/// the traditional list, which is not always that of the Guangyun.
const GROUPS: [(Tone, &[Group]); 4] = [
    (
        Tone::Level,
        &[
            ("東", "東"),
            ("冬", "冬鍾"),
            ("江", "江"),
            ("支", "支脂之"),
            ("微", "微"),
            ("魚", "魚"),
            ("虞", "虞模"),
            ("齊", "齊"),
            ("佳", "佳皆"),
            ("灰", "灰咍"),
            ("真", "眞諄臻"),
            ("文", "文欣"),
            ("元", "元魂痕"),
            ("寒", "寒桓"),
            ("刪", "刪山"),
            ("先", "先仙"),
            ("蕭", "蕭宵"),
            ("肴", "肴"),
            ("豪", "豪"),
            ("歌", "歌戈"),
            ("麻", "麻"),
            ("陽", "陽唐"),
            ("庚", "庚耕清"),
            ("青", "青"),
            ("蒸", "蒸登"),
            ("尤", "尤侯幽"),
            ("侵", "侵"),
            ("覃", "覃談"),
            ("鹽", "鹽添嚴"),
            ("咸", "咸銜凡"),
        ],
    ),
    (
        Tone::Rising,
        &[
            ("董", "董"),
            ("腫", "腫"),
            ("講", "講"),
            ("紙", "紙旨止"),
            ("尾", "尾"),
            ("語", "語"),
            ("麌", "麌姥"),
            ("薺", "薺"),
            ("蟹", "蟹駭"),
            ("賄", "賄海"),
            ("軫", "軫準"),
            ("吻", "吻隱"),
            ("阮", "阮混很"),
            ("旱", "旱緩"),
            ("潸", "潸產"),
            ("銑", "銑獮"),
            ("篠", "篠小"),
            ("巧", "巧"),
            ("皓", "晧"),
            ("哿", "哿果"),
            ("馬", "馬"),
            ("養", "養蕩"),
            ("梗", "梗耿靜"),
            ("迥", "迥拯等"),
            ("有", "有厚黝"),
            ("寢", "寑"),
            ("感", "感敢"),
            ("儉", "琰忝儼"),
            ("豏", "豏檻范"),
        ],
    ),
    (
        Tone::Departing,
        &[
            ("送", "送"),
            ("宋", "宋用"),
            ("絳", "絳"),
            ("寘", "寘至志"),
            ("未", "未"),
            ("御", "御"),
            ("遇", "遇暮"),
            ("霽", "霽祭"),
            ("泰", "泰"),
            ("卦", "卦怪夬"),
            ("隊", "隊代廢"),
            ("震", "震稕"),
            ("問", "問焮"),
            ("願", "願慁恨"),
            ("翰", "翰換"),
            ("諫", "諫襇"),
            ("霰", "霰線"),
            ("嘯", "嘯笑"),
            ("效", "效"),
            ("號", "号"),
            ("箇", "箇過"),
            ("禡", "禡"),
            ("漾", "漾宕"),
            ("敬", "映諍勁"),
            ("徑", "徑證嶝"),
            ("宥", "宥候幼"),
            ("沁", "沁"),
            ("勘", "勘闞"),
            ("豔", "豔㮇釅"),
            ("陷", "陷鑑梵"),
        ],
    ),
    (
        Tone::Entering,
        &[
            ("屋", "屋"),
            ("沃", "沃燭"),
            ("覺", "覺"),
            ("質", "質術櫛"),
            ("物", "物迄"),
            ("月", "月沒"),
            ("曷", "曷末"),
            ("黠", "黠鎋"),
            ("屑", "屑薛"),
            ("藥", "藥鐸"),
            ("陌", "陌麥昔"),
            ("錫", "錫"),
            ("職", "職德"),
            ("緝", "緝"),
            ("合", "合盍"),
            ("葉", "葉怗業"),
            ("洽", "洽狎乏"),
        ],
    ),
];

/// The 19 parts that ci rhyme in, as Guangyun rhymes. Three rhymes of which a half
/// goes each way stand in both.
const PARTS: [&str; 19] = [
    "東冬鍾董腫送宋用",
    "江陽唐講養蕩絳漾宕",
    "支脂之微齊灰紙旨止尾薺賄寘至志未霽祭泰隊廢",
    "魚虞模語麌姥御遇暮",
    "佳皆咍蟹駭海泰卦怪夬代",
    "眞諄臻文欣魂痕軫準吻隱混很震稕問焮慁恨",
    "元寒桓刪山先仙阮旱緩潸產銑獮願翰換諫襇霰線",
    "蕭宵肴豪篠小巧晧嘯笑效号",
    "歌戈哿果箇過",
    "佳麻馬卦禡",
    "庚耕清青蒸登梗耿靜迥拯等映諍勁徑證嶝",
    "尤侯幽有厚黝宥候幼",
    "侵寑沁",
    "覃談鹽添嚴咸銜凡感敢琰忝儼豏檻范勘闞豔㮇釅陷鑑梵",
    "屋沃燭",
    "覺藥鐸",
    "質術櫛陌麥昔錫職德緝",
    "物迄月沒曷末黠鎋屑薛葉怗業",
    "合盍洽狎乏",
];

/// How many rhymes the Guangyun has.
pub const RHYMES: usize = 206;

/// How many groups the Pingshui tables have.
pub const PINGSHUI: usize = 106;

/// A rhyme of the Guangyun, by its place in the order of the groups above.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rhyme(u8);

impl Rhyme {
    /// The rhyme of a number, below [`RHYMES`].
    pub fn from_number(number: u8) -> Option<Self> {
        (usize::from(number) < RHYMES).then_some(Self(number))
    }

    /// The rhyme that the Guangyun names by this character.
    pub fn from_name(name: char) -> Option<Self> {
        let at = TABLE.iter().position(|entry| entry.name == name);
        at.map(|at| Self(at as u8))
    }

    /// Its number.
    pub fn number(self) -> u8 {
        self.0
    }

    /// Its tone.
    pub fn tone(self) -> Tone {
        self.entry().tone
    }

    /// Its name in the Guangyun.
    pub fn name(self) -> char {
        self.entry().name
    }

    /// Its group in the Pingshui tables.
    pub fn group(self) -> PingshuiGroup {
        PingshuiGroup(self.entry().group)
    }

    /// The parts that ci rhyme in, a bit for each.
    pub fn parts(self) -> u32 {
        self.entry().parts
    }

    fn entry(self) -> &'static Entry {
        &TABLE[usize::from(self.0)]
    }
}

/// What is known of a rhyme.
struct Entry {
    name: char,
    tone: Tone,
    group: u8,
    parts: u32,
}

/// All rhymes, looked up once, since poems ask for them by the thousand.
static TABLE: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut table = Vec::with_capacity(RHYMES);
    let mut number = 0;
    for (tone, groups) in GROUPS {
        for (_, rhymes) in groups {
            table.extend(rhymes.chars().map(|name| {
                Entry {
                    name,
                    tone,
                    group: number,
                    parts: (0..PARTS.len())
                        .filter(|&part| PARTS[part].contains(name))
                        .fold(0, |bits, part| bits | 1 << part),
                }
            }));
            number += 1;
        }
    }
    table
});

/// A group of the Pingshui tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PingshuiGroup(u8);

impl PingshuiGroup {
    /// Its number, below [`PINGSHUI`].
    pub fn number(self) -> u8 {
        self.0
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let mut groups = GROUPS.iter().flat_map(|(_, groups)| groups.iter());
        groups
            .nth(usize::from(self.0))
            .expect("numbers are checked")
            .0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_as_many_rhymes_groups_and_tones_as_there_should_be() {
        assert_eq!(TABLE.len(), RHYMES);
        let names: HashSet<char> = TABLE.iter().map(|entry| entry.name).collect();
        assert_eq!(names.len(), RHYMES);
        assert_eq!(GROUPS.map(|(_, groups)| groups.len()), [30, 29, 30, 17]);
        // Level, rising, departing and entering rhymes of the Guangyun.
        let counts = GROUPS.map(|(_, groups)| {
            groups
                .iter()
                .map(|(_, rhymes)| rhymes.chars().count())
                .sum::<usize>()
        });
        assert_eq!(counts, [57, 55, 60, 34]);
    }

    #[test]
    fn rhymes_know_their_groups_and_parts() {
        let rhyme = |name| Rhyme::from_name(name).unwrap();
        for number in 0..RHYMES as u8 {
            let known = Rhyme::from_number(number).unwrap();
            assert_eq!(rhyme(known.name()), known);
            assert!(
                (1..=2).contains(&known.parts().count_ones()),
                "{}",
                known.name()
            );
        }
        assert_eq!(Rhyme::from_number(206), None);
        assert_eq!(rhyme('唐').group().name(), "陽");
        assert_eq!(rhyme('乏').group().number(), 105);
        assert_eq!(
            (rhyme('登').tone(), rhyme('德').tone()),
            (Tone::Level, Tone::Entering)
        );
        assert_eq!(rhyme('江').parts(), rhyme('宕').parts());
        assert_ne!(rhyme('灰').parts(), rhyme('咍').parts());
        let both = TABLE.iter().fold(0, |bits, entry| bits | entry.parts);
        assert_eq!(both, (1 << 19) - 1);
    }
}
