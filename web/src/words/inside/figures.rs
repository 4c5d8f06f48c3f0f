//! Odds, bits and bytes as they are read.

use crate::workbench::scale::whole;

/// Odds as a percentage.
pub fn percent(odds: f32) -> String {
    let percent = f64::from(odds) * 100.0;
    let digits = match percent {
        p if p >= 10.0 => 0,
        p if p >= 1.0 => 1,
        p if p >= 0.01 => 2,
        _ => return "< 0.01\u{2009}%".to_owned(),
    };
    format!("{percent:.digits$}\u{2009}%")
}

/// Bits, to two figures behind the point below ten.
pub fn bits_text(bits: f64) -> String {
    if bits < 10.0 {
        format!("{bits:.2}")
    } else {
        format!("{bits:.1}")
    }
}

/// Nats in bits.
pub fn bits_of(nats: f32) -> f64 {
    f64::from(nats) / std::f64::consts::LN_2
}

/// Bytes of single-precision numbers, in kilobytes of a thousand.
pub fn kilobytes(numbers: u64) -> String {
    format!("{:.1}", (numbers * 4) as f64 / 1000.0)
}

/// Among how many, all as likely, one of so many bits is chosen.
pub fn choices(bits: f64) -> String {
    let choices = bits.exp2();
    if choices < 10.0 {
        format!("{choices:.1}")
    } else {
        whole(choices.round() as u64)
    }
}

/// How strongly a token is tinted, 0 to 1: a token that costs ten bits or more glows.
pub fn heat(bits: f32) -> f32 {
    (bits / 10.0).clamp(0.0, 1.0)
}

/// Passes of a token through the net that a text of so many takes when everything
/// before is computed again for each.
pub fn passes_without_cache(tokens: u64) -> u64 {
    tokens * (tokens + 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odds_are_read_with_two_figures() {
        for (odds, text) in [
            (1.0, "100\u{2009}%"),
            (0.123, "12\u{2009}%"),
            (0.0321, "3.2\u{2009}%"),
            (0.0004, "0.04\u{2009}%"),
            (0.0, "< 0.01\u{2009}%"),
        ] {
            assert_eq!(percent(odds), text);
        }
    }

    #[test]
    fn a_cache_saves_the_more_the_longer_the_text() {
        assert_eq!([0, 1, 4, 150].map(passes_without_cache), [0, 1, 10, 11_325]);
        assert_eq!(kilobytes(896), "3.6");
        assert_eq!([1.0, 10.0].map(choices), ["2.0", "1\u{2009}024"]);
    }

    #[test]
    fn heat_has_an_end() {
        assert_eq!([0.0, 5.0, 20.0].map(heat), [0.0, 0.5, 1.0]);
        assert_eq!(
            (bits_text(3.456), bits_text(12.34)),
            ("3.46".to_owned(), "12.3".to_owned())
        );
        assert!((bits_of(std::f32::consts::LN_2) - 1.0).abs() < 1e-6);
    }
}
