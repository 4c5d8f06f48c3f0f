//! Words for the parts of a face.

use super::Word;

/// Colours by their hexadecimal code, as adjectives.
const COLOURS: &[(&str, &str, &str)] = &[
    // Hair and what is worn on it.
    ("000000", "black", "黑色"),
    ("28150a", "black", "黑色"),
    ("2c1b18", "black", "黑色"),
    ("2e1e05", "dark brown", "深棕色"),
    ("4a312c", "dark brown", "深棕色"),
    ("603a14", "brown", "棕色"),
    ("603015", "brown", "棕色"),
    ("612616", "brown", "棕色"),
    ("724133", "brown", "棕色"),
    ("83623b", "light brown", "浅棕色"),
    ("a78961", "light brown", "浅棕色"),
    ("a55728", "auburn", "赤褐色"),
    ("b58143", "light brown", "浅棕色"),
    ("611c17", "dark red", "深红色"),
    ("bd1700", "red", "红色"),
    ("c93305", "red", "红色"),
    ("a62116", "red", "红色"),
    ("cab188", "blond", "金色"),
    ("d6b370", "blond", "金色"),
    ("ecdcbf", "pale blond", "浅金色"),
    ("e8e1e1", "white", "白色"),
    ("9a9a9a", "grey", "灰色"),
    ("989789", "grey", "灰色"),
    ("f59797", "pink", "粉色"),
    ("cc6192", "pink", "粉色"),
    ("4f7fc9", "blue", "蓝色"),
    ("2663a3", "blue", "蓝色"),
    ("009bbd", "blue", "蓝色"),
    ("91cb15", "green", "绿色"),
    ("3d8a6b", "green", "绿色"),
    ("614f8a", "purple", "紫色"),
    // Clothes.
    ("e78276", "red", "红色"),
    ("ffcf77", "orange", "橙色"),
    ("fdea6b", "yellow", "黄色"),
    ("78e185", "green", "绿色"),
    ("9ddadb", "light blue", "浅蓝色"),
    ("8fa7df", "blue", "蓝色"),
    ("e279c7", "pink", "粉色"),
    ("5bc0de", "light blue", "浅蓝色"),
    ("428bca", "blue", "蓝色"),
    ("03396c", "dark blue", "深蓝色"),
    ("88d8b0", "light green", "浅绿色"),
    ("44c585", "green", "绿色"),
    ("00b159", "green", "绿色"),
    ("ff6f69", "red", "红色"),
    ("d11141", "red", "红色"),
    ("ae0001", "dark red", "深红色"),
    ("ffeead", "cream", "米色"),
    ("ffd969", "yellow", "黄色"),
    ("ffc425", "yellow", "黄色"),
    // Thumbs.
    ("0a5b83", "dark blue", "深蓝色"),
    ("1c799f", "blue", "蓝色"),
    ("69d2e7", "light blue", "浅蓝色"),
    ("f1f4dc", "cream", "米色"),
    ("f88c49", "orange", "橙色"),
];

const SKINS: &[(&str, &str, &str)] = &[
    ("ffffff", "white skin", "白色皮肤"),
    ("ffdbb4", "light skin", "浅色皮肤"),
    ("ffe0c2", "light skin", "浅色皮肤"),
    ("ffdbac", "light skin", "浅色皮肤"),
    ("f5cfa0", "light skin", "浅色皮肤"),
    ("eac393", "light skin", "浅色皮肤"),
    ("edb98a", "tan skin", "小麦色皮肤"),
    ("e8b48a", "tan skin", "小麦色皮肤"),
    ("e0b687", "tan skin", "小麦色皮肤"),
    ("cb9e6e", "tan skin", "小麦色皮肤"),
    ("d08b5b", "brown skin", "棕色皮肤"),
    ("b68655", "brown skin", "棕色皮肤"),
    ("ae5d29", "brown skin", "棕色皮肤"),
    ("c68642", "brown skin", "棕色皮肤"),
    ("a26d3d", "brown skin", "棕色皮肤"),
    ("8d5524", "dark skin", "深色皮肤"),
    ("8d5a3a", "dark skin", "深色皮肤"),
    ("694d3d", "dark skin", "深色皮肤"),
];

