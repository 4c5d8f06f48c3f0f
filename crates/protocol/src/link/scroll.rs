//! A scroll as text.

use super::bytes::Reader;
use super::limits::check_name;
use super::{SCROLL, bad, begin, open, seal};
use crate::{Failure, Scroll};

const DOWN: u8 = 0;
const ACROSS: u8 = 1;

/// The text of a scroll; see [`super::encode`].
pub fn encode_scroll(scroll: &Scroll) -> String {
    let mut writer = begin(SCROLL, &scroll.model, &scroll.weights, None);
    writer.byte(scroll.hand);
    writer.byte(if scroll.across { ACROSS } else { DOWN });
    writer.text(&scroll.text);
    writer.text(&scroll.seal);
    seal(writer)
}

/// The scroll of a text.
///
/// # Errors
/// As [`super::decode`], with the limits of [`check_scroll`].
pub fn decode_scroll(text: &str) -> Result<Scroll, Failure> {
    let payload = open(text, SCROLL)?;
    if payload[1] != SCROLL {
        return Err(bad("a scroll is not written step by step"));
    }
    let mut reader = Reader::new(&payload[2..]);
    let scroll = Scroll {
        model: reader.name()?,
        weights: reader.array()?,
        hand: reader.byte()?,
        across: match reader.byte()? {
            DOWN => false,
            ACROSS => true,
            _ => return Err(bad("its lines go an unknown way")),
        },
        text: reader.text()?,
        seal: reader.text()?,
    };
    reader.end()?;
    check_scroll(&scroll)?;
    Ok(scroll)
}

/// Whether a scroll keeps to the limits: a name, at most [`Scroll::MOST_BYTES`] of text,
/// no control characters but breaks, a seal of [`Scroll::MOST_SEAL`] characters.
///
/// # Errors
/// [`Failure::BadRecipe`], naming the limit, where it does not.
pub fn check_scroll(scroll: &Scroll) -> Result<(), Failure> {
    check_name(&scroll.model)?;
    if scroll.text.len() > Scroll::MOST_BYTES {
        return Err(bad(&format!(
            "a scroll holds {} bytes of text, not {}",
            Scroll::MOST_BYTES,
            scroll.text.len()
        )));
    }
    let control = |c: char| c.is_control() && c != '\n';
    if scroll.text.chars().any(control) || scroll.seal.chars().any(char::is_control) {
        return Err(bad("a scroll's text holds a control character"));
    }
    if scroll.seal.chars().count() > Scroll::MOST_SEAL {
        return Err(bad(&format!(
            "a seal has at most {} characters",
            Scroll::MOST_SEAL
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::link::{Content, decode, decode_any, decode_grid, encode};
    use crate::{Latent, Recipe};

    fn scroll() -> Scroll {
        Scroll {
            model: "cycle-brush".to_owned(),
            weights: [1, 2, 3, 4, 5, 6, 7, 8],
            text: "床前明月光\n疑是地上霜".to_owned(),
            hand: 2,
            across: false,
            seal: "李白".to_owned(),
        }
    }

    #[test]
    fn a_scroll_comes_back_and_is_short() {
        let text = encode_scroll(&scroll());
        assert!(text.len() < 120, "{}", text.len());
        assert_eq!(decode_scroll(&text), Ok(scroll()));
        assert_eq!(decode_any(&text), Ok(Content::Scroll(scroll())));
    }

    #[test]
    fn what_is_no_scroll_says_so() {
        let recipe = Recipe {
            model: "gan-digits".to_owned(),
            weights: [0; 8],
            latent: Latent::Draw {
                seed: 1,
                index: 0,
                temperature: 1.0,
                class: None,
            },
            sampling: None,
            start: None,
        };
        assert!(decode_scroll(&encode(&recipe)).is_err());
        let text = encode_scroll(&scroll());
        assert!(decode(&text).is_err());
        assert!(decode_grid(&text).is_err());
        assert!(decode_scroll(&text[1..]).is_err());
        assert!(decode_scroll("").is_err());
    }

    #[test]
    fn limits_are_kept() {
        let refused = |change: fn(&mut Scroll)| {
            let mut scroll = scroll();
            change(&mut scroll);
            decode_scroll(&encode_scroll(&scroll)).unwrap_err();
        };
        refused(|s| s.text = "永".repeat(200));
        refused(|s| s.text.push('\u{7}'));
        refused(|s| s.seal = "一二三四五".to_owned());
        refused(|s| s.seal.push('\n'));
        refused(|s| s.model.clear());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[A-Za-z0-9_-]{0,200}") {
            let _ = decode_scroll(&text);
        }

        #[test]
        fn each_scroll_has_one_text(text in "\\PC{0,30}", hand in 0..6_u8, across: bool) {
            let scroll = Scroll { text, hand, across, ..scroll() };
            prop_assert_eq!(decode_scroll(&encode_scroll(&scroll)), Ok(scroll));
        }
    }
}
