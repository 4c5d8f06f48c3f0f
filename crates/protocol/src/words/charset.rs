//! What a text file is written in, told by its bytes alone.

use crate::Failure;
use crate::words::MAX_FILE;

/// How characters became bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Charset {
    /// UTF-8, with or without a mark at its beginning.
    Utf8,
    /// UTF-16, the lower byte first.
    Utf16Le,
    /// UTF-16, the higher byte first.
    Utf16Be,
    /// GB 18030, and what it is a superset of: GBK and GB 2312.
    Gb18030,
}

impl Charset {
    /// Its name by the Encoding Standard, as a browser's `TextDecoder` knows it.
    pub fn label(self) -> &'static str {
        match self {
            Charset::Utf8 => "utf-8",
            Charset::Utf16Le => "utf-16le",
            Charset::Utf16Be => "utf-16be",
            Charset::Gb18030 => "gb18030",
        }
    }
}

/// Bytes by whose zeros UTF-16 without a mark is told.
const LOOKED_AT: usize = 4096;

/// What the bytes of a text file are written in.
///
/// A mark at the beginning decides; then UTF-8, if all of it is; then UTF-16, if every
/// other byte is often zero; then GB 18030, if every character of it is one.
///
/// # Errors
/// [`Failure::TooLarge`] above [`MAX_FILE`]; [`Failure::BadText`] for what is empty, a
/// binary file, or in none of these.
pub fn charset(bytes: &[u8]) -> Result<Charset, Failure> {
    if bytes.len() > MAX_FILE {
        return Err(Failure::TooLarge {
            bytes: bytes.len() as u64,
            limit: MAX_FILE as u64,
        });
    }
    if bytes.is_empty() {
        return Err(bad("it is empty"));
    }
    match bytes {
        [0xFF, 0xFE, ..] => return Ok(Charset::Utf16Le),
        [0xFE, 0xFF, ..] => return Ok(Charset::Utf16Be),
        _ => {}
    }
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        return Ok(Charset::Utf8);
    }
    let seen = &bytes[..bytes.len().min(LOOKED_AT) & !1];
    let zeros = |first: usize| {
        let every_other = seen.iter().skip(first).step_by(2);
        every_other.filter(|&&byte| byte == 0).count()
    };
    // Of text in UTF-16 a space, a digit or a line's end has a zero on one side.
    let (even, odd) = (zeros(0), zeros(1));
    if bytes.len().is_multiple_of(2) && even.max(odd) > 0 && even.min(odd) == 0 {
        let charset = if odd > 0 {
            Charset::Utf16Le
        } else {
            Charset::Utf16Be
        };
        if utf16(bytes, charset).is_some_and(|text| is_text(&text)) {
            return Ok(charset);
        }
    }
    if bytes.contains(&0) {
        return Err(bad("it is a binary file and no text"));
    }
    if is_gb18030(bytes) {
        return Ok(Charset::Gb18030);
    }
    Err(bad(
        "it is a binary file, or in an encoding that is not known here",
    ))
}

/// The text of a file in UTF-8 or UTF-16, lines ended by line feeds alone and without
/// the mark at its beginning; `None` for one in GB 18030, whose table only a browser
/// has at hand.
///
/// # Errors
/// As [`charset`].
pub fn decode(bytes: &[u8]) -> Result<Option<(Charset, String)>, Failure> {
    let charset = charset(bytes)?;
    let text = match charset {
        Charset::Utf8 => std::str::from_utf8(bytes).ok().map(str::to_owned),
        Charset::Utf16Le | Charset::Utf16Be => {
            let text = utf16(bytes, charset);
            Some(text.ok_or_else(|| bad("its UTF-16 is broken"))?)
        }
        Charset::Gb18030 => None,
    };
    text.map(|text| Ok((charset, plain(&text)?))).transpose()
}

/// A text with line feeds alone at the ends of its lines, and no mark at its beginning.
///
/// # Errors
/// [`Failure::BadText`] where it is blank, or holds control characters as no text does.
pub fn plain(text: &str) -> Result<String, Failure> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if !is_text(text) {
        return Err(bad("it is a binary file and no text"));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.trim().is_empty() {
        return Err(bad("it is blank"));
    }
    Ok(text)
}

