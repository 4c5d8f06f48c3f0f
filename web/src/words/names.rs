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
