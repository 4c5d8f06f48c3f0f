//! What each figure is, in plain words.

use leptos_i18n::I18nContext;

use crate::i18n::*;

/// Which way a figure is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// Low.
    Low,
    /// High.
    High,
    /// Near to that of real pictures.
    Near,
}

/// The figures that the page has words for, in the order in which they are shown.
pub const KNOWN: [&str; 34] = [
    "frechet_distance",
    "kernel_distance",
    "precision",
    "density",
    "recall",
    "coverage",
    "agreement",
    "class_entropy",
    "spread",
    "nearest_training_distance",
    "nearest_training_distance_1_percent",
    "copying_test",
    "caption_found_seen",
    "caption_rank_seen",
    "caption_found_unseen",
    "caption_rank_unseen",
    "kin_rank_unseen",
    "test_elbo",
    "test_reconstruction",
    "test_kl",
    "bits_per_character",
    "perplexity",
    "form_kept",
    "tones_kept",
    "rhymes_kept",
    "form_kept_by_force",
    "tones_kept_by_force",
    "rhymes_kept_by_force",
    "bleu",
    "meteor",
    "rouge_l",
    "chrf",
    "copied_run",
    "copied_run_99_percent",
];

/// What there is to say of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What it does not tell.
    pub silent: &'static str,
    /// Author and year.
    pub paper: &'static str,
    /// Its number on arXiv; empty for none.
    pub arxiv: &'static str,
    /// Which way it is better.
    pub better: Better,
}

macro_rules! said {
    ($i18n:expr, $key:ident, $paper:expr, $arxiv:expr, $better:ident) => {
        Some(Said {
            name: t_string!($i18n, measures.figure.$key.name),
            means: t_string!($i18n, measures.figure.$key.means),
            silent: t_string!($i18n, measures.figure.$key.silent),
            paper: $paper,
            arxiv: $arxiv,
            better: Better::$better,
        })
    };
}

/// The words on a figure; `None` for one that came after this page.
pub fn said(i18n: I18nContext<Locale>, figure: &str) -> Option<Said> {
    match figure {
        "frechet_distance" => said!(i18n, frechet_distance, "Heusel 2017", "1706.08500", Low),
        "kernel_distance" => said!(i18n, kernel_distance, "Bińkowski 2018", "1801.01401", Low),
        "precision" => said!(i18n, precision, "Kynkäänniemi 2019", "1904.06991", High),
        "density" => said!(i18n, density, "Naeem 2020", "2002.09797", Near),
        "recall" => said!(i18n, recall, "Kynkäänniemi 2019", "1904.06991", High),
        "coverage" => said!(i18n, coverage, "Naeem 2020", "2002.09797", High),
        "agreement" => said!(i18n, agreement, "Ravuri 2019", "1905.10887", High),
        "class_entropy" => said!(i18n, class_entropy, "Shannon 1948", "", Near),
        "spread" => said!(i18n, spread, "", "", Near),
        "nearest_training_distance" => said!(i18n, nearest, "Meehan 2020", "2004.05675", Near),
        "nearest_training_distance_1_percent" => {
            said!(i18n, nearest_percent, "Meehan 2020", "2004.05675", Near)
        }
        "copying_test" => said!(i18n, copying, "Meehan 2020", "2004.05675", Near),
        "caption_found_seen" => said!(i18n, found_seen, "Radford 2021", "2103.00020", High),
        "caption_rank_seen" => said!(i18n, rank_seen, "Radford 2021", "2103.00020", Low),
        "caption_found_unseen" => said!(i18n, found_unseen, "Radford 2021", "2103.00020", High),
        "caption_rank_unseen" => said!(i18n, rank_unseen, "Radford 2021", "2103.00020", Low),
        "kin_rank_unseen" => said!(i18n, kin, "Radford 2021", "2103.00020", Low),
        "test_elbo" => said!(i18n, elbo, "Kingma 2013", "1312.6114", High),
        "test_reconstruction" => said!(i18n, reconstruction, "Kingma 2013", "1312.6114", Low),
        "test_kl" => said!(i18n, kl, "Kingma 2013", "1312.6114", Near),
        "bits_per_character" => said!(i18n, bits, "Shannon 1951", "", Low),
        "perplexity" => said!(i18n, perplexity, "Jelinek 1977", "", Low),
        "form_kept" => said!(i18n, form, "", "", High),
        "tones_kept" => said!(i18n, tones, "", "", Near),
        "rhymes_kept" => said!(i18n, rhymes, "", "", Near),
        "form_kept_by_force" => said!(i18n, form_forced, "Hokamp 2017", "1704.07138", High),
        "tones_kept_by_force" => said!(i18n, tones_forced, "Hokamp 2017", "1704.07138", High),
        "rhymes_kept_by_force" => said!(i18n, rhymes_forced, "Hokamp 2017", "1704.07138", High),
        "bleu" => said!(i18n, bleu, "Papineni 2002; Post 2018", "1804.08771", High),
        "meteor" => said!(i18n, meteor, "Banerjee 2005", "", High),
        "rouge_l" => said!(i18n, rouge, "Lin 2004", "", High),
        "chrf" => said!(i18n, chrf, "Popović 2015", "", High),
        "copied_run" => said!(i18n, copied, "McCoy 2021", "2111.09509", Near),
        "copied_run_99_percent" => said!(i18n, copied_most, "McCoy 2021", "2111.09509", Near),
        _ => None,
    }
}
