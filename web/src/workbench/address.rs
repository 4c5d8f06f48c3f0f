//! The state of the Workbench in the page's address, so that a link shows
//! another visitor the same run.
//!
//! `?family=gan&net=conv&data=digits&latent=16`: the preset of the first three,
//! and after them each knob that differs from it. Anything unknown or out of
//! range is left out or brought into range: a link is other people's input.

use std::fmt::Write;

use lampwork_protocol::{DataSet, NetKind, RunRecipe};

use super::knobs::{Knob, changed};
use super::presets::{Family, NETS, corner, net_name, preset};

/// The query of a recipe, without its `?`.
pub fn query(recipe: &RunRecipe) -> String {
    let (family, net, data) = corner(recipe);
    let mut query = format!("family={}", family.name());
    if !family.writes() {
        // Writing to a string cannot fail.
        let _ = write!(query, "&net={}", net_name(net));
    }
    let _ = write!(query, "&data={}", data.name());
    for knob in changed(recipe, &preset(family, net, data)) {
        if let Some(value) = knob.read(recipe) {
            let _ = write!(query, "&{}={}", knob.name(), value.text());
        }
    }
    query
}

/// The recipe of a query's values; `get` finds the value of a name.
pub fn recipe(get: impl Fn(&str) -> Option<String>) -> RunRecipe {
    let family = get("family").and_then(|name| Family::named(&name));
    let net = get("net").and_then(|name| NETS.into_iter().find(|net| net_name(*net) == name));
    let data = get("data").and_then(|name| {
        let mut all = DataSet::PICTURES.into_iter().chain(DataSet::TEXT);
        all.find(|data| data.name() == name)
    });
    let mut recipe = preset(
        family.unwrap_or(Family::Vae),
        net.unwrap_or(NetKind::Mlp),
        data.unwrap_or(DataSet::Fashion),
    );
    // In the table, a knob that brings others with it comes before them.
    for knob in Knob::ALL {
        let value = get(knob.name()).and_then(|text| knob.range(&recipe).parse(&text));
        if let Some(value) = value {
            knob.write(&mut recipe, value);
        }
    }
    recipe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workbench::knobs::{Range, Value};

    fn read(query: &str) -> RunRecipe {
        recipe(|name| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.to_owned())
        })
    }

    fn every_preset() -> impl Iterator<Item = RunRecipe> {
        Family::ALL.into_iter().flat_map(|family| {
            family.nets().iter().copied().flat_map(move |net| {
                DataSet::PICTURES
                    .into_iter()
                    .chain(DataSet::TEXT)
                    .filter(move |data| family.takes(*data))
                    .map(move |data| preset(family, net, data))
            })
        })
    }

    #[test]
    fn a_preset_is_said_by_its_names_alone() {
        for preset in every_preset() {
            let names = if Family::of(&preset.model).writes() {
                2
            } else {
                3
            };
            assert_eq!(query(&preset).matches('=').count(), names);
            assert_eq!(read(&query(&preset)), preset);
        }
    }

    #[test]
    fn every_preset_lies_within_the_ranges_of_its_knobs() {
        for preset in every_preset() {
            assert!(preset.batch.is_multiple_of(preset.micro_batch));
            for knob in Knob::ALL {
                let Some(value) = knob.read(&preset) else {
                    continue;
                };
                let parsed = knob.range(&preset).parse(&value.text());
                assert_eq!(parsed, Some(value), "{}", knob.name());
            }
        }
    }

    /// Another value than the one given, inside the range.
    fn other(range: Range, value: Value) -> Value {
        match (range, value) {
            (Range::Whole { min, max, .. }, Value::Whole(value)) => {
                Value::Whole(if value == max { min } else { max })
            }
            (Range::Real { min, max, .. }, Value::Real(value)) => {
                Value::Real(if value == max { min } else { max })
            }
            (Range::Choice(words), Value::Choice(value)) => Value::Choice(
                words
                    .iter()
                    .find(|word| **word != value)
                    .expect("a choice has at least two words"),
            ),
            (Range::Switch, Value::Switch(on)) => Value::Switch(!on),
            (range, value) => panic!("{range:?} holds {value:?}"),
        }
    }

    #[test]
    fn every_knob_of_every_preset_survives_the_address() {
        for preset in every_preset() {
            for knob in Knob::ALL {
                let Some(value) = knob.read(&preset) else {
                    continue;
                };
                let mut turned = preset.clone();
                knob.write(&mut turned, other(knob.range(&preset), value));
                assert_ne!(turned, preset, "{} does nothing", knob.name());
                assert!(changed(&turned, &preset).contains(&knob));
                assert_eq!(read(&query(&turned)), turned, "{}", knob.name());
            }
        }
    }

    #[test]
    fn knobs_that_come_with_another_survive_the_address() {
        let mut turned = preset(Family::Vae, NetKind::Mlp, DataSet::Digits);
        for (knob, value) in [
            (Knob::Rule, Value::Choice("sgd")),
            (Knob::Momentum, Value::Real(0.5)),
            (Knob::Schedule, Value::Choice("step")),
            (Knob::Every, Value::Whole(3)),
            (Knob::Factor, Value::Real(0.25)),
            (Knob::Seed, Value::Whole((1 << 53) - 1)),
        ] {
            knob.write(&mut turned, value);
        }
        assert_eq!(read(&query(&turned)), turned);
    }

    #[test]
    fn hostile_queries_end_inside_the_ranges() {
        let hostile = "family=../etc&net=%00&data=x&latent=99999999999999999999&width=-4&batch=NaN&learning_rate=inf&epochs=1e99&rule=%3Cscript%3E&seed=18446744073709551615&beta=nan";
        let recipe = read(hostile);
        assert_eq!(
            corner(&recipe),
            (Family::Vae, NetKind::Mlp, DataSet::Fashion)
        );
        for knob in Knob::ALL {
            if let Some(value) = knob.read(&recipe) {
                assert_eq!(knob.range(&recipe).parse(&value.text()), Some(value));
            }
        }
        assert_eq!(recipe.model.latent(), 64);
    }

    #[test]
    fn colour_is_for_flows() {
        let recipe = read("family=flow&data=emoji");
        assert_eq!(
            corner(&recipe),
            (Family::Flow, NetKind::Conv, DataSet::Emoji)
        );
        assert_eq!((recipe.model.words(), recipe.model.classes()), (80, 4));
        assert_eq!(recipe.model.shape(), DataSet::Emoji.shape());
        let recipe = read("family=lstm&net=mlp&data=emoji");
        assert_eq!(
            corner(&recipe),
            (Family::Lstm, NetKind::Conv, DataSet::Poems)
        );
        let recipe = read("family=gan&data=plays");
        assert_eq!(recipe.data, DataSet::Fashion);
        let recipe = read("family=gan&data=emoji");
        assert_eq!(recipe.data, DataSet::Fashion);
        assert_eq!(recipe.model.shape(), recipe.data.shape());
    }

    #[test]
    fn a_micro_batch_always_divides_its_batch() {
        for query in ["batch=96&micro_batch=64", "batch=8", "micro_batch=17"] {
            let recipe = read(query);
            assert!(recipe.batch.is_multiple_of(recipe.micro_batch), "{query}");
        }
    }
}