/// Heads of Open Peeps, by how their names begin. The mark `#` stands for the
/// colour of dyed hair, `@` for that of the clothes, which some hats share.
const PEEP_HEADS: &[(&str, &str, &str)] = &[
    ("afro", "a black afro", "黑色爆炸头"),
    ("bangs", "# hair with bangs", "#刘海"),
    ("bangs2", "black hair with bangs", "黑色刘海"),
    ("bantuKnots", "black hair in small knots", "黑色小发结"),
    ("bear", "the head of a bear", "熊头"),
    ("bun", "black hair in a bun", "黑色丸子头"),
    ("buns", "black hair in many buns", "黑色多丸子头"),
    ("cornrows", "# braids", "#辫子"),
    ("cornrows2", "black braids", "黑色辫子"),
    ("dreads", "black dreadlocks", "黑色脏辫"),
    ("flatTop", "black flat top hair", "黑色平顶头"),
    ("grayBun", "# hair in a bun", "#丸子头"),
    ("grayMedium", "medium # hair", "#中长发"),
    ("grayShort", "short # hair", "#短发"),
    ("hatBeanie", "a @ beanie", "@毛线帽"),
    ("hatHip", "a black hat", "黑色帽子"),
    ("hijab", "a black hijab", "黑色头巾"),
    ("long", "long black hair", "黑色长发"),
    ("longAfro", "a big black afro", "黑色大爆炸头"),
    ("longBangs", "long black hair with bangs", "黑色刘海长发"),
    ("longCurly", "long curly black hair", "黑色长卷发"),
    ("medium", "medium black hair", "黑色中长发"),
    (
        "mediumBangs",
        "medium black hair with bangs",
        "黑色刘海中长发",
    ),
    ("mediumBangs2", "medium # hair with bangs", "#刘海中长发"),
    ("mohawk", "a # mohawk", "#莫西干头"),
    ("noHair", "bald", "光头"),
    ("noHair3", "balding, # hair", "#秃顶"),
    ("pomp", "a black pompadour", "黑色大背头"),
    ("shaved", "black hair with shaved sides", "两侧剃短的黑发"),
    ("short", "short black hair", "黑色短发"),
    ("short4", "short # hair", "#短发"),
    ("turban", "a @ turban", "@缠头巾"),
    ("twists", "short twisted black hair", "黑色短扭辫"),
];

const PEEP_FACES: &[(&str, &str, &str)] = &[
    ("angryWithFang", "angry, with a fang", "生气露牙"),
    ("awe", "in awe", "惊叹"),
    ("blank", "blank look", "面无表情"),
    ("calm", "calm", "平静"),
    ("cheeky", "cheeky", "调皮"),
    ("concernedFear", "afraid", "害怕"),
    ("concerned", "concerned", "担心"),
    ("contempt", "contemptuous", "轻蔑"),
    ("cute", "cute", "可爱"),
    ("cyclops", "one eye", "独眼"),
    ("driven", "determined", "坚定"),
    ("eatingHappy", "happily eating", "开心地吃"),
    ("explaining", "talking", "说话"),
    ("eyesClosed", "eyes closed", "闭眼"),
    ("fear", "afraid", "害怕"),
    ("hectic", "hectic", "慌张"),
    ("lovingGrin", "loving grin", "甜蜜的笑"),
    ("monster", "monster face", "怪物脸"),
    ("old", "old", "年老"),
    ("rage", "raging", "暴怒"),
    ("serious", "serious", "严肃"),
    ("smileBig", "big smile", "大笑"),
    ("smileLOL", "laughing", "哈哈大笑"),
    (
        "smileTeethGap",
        "smiling with a gap in the teeth",
        "露齿缝微笑",
    ),
    ("smile", "smiling", "微笑"),
    ("solemn", "solemn", "庄重"),
    ("suspicious", "suspicious", "怀疑"),
    ("tired", "tired", "疲倦"),
    ("veryAngry", "very angry", "非常生气"),
];

