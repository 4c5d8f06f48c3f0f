//! Failures in the visitor's language.

use lampwork_protocol::Failure;
use leptos_i18n::I18nContext;

use crate::i18n::*;

/// What happened, and what to do next; follows the language.
pub fn words(i18n: I18nContext<Locale>, failure: &Failure) -> (String, String) {
    (what(i18n, failure), hint(i18n, failure).to_owned())
}

fn what(i18n: I18nContext<Locale>, failure: &Failure) -> String {
    // Cloned, as the words outlive the borrow.
    match failure.clone() {
        Failure::BadWeights { reason } => t_string!(i18n, failure.bad_weights, reason = reason),
        Failure::WrongNet { reason } => t_string!(i18n, failure.wrong_net, reason = reason),
        Failure::TooLarge { bytes, limit } => {
            let (bytes, limit) = (size(bytes as f64), size(limit as f64));
            t_string!(i18n, failure.too_large, bytes = bytes, limit = limit)
        }
        Failure::BadData { reason } => t_string!(i18n, failure.bad_data, reason = reason),
        Failure::BadRecipe { reason } => t_string!(i18n, failure.bad_recipe, reason = reason),
        Failure::NewerRecipe { found, known } => {
            t_string!(i18n, failure.newer_recipe, found = found, known = known)
        }
        Failure::OtherWeights { model } => t_string!(i18n, failure.other_weights, model = model),
        Failure::NoModel { model } => t_string!(i18n, failure.no_model, model = model),
        Failure::NoData { data } => t_string!(i18n, failure.no_data, data = data),
        Failure::NoWords => t_string!(i18n, failure.no_words).to_owned(),
        Failure::BadWords { reason } => t_string!(i18n, failure.bad_words, reason = reason),
        Failure::NoJudge { data } => t_string!(i18n, failure.no_judge, data = data),
        Failure::BadJudge { reason } => t_string!(i18n, failure.bad_judge, reason = reason),
        Failure::CannotMeasure { reason } => {
            t_string!(i18n, failure.cannot_measure, reason = reason)
        }
        Failure::UnknownWords { words } => t_string!(i18n, failure.unknown_words, words = words),
        Failure::BadText { reason } => t_string!(i18n, failure.bad_text, reason = reason),
        Failure::ShortText { reason } => t_string!(i18n, failure.short_text, reason = reason),
        Failure::NoText => t_string!(i18n, failure.no_text).to_owned(),
        Failure::NoReadings => t_string!(i18n, failure.no_readings).to_owned(),
        Failure::NoAdapter => t_string!(i18n, failure.no_adapter).to_owned(),
        Failure::NoRun => t_string!(i18n, failure.no_run).to_owned(),
        Failure::CannotDo { model, reason } => {
            t_string!(i18n, failure.cannot_do, model = model, reason = reason)
        }
        Failure::BadKnob { knob, reason } => {
            t_string!(i18n, failure.bad_knob, knob = knob, reason = reason)
        }
        Failure::NeedsReset { knob } => t_string!(i18n, failure.needs_reset, knob = knob),
        Failure::NoDevice { device, reason } => {
            t_string!(i18n, failure.no_device, device = device, reason = reason)
        }
        Failure::WrongAnswers { device, reason } => {
            t_string!(
                i18n,
                failure.wrong_answers,
                device = device,
                reason = reason
            )
        }
        Failure::OutOfMemory => t_string!(i18n, failure.out_of_memory).to_owned(),
        Failure::Internal { reason } => t_string!(i18n, failure.internal, reason = reason),
    }
}

fn hint(i18n: I18nContext<Locale>, failure: &Failure) -> &'static str {
    match failure {
        Failure::BadWeights { .. } => t_string!(i18n, failure.bad_weights_hint),
        Failure::WrongNet { .. } => t_string!(i18n, failure.wrong_net_hint),
        Failure::TooLarge { .. } => t_string!(i18n, failure.too_large_hint),
        Failure::BadData { .. } => t_string!(i18n, failure.bad_data_hint),
        Failure::BadRecipe { .. } => t_string!(i18n, failure.bad_recipe_hint),
        Failure::NewerRecipe { .. } => t_string!(i18n, failure.newer_recipe_hint),
        Failure::OtherWeights { .. } => t_string!(i18n, failure.other_weights_hint),
        Failure::NoModel { .. } => t_string!(i18n, failure.no_model_hint),
        Failure::NoData { .. } => t_string!(i18n, failure.no_data_hint),
        Failure::NoWords => t_string!(i18n, failure.no_words_hint),
        Failure::BadWords { .. } => t_string!(i18n, failure.bad_words_hint),
        Failure::NoJudge { .. } => t_string!(i18n, failure.no_judge_hint),
        Failure::BadJudge { .. } => t_string!(i18n, failure.bad_judge_hint),
        Failure::CannotMeasure { .. } => t_string!(i18n, failure.cannot_measure_hint),
        Failure::UnknownWords { .. } => t_string!(i18n, failure.unknown_words_hint),
        Failure::BadText { .. } => t_string!(i18n, failure.bad_text_hint),
        Failure::ShortText { .. } => t_string!(i18n, failure.short_text_hint),
        Failure::NoText => t_string!(i18n, failure.no_text_hint),
        Failure::NoReadings => t_string!(i18n, failure.no_readings_hint),
        Failure::NoAdapter => t_string!(i18n, failure.no_adapter_hint),
        Failure::NoRun => t_string!(i18n, failure.no_run_hint),
        Failure::CannotDo { .. } => t_string!(i18n, failure.cannot_do_hint),
        Failure::BadKnob { .. } => t_string!(i18n, failure.bad_knob_hint),
        Failure::NeedsReset { .. } => t_string!(i18n, failure.needs_reset_hint),
        Failure::NoDevice { .. } => t_string!(i18n, failure.no_device_hint),
        Failure::WrongAnswers { .. } => t_string!(i18n, failure.wrong_answers_hint),
        Failure::OutOfMemory => t_string!(i18n, failure.out_of_memory_hint),
        Failure::Internal { .. } => t_string!(i18n, failure.internal_hint),
    }
}

/// A size in bytes, to read.
pub fn size(bytes: f64) -> String {
    if bytes < 1e3 {
        format!("{bytes} B")
    } else if bytes < 1e6 {
        format!("{:.0} kB", bytes / 1e3)
    } else {
        format!("{:.1} MB", bytes / 1e6)
    }
}
