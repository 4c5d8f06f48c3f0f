//! What a search looks over: settings by their paths, each with a range.

use std::str::FromStr;

use anyhow::{Result, anyhow, bail};
use lampwork_protocol::RunRecipe;
use serde_json::{Value, json};

use crate::overrides;

/// Where to look for one setting.
#[derive(Debug, Clone, PartialEq)]
pub enum Range {
    /// Between two numbers, evenly.
    Linear(f64, f64),
    /// Between two positive numbers, evenly in their logarithm.
    Log(f64, f64),
    /// Whole numbers between two, both included.
    Whole(i64, i64),
    /// One of several values.
    Choice(Vec<Value>),
}

/// A setting that is searched over.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Its path in the recipe.
    pub path: String,
    /// Where to look.
    pub range: Range,
}

impl FromStr for Dimension {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Dimension> {
        let usage = || {
            anyhow!(
                "{text:?} names no range: write PATH=LOW..HIGH, PATH=log:LOW..HIGH, \
                 PATH=int:LOW..HIGH or PATH=choice:A,B,C"
            )
        };
        let (path, range) = text.split_once('=').ok_or_else(usage)?;
        let range = match range.split_once(':') {
            Some(("choice", values)) => Range::Choice(
                values
                    .split(',')
                    .map(|v| overrides::read_value(v.trim()))
                    .collect(),
            ),
            Some(("log", bounds)) => {
                let (low, high) = two(bounds).ok_or_else(usage)?;
                if low <= 0.0 {
                    bail!("{text:?}: a logarithm needs a range above zero");
                }
                Range::Log(low, high)
            }
            Some(("int", bounds)) => {
                let (low, high) = two::<i64>(bounds).ok_or_else(usage)?;
                Range::Whole(low, high)
            }
            Some(_) => return Err(usage()),
            None => {
                let (low, high) = two(range).ok_or_else(usage)?;
                Range::Linear(low, high)
            }
        };
        let dimension = Dimension {
            path: path.trim().to_owned(),
            range,
        };
        let (low, high) = dimension.bounds();
        if !(high > low && (high - low).is_finite()) {
            bail!("{text:?}: the range is empty");
        }
        Ok(dimension)
    }
}

fn two<T: FromStr>(bounds: &str) -> Option<(T, T)> {
    let (low, high) = bounds.split_once("..")?;
    Some((low.trim().parse().ok()?, high.trim().parse().ok()?))
}

impl Dimension {
    /// The coordinates that are searched: from the first to just below the second.
    pub fn bounds(&self) -> (f64, f64) {
        match &self.range {
            Range::Linear(low, high) => (*low, *high),
            Range::Log(low, high) => (low.ln(), high.ln()),
            // Half a step on either side, so that the ends are as likely as others.
            Range::Whole(low, high) => (*low as f64 - 0.5, *high as f64 + 0.5),
            Range::Choice(values) => (0.0, values.len() as f64),
        }
    }

    /// Whether its coordinates have no order.
    pub fn is_choice(&self) -> bool {
        matches!(self.range, Range::Choice(_))
    }

    /// The setting's value at a coordinate.
    pub fn value(&self, coordinate: f64) -> Value {
        match &self.range {
            Range::Linear(low, high) => json!(coordinate.clamp(*low, *high)),
            Range::Log(low, high) => json!(coordinate.exp().clamp(*low, *high)),
            Range::Whole(low, high) => json!((coordinate.round() as i64).clamp(*low, *high)),
            Range::Choice(values) => values[(coordinate as usize).min(values.len() - 1)].clone(),
        }
    }

    /// Checks that the ends of the range are values that the setting takes.
    ///
    /// # Errors
    /// Where one is not, or there is no such setting.
    pub fn check(&self, recipe: &RunRecipe) -> Result<()> {
        let (low, high) = self.bounds();
        let ends: Vec<Value> = match &self.range {
            Range::Choice(values) => values.clone(),
            _ => vec![self.value(low), self.value(high)],
        };
        for value in ends {
            overrides::set(recipe, &self.path, &value)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    fn read(text: &str) -> Result<Dimension> {
        text.parse()
    }

    #[test]
    fn ranges_of_every_kind_are_read() {
        let value = |text: &str, coordinate| read(text).unwrap().value(coordinate);
        assert_eq!(value("model.beta=1..4", 2.5), 2.5);
        assert_eq!(
            value("a=log:1e-4..1e-2", 1e-3_f64.ln()).as_f64().unwrap(),
            1e-3_f64.ln().exp()
        );
        assert_eq!(value("a=int:2..8", 7.6), 8);
        assert_eq!(value("a=int:2..8", 1.6), 2);
        assert_eq!(value("model.width=choice:64,128", 1.7), 128);
        assert_eq!(
            value("model.loss=choice:hinge,non-saturating", 0.2),
            "hinge"
        );
        assert_eq!(read("a=int:2..8").unwrap().bounds(), (1.5, 8.5));
    }

    #[track_caller]
    fn refuse(text: &str, part: &str) {
        let message = read(text).unwrap_err().to_string();
        assert!(message.contains(part), "{text}: {message}");
    }

    #[test]
    fn what_is_no_range_is_refused() {
        refuse("model.beta", "PATH=LOW..HIGH");
        refuse("model.beta=4", "PATH=LOW..HIGH");
        refuse("model.beta=4..1", "empty");
        refuse("model.beta=1..1", "empty");
        refuse("model.beta=log:0..1", "above zero");
        refuse("model.beta=sqrt:1..2", "PATH=LOW..HIGH");
        refuse("model.beta=0..inf", "empty");
    }

    #[test]
    fn settings_that_are_not_there_or_take_no_such_value_are_found_early() {
        let recipe = presets::load("vae-digits").unwrap().recipe;
        let check = |text: &str| read(text).unwrap().check(&recipe);
        check("optimizer.learning_rate=log:1e-4..1e-2").unwrap();
        check("model.width=choice:64,128").unwrap();
        check("optimizer.kind=choice:adam,sgd").unwrap();
        check("batch=int:32..64").unwrap();
        assert!(check("optimizer.rate=0..1").is_err());
        assert!(check("model.width=1.5..2.5").is_err());
        assert!(check("model.net=choice:mlp,rnn").is_err());
    }
}
