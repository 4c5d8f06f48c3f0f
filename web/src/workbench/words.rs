//! The form's words in the visitor's language.

use lampwork_protocol::{DataSet, NetKind};
use leptos_i18n::I18nContext;

use super::knobs::{Group, Knob};
use super::presets::Family;
use crate::i18n::*;

/// Name and explanation of each knob, under the key of the same name.
macro_rules! knob_words {
    ($i18n:expr, $part:ident, $knob:expr, $($variant:ident => $key:ident),+ $(,)?) => {
        match $knob {
            $(Knob::$variant => t_string!($i18n, workbench.knob.$key.$part),)+
        }
    };
}

macro_rules! all_knob_words {
    ($i18n:expr, $part:ident, $knob:expr) => {
        knob_words!($i18n, $part, $knob,
            Latent => latent, Conditional => classes, Layers => layers, Width => width,
            Heads => heads, Hidden => hidden, Context => context,
            WordDropout => word_dropout, FreeNats => free_nats, Beta => beta,
            KlWarmup => kl_warmup, ClassPrior => class_prior, Couplings => couplings,
            ClassDropout => class_dropout, Times => times, Dropout => dropout, Loss => loss,
            SpectralNorm => spectral_norm, LabelSmoothing => label_smoothing,
            DiffShift => diff_shift, DiffCutout => diff_cutout,
            DiffBrightness => diff_brightness, DiscriminatorRate => d_rate, Ema => ema,
            Batch => batch, MicroBatch => micro_batch, Epochs => epochs, Seed => seed,
            Rule => rule, LearningRate => learning_rate, Beta1 => beta1, Beta2 => beta2,
            WeightDecay => weight_decay, Momentum => momentum, Schedule => schedule,
            Floor => floor, Every => every, Factor => factor, Warmup => warmup,
            ClipNorm => clip_norm, Shift => shift, Flip => flip, Cutout => cutout,
            Patience => patience, MinDelta => min_delta,
        )
    };
}

/// What a knob is called in the field.
pub fn knob_name(i18n: I18nContext<Locale>, knob: Knob) -> &'static str {
    all_knob_words!(i18n, name, knob)
}

/// What a knob does, in one line.
pub fn knob_about(i18n: I18nContext<Locale>, knob: Knob) -> &'static str {
    all_knob_words!(i18n, about, knob)
}

/// A heading of the form.
pub fn group_name(i18n: I18nContext<Locale>, group: Group) -> &'static str {
    match group {
        Group::First => t_string!(i18n, workbench.knobs),
        Group::Net => t_string!(i18n, workbench.group.net),
        Group::Game => t_string!(i18n, workbench.group.game),
        Group::Optimizer => t_string!(i18n, workbench.group.optimizer),
        Group::Examples => t_string!(i18n, workbench.group.examples),
        Group::Stopping => t_string!(i18n, workbench.group.stopping),
    }
}

/// A word that a knob can be set to.
pub fn choice_name(i18n: I18nContext<Locale>, word: &str) -> &'static str {
    match word {
        "uniform" => t_string!(i18n, workbench.choice.uniform),
        "logit-normal" => t_string!(i18n, workbench.choice.logit_normal),
        "hinge" => t_string!(i18n, workbench.choice.hinge),
        "non-saturating" => t_string!(i18n, workbench.choice.non_saturating),
        "adam" => t_string!(i18n, workbench.choice.adam),
        "adamw" => t_string!(i18n, workbench.choice.adamw),
        "sgd" => t_string!(i18n, workbench.choice.sgd),
        "cosine" => t_string!(i18n, workbench.choice.cosine),
        "step" => t_string!(i18n, workbench.choice.step),
        "on" => t_string!(i18n, workbench.on),
        "off" => t_string!(i18n, workbench.off),
        _ => t_string!(i18n, workbench.choice.constant),
    }
}

/// Short name and description of a family.
pub fn family_words(i18n: I18nContext<Locale>, family: Family) -> (&'static str, &'static str) {
    match family {
        Family::Vae => (
            t_string!(i18n, workbench.family_vae),
            t_string!(i18n, workbench.family_vae_long),
        ),
        Family::Gan => (
            t_string!(i18n, workbench.family_gan),
            t_string!(i18n, workbench.family_gan_long),
        ),
        Family::Flow => (
            t_string!(i18n, workbench.family_flow),
            t_string!(i18n, workbench.family_flow_long),
        ),
        Family::Transformer => (
            t_string!(i18n, workbench.family_transformer),
            t_string!(i18n, workbench.family_transformer_long),
        ),
        Family::Lstm => (
            t_string!(i18n, workbench.family_lstm),
            t_string!(i18n, workbench.family_lstm_long),
        ),
        Family::TextVae => (
            t_string!(i18n, workbench.family_textvae),
            t_string!(i18n, workbench.family_textvae_long),
        ),
    }
}

/// Short name and description of a kind of net.
pub fn net_words(i18n: I18nContext<Locale>, net: NetKind) -> (&'static str, &'static str) {
    match net {
        NetKind::Mlp => (
            t_string!(i18n, workbench.net_mlp),
            t_string!(i18n, workbench.net_mlp_long),
        ),
        NetKind::Conv => (
            t_string!(i18n, workbench.net_conv),
            t_string!(i18n, workbench.net_conv_long),
        ),
    }
}

/// Short name and description of a data set.
pub fn data_words(i18n: I18nContext<Locale>, data: DataSet) -> (&'static str, &'static str) {
    match data {
        DataSet::Fashion => (
            t_string!(i18n, workbench.data_fashion),
            t_string!(i18n, workbench.data_fashion_long),
        ),
        DataSet::Digits => (
            t_string!(i18n, workbench.data_digits),
            t_string!(i18n, workbench.data_digits_long),
        ),
        DataSet::Emoji => (
            t_string!(i18n, workbench.data_emoji),
            t_string!(i18n, workbench.data_emoji_long),
        ),
        DataSet::Pixel => (
            t_string!(i18n, workbench.data_pixel),
            t_string!(i18n, workbench.data_pixel_long),
        ),
        DataSet::Faces => (
            t_string!(i18n, workbench.data_faces),
            t_string!(i18n, workbench.data_faces_long),
        ),
        // Learned from by `train` alone, and on no list of this room.
        DataSet::Photos => (data.name(), ""),
        DataSet::Brush => (
            t_string!(i18n, pictures.data_brush),
            t_string!(i18n, pictures.data_brush),
        ),
        DataSet::Poems => (
            t_string!(i18n, workbench.data_poems),
            t_string!(i18n, workbench.data_poems_long),
        ),
        DataSet::Plays => (
            t_string!(i18n, workbench.data_plays),
            t_string!(i18n, workbench.data_plays_long),
        ),
    }
}
