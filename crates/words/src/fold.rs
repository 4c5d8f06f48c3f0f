//! Characters as the table spells them: lower case, without accents or full width.

/// Whether `c` is a Chinese character, which is a word's part by itself.
pub(crate) fn is_chinese(c: char) -> bool {
    matches!(c,
        '\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// Whether `c` is an accent that stands behind its letter.
pub(crate) fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Appends `c` as the table spells it, if it is a letter or a digit.
///
/// Letters of Latin scripts lose their accents, since nobody types them all;
/// `MiniLM`, which the vectors come from, does not see them either.
pub(crate) fn push_plain(c: char, to: &mut String) {
    // Full-width forms stand in the order of ASCII.
    let c = match c {
        '\u{ff01}'..='\u{ff5e}' => {
            char::from_u32(u32::from(c) - 0xff01 + 0x21).expect("a printable character of ASCII")
        }
        _ => c,
    };
    for c in c.to_lowercase() {
        let letters = match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
            'æ' => "ae",
            'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
            'ď' | 'đ' => "d",
            'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
            'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
            'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ǐ' => "i",
            'ñ' | 'ń' | 'ņ' | 'ň' => "n",
            'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ǒ' => "o",
            'œ' => "oe",
            'ŕ' | 'ř' => "r",
            'ß' => "ss",
            'ś' | 'ŝ' | 'ş' | 'š' => "s",
            'ţ' | 'ť' => "t",
            'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ǔ' => "u",
            'ý' | 'ÿ' => "y",
            'ź' | 'ż' | 'ž' => "z",
            'ł' => "l",
            _ if is_accent(c) => "",
            _ => {
                to.push(c);
                continue;
            }
        };
        to.push_str(letters);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_spelt_plainly() {
        let plain = |text: &str| {
            let mut out = String::new();
            text.chars().for_each(|c| push_plain(c, &mut out));
            out
        };
        assert_eq!(plain("Piñata"), "pinata");
        assert_eq!(plain("ＣＡＴ７"), "cat7");
        assert_eq!(plain("İstanbul"), "istanbul");
        assert_eq!(plain("Straße"), "strasse");
        assert_eq!(plain("дом"), "дом");
    }

    #[test]
    fn chinese_characters_are_told_from_others() {
        assert!("猫貓〇㐀𠀀".chars().all(is_chinese));
        assert!(!"aあア한。，7é".chars().any(is_chinese));
    }
}
