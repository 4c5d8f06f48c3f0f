//! Recipes, classes and models in words.

use lampwork_protocol::{DataSet, Latent, ModelCard, Recipe, Solver};
use leptos_i18n::I18nContext;

use super::room::short;
use crate::i18n::*;

type Words = I18nContext<Locale>;

/// Name of a class; its number where the data set has no such class.
pub fn class_name(i18n: Words, data: DataSet, class: u8) -> String {
    let name = match (data, class) {
        (DataSet::Fashion, 0) => t_string!(i18n, pictures.class_fashion_0),
        (DataSet::Fashion, 1) => t_string!(i18n, pictures.class_fashion_1),
        (DataSet::Fashion, 2) => t_string!(i18n, pictures.class_fashion_2),
        (DataSet::Fashion, 3) => t_string!(i18n, pictures.class_fashion_3),
        (DataSet::Fashion, 4) => t_string!(i18n, pictures.class_fashion_4),
        (DataSet::Fashion, 5) => t_string!(i18n, pictures.class_fashion_5),
        (DataSet::Fashion, 6) => t_string!(i18n, pictures.class_fashion_6),
        (DataSet::Fashion, 7) => t_string!(i18n, pictures.class_fashion_7),
        (DataSet::Fashion, 8) => t_string!(i18n, pictures.class_fashion_8),
        (DataSet::Fashion, 9) => t_string!(i18n, pictures.class_fashion_9),
        (DataSet::Emoji, 0) => t_string!(i18n, pictures.class_emoji_0),
        (DataSet::Emoji, 1) => t_string!(i18n, pictures.class_emoji_1),
        (DataSet::Emoji, 2) => t_string!(i18n, pictures.class_emoji_2),
        (DataSet::Emoji, 3) => t_string!(i18n, pictures.class_emoji_3),
        (DataSet::Pixel, 0) => t_string!(i18n, pictures.class_pixel_0),
        (DataSet::Pixel, 1) => t_string!(i18n, pictures.class_pixel_1),
        (DataSet::Pixel, 2) => t_string!(i18n, pictures.class_pixel_2),
        (DataSet::Pixel, 3) => t_string!(i18n, pictures.class_pixel_3),
        (DataSet::Pixel, 4) => t_string!(i18n, pictures.class_pixel_4),
        (DataSet::Faces, 0) => t_string!(i18n, pictures.class_faces_0),
        (DataSet::Faces, 1) => t_string!(i18n, pictures.class_faces_1),
        (DataSet::Faces, 2) => t_string!(i18n, pictures.class_faces_2),
        (DataSet::Faces, 3) => t_string!(i18n, pictures.class_faces_3),
        (DataSet::Faces, 4) => t_string!(i18n, pictures.class_faces_4),
        _ => return class.to_string(),
    };
    name.to_owned()
}

/// Name of a model as the visitor reads it.
pub fn model_name(i18n: Words, name: &str) -> String {
    match family_name(i18n, name) {
        Some(family) if name != ModelCard::YOURS => {
            format!("{} · {family}", data_name(i18n, data_of(name)))
        }
        Some(yours) => yours.to_owned(),
        None => name.to_owned(),
    }
}

/// Name of a model's family, without its data.
pub fn family_name(i18n: Words, name: &str) -> Option<&'static str> {
    match name.split('-').next() {
        _ if name == ModelCard::YOURS => Some(t_string!(i18n, pictures.model_yours)),
        Some("cycle") => Some("CycleGAN"),
        Some("gan") => Some("GAN"),
        Some("vae") => Some("VAE"),
        Some("map") => Some("VAE-2"),
        Some("flow") if name.ends_with("-leaps") => Some(t_string!(i18n, pictures.family_leaps)),
        Some("flow") => Some(t_string!(i18n, pictures.family_flow)),
        Some("style") => Some(t_string!(i18n, pictures.family_style)),
        _ => None,
    }
}

/// Name of a data set.
pub fn data_name(i18n: Words, data: DataSet) -> &'static str {
    match data {
        DataSet::Fashion => t_string!(i18n, pictures.data_fashion),
        DataSet::Digits => t_string!(i18n, pictures.data_digits),
        DataSet::Emoji => t_string!(i18n, pictures.data_emoji),
        DataSet::Pixel => t_string!(i18n, pictures.data_pixel),
        DataSet::Faces => t_string!(i18n, pictures.data_faces),
        // On no list of this room.
        DataSet::Brush => t_string!(i18n, pictures.data_brush),
        DataSet::Photos | DataSet::Poems | DataSet::Plays => data.name(),
    }
}

/// The data set that a shipped model of this name learned from.
pub fn data_of(name: &str) -> DataSet {
    DataSet::PICTURES
        .into_iter()
        .chain([DataSet::Brush])
        .find(|data| name.split('-').any(|part| part == data.name()))
        .unwrap_or(DataSet::Fashion)
}