/// Whether it holds none of the control characters that stand in no text.
fn is_text(text: &str) -> bool {
    let alien =
        |one: char| one.is_control() && !matches!(one, '\n' | '\r' | '\t' | '\u{c}' | '\u{85}');
    !text.contains(alien)
}

fn utf16(bytes: &[u8], charset: Charset) -> Option<String> {
    let (pairs, []) = bytes.as_chunks::<2>() else {
        return None;
    };
    let unit = |&pair: &[u8; 2]| match charset {
        Charset::Utf16Be => u16::from_be_bytes(pair),
        _ => u16::from_le_bytes(pair),
    };
    char::decode_utf16(pairs.iter().map(unit))
        .collect::<Result<_, _>>()
        .ok()
}

/// Whether bytes are characters of GB 18030: one of ASCII, or two, or four, and more
/// than a few of two, which is what Chinese is.
fn is_gb18030(bytes: &[u8]) -> bool {
    let (mut at, mut wide) = (0, 0);
    while let Some(&first) = bytes.get(at) {
        let rest = [1, 2, 3].map(|more| bytes.get(at + more).copied().unwrap_or(0));
        at += match (first, rest) {
            (0..=0x7F, _) => 1,
            (0x81..=0xFE, [0x40..=0x7E | 0x80..=0xFE, ..]) => {
                wide += 1;
                2
            }
            (0x81..=0xFE, [0x30..=0x39, 0x81..=0xFE, 0x30..=0x39]) => 4,
            _ => return false,
        };
    }
    // In text of the Latin alphabet single bytes are high, seldom two together.
    wide * 2 * 4 >= bytes.len()
}

fn bad(reason: &str) -> Failure {
    Failure::BadText {
        reason: reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utf16_of(text: &str, big: bool) -> Vec<u8> {
        let units = text.encode_utf16();
        let bytes = |unit: u16| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        };
        units.flat_map(bytes).collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "床前明月光，\nfor 1 moment. مرحبا 🌙\n";
        assert_eq!(charset(text.as_bytes()), Ok(Charset::Utf8));
        for (big, named) in [(false, Charset::Utf16Le), (true, Charset::Utf16Be)] {
            let bytes = utf16_of(text, big);
            assert_eq!(decode(&bytes), Ok(Some((named, text.to_owned()))));
            let marked = utf16_of(&format!("\u{FEFF}{text}"), big);
            assert_eq!(decode(&marked), Ok(Some((named, text.to_owned()))));
        }
        // 床前明月光 in GB 2312, by the table of the standard.
        let gb = [
            0xB4, 0xB2, 0xC7, 0xB0, 0xC3, 0xF7, 0xD4, 0xC2, 0xB9, 0xE2, b'\n',
        ];
        assert_eq!(charset(&gb), Ok(Charset::Gb18030));
        assert_eq!(decode(&gb), Ok(None));
        let marked = "\u{FEFF}a\r\nb\rc";
        assert_eq!(
            decode(marked.as_bytes()),
            Ok(Some((Charset::Utf8, "a\nb\nc".to_owned())))
        );
    }

    #[test]
    fn what_is_no_text_is_refused() {
        let png = [
            0x89, b'P', b'N', b'G', 13, 10, 26, 10, 0, 0, 0, 13, b'I', b'H',
        ];
        let latin = b"na\xEFve caf\xE9 and so on, in words of one byte a letter";
        for bytes in [
            &[][..],
            &png,
            b"a\x01b",
            b"a\0b\0\0",
            b" \n\t",
            latin,
            &[0xFF; 9],
        ] {
            let refused = decode(bytes).unwrap_err();
            assert!(matches!(refused, Failure::BadText { .. }), "{bytes:?}");
        }
        let large = vec![b'a'; MAX_FILE + 1];
        assert!(matches!(charset(&large), Err(Failure::TooLarge { .. })));
    }
}
