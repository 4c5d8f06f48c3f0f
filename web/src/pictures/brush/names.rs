//! What the hands are called.

use crate::i18n::*;

/// A hand's name, by its number.
pub fn hand_name(i18n: leptos_i18n::I18nContext<Locale>, hand: u8) -> &'static str {
    match hand {
        0 => t_string!(i18n, pictures.brush.hand_0),
        1 => t_string!(i18n, pictures.brush.hand_1),
        2 => t_string!(i18n, pictures.brush.hand_2),
        3 => t_string!(i18n, pictures.brush.hand_3),
        4 => t_string!(i18n, pictures.brush.hand_4),
        _ => t_string!(i18n, pictures.brush.hand_5),
    }
}