/// A picture in a word or two: its class, or what was done to get it.
pub fn name_of(i18n: Words, data: DataSet, latent: &Latent) -> String {
    match latent {
        Latent::Draw { class, .. } | Latent::At { class, .. } => match class {
            Some(class) if data == DataSet::Digits => {
                let class = *class;
                t_string!(i18n, pictures.name_digit, class = class)
            }
            Some(class) => class_name(i18n, data, *class),
            None => t_string!(i18n, pictures.name_sample).to_owned(),
        },
        Latent::Blend { .. } => t_string!(i18n, pictures.name_blend).to_owned(),
        Latent::Arithmetic { .. } => t_string!(i18n, pictures.name_arithmetic).to_owned(),
        // Of what was said; "variation" alone would name them all.
        Latent::Near { of, .. } if of.says_words() => name_of(i18n, data, of),
        Latent::Near { .. } => t_string!(i18n, pictures.name_near).to_owned(),
        Latent::Worded { words, .. } => words.clone(),
        Latent::Pushed { .. } => t_string!(i18n, pictures.name_pushed).to_owned(),
        Latent::Crossed { .. } => t_string!(i18n, pictures.name_crossed).to_owned(),
        Latent::Styles { .. } => t_string!(i18n, pictures.name_styles).to_owned(),
    }
}

/// How a picture was made, as a sentence.
pub fn story(i18n: Words, data: DataSet, recipe: &Recipe) -> String {
    let latent = sentence(i18n, data, &recipe.latent);
    let Some(sampling) = recipe.sampling else {
        return latent;
    };
    let solver = match sampling.solver {
        Solver::Euler => "Euler",
        Solver::Heun => "Heun",
        Solver::Shortcut => t_string!(i18n, pictures.solver_shortcut),
    };
    let (steps, guidance) = (sampling.steps, short(sampling.guidance));
    let path = t_string!(
        i18n,
        pictures.says_path,
        latent = latent,
        steps = steps,
        solver = solver,
        guidance = guidance
    );
    let Some(start) = &recipe.start else {
        return path;
    };
    if start.mask.is_some() {
        let cells = start.shape().map_or(1, |shape| shape.side * shape.side);
        let marked = (0..cells).filter(|&at| start.changes(at)).count();
        let percent = (marked as f32 / cells as f32 * 100.0).round();
        t_string!(
            i18n,
            pictures.edit.says_fill,
            path = path,
            percent = percent
        )
    } else {
        let strength = short(start.strength);
        t_string!(
            i18n,
            pictures.edit.says_start,
            path = path,
            strength = strength
        )
    }
}

/// A latent point, as a sentence.
fn sentence(i18n: Words, data: DataSet, latent: &Latent) -> String {
    let of = |latent: &Latent| sentence(i18n, data, latent);
    match latent {
        Latent::Draw {
            seed,
            index,
            temperature,
            class,
        } => {
            let class = class_words(i18n, data, *class);
            let (number, temperature) = (index + 1, short(*temperature));
            t_string!(
                i18n,
                pictures.says_draw,
                number = number,
                seed = seed,
                temperature = temperature,
                class = class
            )
        }
        Latent::At { z, class } => {
            let class = class_words(i18n, data, *class);
            if let [x, y] = z[..] {
                let (x, y) = (short(x), short(y));
                t_string!(i18n, pictures.says_place, x = x, y = y, class = class)
            } else {
                let count = z.len();
                t_string!(i18n, pictures.says_at, count = count, class = class)
            }
        }
        Latent::Blend { a, b, t } => {
            let (a, b) = (of(a), of(b));
            let percent = (t * 100.0).round();
            t_string!(i18n, pictures.says_blend, percent = percent, a = a, b = b)
        }
        Latent::Arithmetic { a, minus, plus } => {
            let (a, minus, plus) = (of(a), of(minus), of(plus));
            t_string!(
                i18n,
                pictures.says_arithmetic,
                a = a,
                minus = minus,
                plus = plus
            )
        }
        Latent::Worded { of: other, words } => {
            let (words, latent) = (words.clone(), of(other));
            t_string!(i18n, pictures.says_words, words = words, latent = latent)
        }
        Latent::Near {
            of: other,
            seed,
            index,
            amount,
        } => {
            let other = of(other);
            let (number, amount) = (index + 1, short(*amount));
            t_string!(
                i18n,
                pictures.says_near,
                number = number,
                seed = seed,
                amount = amount,
                other = other
            )
        }
        Latent::Pushed { of: other, nudges } => {
            let (count, other) = (nudges.len(), of(other));
            t_string!(i18n, pictures.says_pushed, count = count, other = other)
        }
        Latent::Crossed { coarse, fine, from } => {
            let (coarse, fine, from) = (of(coarse), of(fine), *from);
            t_string!(
                i18n,
                pictures.says_crossed,
                from = from,
                coarse = coarse,
                fine = fine
            )
        }
        Latent::Styles { .. } => t_string!(i18n, pictures.says_styles).to_owned(),
    }
}

fn class_words(i18n: Words, data: DataSet, class: Option<u8>) -> String {
    match class {
        Some(class) => {
            let name = class_name(i18n, data, class);
            t_string!(i18n, pictures.says_class, name = name)
        }
        None => String::new(),
    }
}