const PEEP_BEARDS: &[(&str, &str, &str)] = &[
    ("chin", "a chin beard", "下巴胡"),
    ("full", "a full beard", "络腮胡"),
    ("goatee", "a goatee", "山羊胡"),
    ("moustache", "a moustache", "小胡子"),
];

const PEEP_ACCESSORIES: &[(&str, &str, &str)] = &[
    ("eyepatch", "an eyepatch", "眼罩"),
    ("glasses", "glasses", "眼镜"),
    ("sunglasses", "sunglasses", "墨镜"),
];

const PEEP_MASKS: &[(&str, &str, &str)] = &[
    ("medicalMask", "a medical mask", "医用口罩"),
    ("respirator", "a respirator", "防毒面具"),
];

/// Eyes of Thumbs, by number; those that are left are plain.
const THUMB_EYES: &[(&str, &str, &str)] = &[
    ("variant1", "heart eyes", "爱心眼"),
    ("variant2", "closed eyes", "闭眼"),
    ("variant3", "eyes squeezed shut", "紧闭双眼"),
    ("variant4", "happy eyes", "笑眼"),
    ("variant6", "tall eyes", "长眼睛"),
    ("variant7", "closed eyes", "闭眼"),
    ("variant8", "small eyes", "小眼睛"),
    ("variant9", "winking", "眨眼"),
];

const THUMB_MOUTHS: &[(&str, &str, &str)] = &[
    ("variant1", "laughing", "大笑"),
    ("variant2", "laughing", "大笑"),
    ("variant3", "smiling", "微笑"),
    ("variant4", "smiling", "微笑"),
    ("variant5", "kissing", "亲吻"),
];

const MOUTHS: &[(&str, &str, &str)] = &[("happy", "smiling", "微笑"), ("sad", "sad", "难过")];

/// The row of the longest name that `value` begins with.
fn find(table: &[(&str, &str, &str)], value: &str) -> Option<Word> {
    table
        .iter()
        .filter(|(name, ..)| value.starts_with(name))
        .max_by_key(|(name, ..)| name.len())
        .map(|(_, en, zh)| Word::new(en, zh))
}

