//! Models, forms, moods and themes in words.

use lampwork_protocol::{DataSet, ModelCard};
use leptos_i18n::I18nContext;

use crate::i18n::*;

type Words = I18nContext<Locale>;

/// Name of a model as the visitor reads it.
pub fn model_name(i18n: Words, name: &str) -> String {
    let name = match name {
        "poems" => t_string!(i18n, words.model_poems),
        "poems-small" => t_string!(i18n, words.model_poems_small),
        "shakespeare" => t_string!(i18n, words.model_shakespeare),
        "lstm-poems" | "lstm-shakespeare" => "LSTM",
        "textvae-poems" => t_string!(i18n, words.model_textvae),
        ModelCard::YOURS => t_string!(i18n, words.model_yours),
        other => other,
    };
    name.to_owned()
}

/// The same, with what it learned from.
pub fn full_name(i18n: Words, name: &str, data: DataSet) -> String {
    format!("{} · {}", data_name(i18n, data), model_name(i18n, name))
}

/// Name of a corpus.
pub fn data_name(i18n: Words, data: DataSet) -> &'static str {
    match data {
        DataSet::Poems => t_string!(i18n, words.data_poems),
        DataSet::Plays => t_string!(i18n, words.data_plays),
        other => other.name(),
    }
}

/// Name of a form as the visitor reads it.
pub fn form_name(i18n: Words, form: &str) -> String {
    let name = match form {
        "five-quatrain" => t_string!(i18n, words.poem.five_quatrain),
        "seven-quatrain" => t_string!(i18n, words.poem.seven_quatrain),
        "five-regulated" => t_string!(i18n, words.poem.five_regulated),
        "seven-regulated" => t_string!(i18n, words.poem.seven_regulated),
        "five-other" => t_string!(i18n, words.poem.five_other),
        "seven-other" => t_string!(i18n, words.poem.seven_other),
        tune => return tune_name(i18n, tune),
    };
    name.to_owned()
}

/// Tunes of the corpus and how they sound today.
const TUNES: [(&str, &str); 30] = [
    ("浣溪沙", "Huànxīshā"),
    ("鷓鴣天", "Zhègūtiān"),
    ("菩薩蠻", "Púsàmán"),
    ("西江月", "Xījiāngyuè"),
    ("減字木蘭花", "Jiǎnzì mùlánhuā"),
    ("蝶戀花", "Diéliànhuā"),
    ("臨江仙", "Línjiāngxiān"),
    ("點絳唇", "Diǎnjiàngchún"),
    ("滿江紅", "Mǎnjiānghóng"),
    ("清平樂", "Qīngpíngyuè"),
    ("好事近", "Hǎoshìjìn"),
    ("虞美人", "Yúměirén"),
    ("沁園春", "Qìnyuánchūn"),
    ("漁家傲", "Yújiā'ào"),
    ("水調歌頭", "Shuǐdiào gētóu"),
    ("賀新郎", "Hèxīnláng"),
    ("朝中措", "Cháozhōngcuò"),
    ("謁金門", "Yèjīnmén"),
    ("卜算子", "Bǔsuànzǐ"),
    ("玉樓春", "Yùlóuchūn"),
    ("南鄉子", "Nánxiāngzǐ"),
    ("踏莎行", "Tàsuōxíng"),
    ("滿庭芳", "Mǎntíngfāng"),
    ("南歌子", "Nángēzǐ"),
    ("柳梢青", "Liǔshāoqīng"),
    ("生查子", "Shēngzhāzǐ"),
    ("浪淘沙", "Làngtáoshā"),
    ("念奴嬌", "Niànnújiāo"),
    ("驀山溪", "Mòshānxī"),
    ("如夢令", "Rúmènglìng"),
];

/// Name of a tune; in English with its sound.
pub fn tune_name(i18n: Words, tune: &str) -> String {
    let sound = TUNES.iter().find(|entry| entry.0 == tune);
    match (i18n.get_locale(), sound) {
        (Locale::en, Some((_, sound))) => format!("{tune} {sound}"),
        _ => tune.to_owned(),
    }
}

/// Name of a tone pattern; in English what it says.
pub fn pattern_name(i18n: Words, pattern: &str) -> String {
    let level = pattern.starts_with('平');
    let rhymes = !pattern.contains('不');
    let name = match (level, rhymes) {
        (true, true) => t_string!(i18n, words.poem.pattern_level_rhymes),
        (true, false) => t_string!(i18n, words.poem.pattern_level),
        (false, true) => t_string!(i18n, words.poem.pattern_oblique_rhymes),
        (false, false) => t_string!(i18n, words.poem.pattern_oblique),
    };
    name.to_owned()
}

/// Name of a mood.
pub fn mood_name(i18n: Words, mood: &str) -> String {
    let name = match mood {
        "joy" => t_string!(i18n, words.poem.joy),
        "sorrow" => t_string!(i18n, words.poem.sorrow),
        "longing" => t_string!(i18n, words.poem.longing),
        "calm" => t_string!(i18n, words.poem.calm),
        "heroic" => t_string!(i18n, words.poem.heroic),
        other => other,
    };
    name.to_owned()
}

/// Name of a theme.
pub fn theme_name(i18n: Words, theme: &str) -> String {
    let name = match theme {
        "moon" => t_string!(i18n, words.poem.moon),
        "mountain" => t_string!(i18n, words.poem.mountain),
        "river" => t_string!(i18n, words.poem.river),
        "spring" => t_string!(i18n, words.poem.spring),
        "autumn" => t_string!(i18n, words.poem.autumn),
        "snow" => t_string!(i18n, words.poem.snow),
        "rain" => t_string!(i18n, words.poem.rain),
        "flowers" => t_string!(i18n, words.poem.flowers),
        "wine" => t_string!(i18n, words.poem.wine),
        "parting" => t_string!(i18n, words.poem.parting),
        "war" => t_string!(i18n, words.poem.war),
        "palace" => t_string!(i18n, words.poem.palace),
        "temple" => t_string!(i18n, words.poem.temple),
        "friendship" => t_string!(i18n, words.poem.friendship),
        "farming" => t_string!(i18n, words.poem.farming),
        "travel" => t_string!(i18n, words.poem.travel),
        other => other,
    };
    name.to_owned()
}