/// Words for a face, by the options that its style was given.
pub fn face<'a>(style: &str, option: &dyn Fn(&str) -> Option<&'a str>) -> Vec<Word> {
    let named = |table, name: &str| find(table, option(name)?);
    let hex = |table, name: &str| find(table, option(name)?.trim_start_matches('#'));
    let coloured = |colour: &str, en: &str, zh: &str| {
        hex(COLOURS, colour).map(|colour| dyed('#', &colour, en, zh))
    };
    let there = |name: &str, en: &str, zh: &str| option(name).map(|_| Word::new(en, zh));
    let words = match style {
        "lorelei" => vec![
            hair(LORELEI_HAIR, option("hair"), hex(COLOURS, "hairColor")),
            there("hairAccessories", "flowers in the hair", "头上戴花"),
            hex(SKINS, "skinColor"),
            there("glasses", "glasses", "眼镜"),
            there("beard", "a beard", "胡子"),
            there("earrings", "earrings", "耳环"),
            there("freckles", "freckles", "雀斑"),
            named(MOUTHS, "mouth"),
        ],
        "notionists" => vec![
            hair(NOTIONIST_HAIR, option("hair"), None),
            there("glasses", "glasses", "眼镜"),
            there("beard", "a beard", "胡子"),
        ],
        "openPeeps" => vec![
            named(PEEP_HEADS, "head").map(|head| {
                let head = match hex(COLOURS, "headContrastColor") {
                    Some(colour) => dyed('#', &colour, &head.en, &head.zh),
                    None => head,
                };
                match hex(COLOURS, "clothingColor") {
                    Some(colour) => dyed('@', &colour, &head.en, &head.zh),
                    None => head,
                }
            }),
            hex(SKINS, "skinColor"),
            named(PEEP_FACES, "face"),
            named(PEEP_ACCESSORIES, "accessories"),
            named(PEEP_BEARDS, "facialHair"),
            named(PEEP_MASKS, "mask"),
            coloured("clothingColor", "# clothes", "#衣服"),
        ],
        "pixelArt" => vec![
            match option("hair") {
                Some(hair) if hair.starts_with("long") => {
                    coloured("hairColor", "long # hair", "#长发")
                }
                Some(_) => coloured("hairColor", "short # hair", "#短发"),
                None => None,
            },
            option("hat").and_then(|_| coloured("hatColor", "a # hat", "#帽子")),
            hex(SKINS, "skinColor"),
            option("glasses").map(|kind| {
                if kind.starts_with("dark") {
                    Word::new("sunglasses", "墨镜")
                } else {
                    Word::new("glasses", "眼镜")
                }
            }),
            there("beard", "a beard", "胡子"),
            there("accessories", "earrings", "耳环"),
            named(MOUTHS, "mouth"),
            coloured("clothingColor", "# clothes", "#衣服"),
        ],
        "thumbs" => vec![
            coloured("shapeColor", "a # thumb", "#拇指人"),
            coloured("primaryBackgroundColor", "on # ground", "#背景"),
            named(THUMB_EYES, "eyes"),
            named(THUMB_MOUTHS, "mouth"),
        ],
        _ => vec![named(MOUTHS, "mouth")],
    };
    words.into_iter().flatten().collect()
}

/// Words with a colour in place of a mark; the article agrees with it.
fn dyed(mark: char, colour: &Word, en: &str, zh: &str) -> Word {
    let article = match colour.en.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => "an ",
        false => "a ",
    };
    let en = en.replace(&format!("a {mark}"), &format!("{article}{mark}"));
    Word::new(&en.replace(mark, &colour.en), &zh.replace(mark, &colour.zh))
}

/// Kinds of hair by the numbers of their variants, as we saw them.
type Hair = &'static [(&'static str, &'static str, &'static [u8])];

const LORELEI_HAIR: Hair = &[
    (
        "short # hair",
        "#短发",
        &[1, 2, 3, 4, 6, 7, 8, 11, 12, 43, 47],
    ),
    ("short curly # hair", "#短卷发", &[9, 22, 39, 44]),
    ("big curly # hair", "#大卷发", &[5, 24]),
    ("medium # hair", "#中长发", &[10, 13, 17, 19]),
    ("medium wavy # hair", "#中长波浪发", &[18, 32, 37]),
    ("spiky # hair", "#刺猬头", &[20]),
    ("long # hair", "#长发", &[15, 16, 21, 23, 40, 41]),
    ("long wavy # hair", "#长波浪发", &[35]),
    ("# hair in a bun", "#丸子头", &[14, 38, 45, 46]),
    ("# hair in two buns", "#双丸子头", &[26]),
    ("# hair in a ponytail", "#马尾", &[29, 31, 33, 36, 42, 48]),
    ("# hair in pigtails", "#双马尾", &[30]),
    ("a # mohawk", "#莫西干头", &[27]),
    ("shaved # hair", "#寸头", &[28]),
    ("balding, # hair", "#秃顶", &[25]),
    ("bald with a # tuft", "光头，一撮#头发", &[34]),
];

const NOTIONIST_HAIR: Hair = &[
    (
        "short # hair",
        "#短发",
        &[
            3, 4, 5, 6, 7, 12, 13, 15, 16, 18, 19, 21, 24, 25, 26, 27, 30, 31, 32, 34, 35, 38, 44,
            49, 54, 55, 56, 60,
        ],
    ),
    ("short curly # hair", "#短卷发", &[1, 9, 17, 22, 33, 40]),
    ("big curly # hair", "#大卷发", &[20]),
    ("medium # hair", "#中长发", &[2, 10, 11, 43]),
    ("medium wavy # hair", "#中长波浪发", &[36, 37]),
    ("medium # hair with a band", "戴发带的#中长发", &[8]),
    ("long # hair", "#长发", &[23, 41, 58]),
    ("long wavy # hair", "#长波浪发", &[28]),
    ("long # hair with a bow", "系蝴蝶结的#长发", &[46]),
    ("# hair in a ponytail", "#马尾", &[39, 45, 47]),
    ("# hair in a bun", "#丸子头", &[29, 48, 57]),
    ("# hair in two buns", "#双丸子头", &[59]),
    ("spiky # hair", "#刺猬头", &[42, 50, 51, 52, 53]),
    ("a paper hat", "纸帽", &[14]),
    ("a turban", "缠头巾", &[61]),
    ("a hijab", "头巾", &[62, 63]),
];

/// Words for a numbered variant of hair, with its colour if it has one. Hair
/// that no table has is plain hair of its colour.
fn hair(table: Hair, variant: Option<&str>, colour: Option<Word>) -> Option<Word> {
    let variant = variant?;
    if variant == "hat" {
        return Some(Word::new("a hat", "帽子"));
    }
    let number: u8 = variant.trim_start_matches("variant").parse().ok()?;
    let (en, zh) = table
        .iter()
        .find(|(.., numbers)| numbers.contains(&number))
        .map_or(("# hair", "#头发"), |(en, zh, _)| (*en, *zh));
    let word = match colour {
        Some(colour) => dyed('#', &colour, en, zh),
        None => Word::new(&en.replace("# ", ""), &zh.replace('#', "")),
    };
    (word.en != "hair").then_some(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(style: &str, options: &[(&str, &'static str)]) -> String {
        let option = |name: &str| options.iter().find(|(n, _)| *n == name).map(|(_, v)| *v);
        let words = face(style, &option);
        let english: Vec<&str> = words.iter().map(|word| &*word.en).collect();
        assert!(
            words
                .iter()
                .all(|word| !word.zh.is_empty() && !word.zh.contains('#'))
        );
        english.join(", ")
    }

    #[test]
    fn parts_become_words() {
        assert_eq!(
            words(
                "openPeeps",
                &[
                    ("head", "hatBeanie"),
                    ("headContrastColor", "#c93305"),
                    ("face", "concernedFear"),
                    ("accessories", "sunglasses2"),
                    ("clothingColor", "#ffcf77"),
                ]
            ),
            "an orange beanie, afraid, sunglasses, orange clothes"
        );
        assert_eq!(
            words(
                "pixelArt",
                &[
                    ("hair", "long04"),
                    ("hairColor", "#bd1700"),
                    ("mouth", "sad10"),
                    ("hatColor", "#2663a3")
                ]
            ),
            "long red hair, sad"
        );
        assert_eq!(
            words(
                "thumbs",
                &[
                    ("shapeColor", "#f88c49"),
                    ("eyes", "variant9W12"),
                    ("mouth", "variant5"),
                    ("primaryBackgroundColor", "#0a5b83")
                ]
            ),
            "an orange thumb, on dark blue ground, winking, kissing"
        );
        assert_eq!(
            words(
                "notionists",
                &[("hair", "variant61"), ("glasses", "variant01")]
            ),
            "a turban, glasses"
        );
        assert_eq!(
            words(
                "lorelei",
                &[
                    ("hair", "variant25"),
                    ("hairColor", "#4f7fc9"),
                    ("skinColor", "#8d5a3a")
                ]
            ),
            "balding, blue hair, dark skin"
        );
    }
}
