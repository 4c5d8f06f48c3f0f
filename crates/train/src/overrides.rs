//! `--set optimizer.learning_rate=1e-3`: one setting of a recipe by its path.

use anyhow::{Context, Result, anyhow, bail};
use lampwork_protocol::{EarlyStopping, OptimizerKind, RunRecipe, Schedule};
use serde_json::{Map, Value, json};

/// What a setting that may be absent becomes when a part of it is named.
fn absent_default(path: &str) -> Option<Value> {
    match path {
        "early_stopping" => Some(json!(EarlyStopping {
            patience: 5,
            min_delta: 0.0
        })),
        _ => None,
    }
}

/// Variants of the settings that are a tag with fields of its own: naming the
/// tag alone takes the fields' usual values.
fn variants(path: &str) -> Option<Vec<(&'static str, Value)>> {
    match path {
        "optimizer.kind" => Some(vec![
            (
                "adam",
                json!(OptimizerKind::Adam {
                    beta1: 0.9,
                    beta2: 0.999
                }),
            ),
            (
                "adamw",
                json!(OptimizerKind::AdamW {
                    beta1: 0.9,
                    beta2: 0.999,
                    weight_decay: 0.01
                }),
            ),
            ("sgd", json!(OptimizerKind::Sgd { momentum: 0.9 })),
        ]),
        "optimizer.schedule" => Some(vec![
            ("constant", json!(Schedule::Constant)),
            ("cosine", json!(Schedule::Cosine { floor: 0.05 })),
            (
                "step",
                json!(Schedule::Step {
                    every: 10,
                    factor: 0.5
                }),
            ),
        ]),
        _ => None,
    }
}

/// Every path that can be set in this recipe, with its value.
pub fn settings(recipe: &RunRecipe) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    collect("", &json!(recipe), &mut found);
    found
}

fn collect(path: &str, value: &Value, found: &mut Vec<(String, Value)>) {
    if variants(path).is_some() {
        found.push((path.into(), tag_of(value)));
    }
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let tag = matches!(name.as_str(), "rule" | "shape" | "family");
                let of_tagged = matches!(path, "optimizer.kind" | "optimizer.schedule" | "model");
                if !(tag && of_tagged) {
                    collect(&join(path, name), value, found);
                }
            }
        }
        _ => found.push((path.into(), value.clone())),
    }
}

fn tag_of(value: &Value) -> Value {
    ["rule", "shape"]
        .iter()
        .find_map(|tag| value.get(tag))
        .cloned()
        .unwrap_or(Value::Null)
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.into()
    } else {
        format!("{path}.{name}")
    }
}

/// Reads `path=value`.
///
/// # Errors
/// Where there is no `=`.
pub fn parse(setting: &str) -> Result<(String, Value)> {
    let (path, text) = setting.split_once('=').ok_or_else(|| {
        anyhow!("{setting:?} sets nothing: write PATH=VALUE, e.g. optimizer.learning_rate=1e-3")
    })?;
    Ok((path.trim().to_owned(), read_value(text.trim())))
}

/// A number, `true`, `false` or JSON where it reads as such, `none` for an
/// absent value, else a word.
pub fn read_value(text: &str) -> Value {
    if text == "none" {
        return Value::Null;
    }
    serde_json::from_str(text).unwrap_or_else(|_| match text.parse::<f64>() {
        Ok(number) if number.is_finite() => json!(number),
        _ => Value::String(text.into()),
    })
}

/// The recipe with its setting `path` as `value`.
///
/// # Errors
/// Where there is no such setting (the message names those that are), or it
/// takes no such value.
pub fn set(recipe: &RunRecipe, path: &str, value: &Value) -> Result<RunRecipe> {
    let mut whole = json!(recipe);
    let slot = find(&mut whole, path).ok_or_else(|| unknown(recipe, path))?;
    *slot = match (variants(path), value) {
        (Some(variants), Value::String(tag)) => variants
            .iter()
            .find(|(name, _)| name == tag)
            .map(|(_, whole)| whole.clone())
            .ok_or_else(|| {
                let known: Vec<_> = variants.iter().map(|(name, _)| *name).collect();
                anyhow!("{path} is no {tag:?}; it can be {}", known.join(", "))
            })?,
        _ => whole_number(value),
    };
    let read: RunRecipe = serde_json::from_value(whole)
        .with_context(|| format!("{path} cannot be {}", plain(value)))?;
    // A value that serde drops without a word (a field too many in an object)
    // would be a setting that does nothing.
    let mut back = json!(read);
    if find(&mut back, path).is_none() {
        bail!("{path} cannot be {}", plain(value));
    }
    Ok(read)
}

/// `3.0` and `1e3` for a count, as a search or a hand writes them.
fn whole_number(value: &Value) -> Value {
    match value.as_f64() {
        Some(number)
            if value.is_f64() && number.fract() == 0.0 && (0.0..9e15).contains(&number) =>
        {
            json!(number as u64)
        }
        _ => value.clone(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "none".into(),
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    }
}

fn find<'a>(whole: &'a mut Value, path: &str) -> Option<&'a mut Value> {
    let mut slot = whole;
    let mut sofar = String::new();
    for name in path.split('.') {
        if slot.is_null() {
            *slot = absent_default(&sofar)?;
        }
        sofar = join(&sofar, name);
        slot = fields(slot)?.get_mut(name)?;
    }
    Some(slot)
}

fn fields(value: &mut Value) -> Option<&mut Map<String, Value>> {
    value.as_object_mut()
}

fn unknown(recipe: &RunRecipe, path: &str) -> anyhow::Error {
    let known: Vec<_> = settings(recipe).into_iter().map(|(path, _)| path).collect();
    anyhow!(
        "there is no setting {path:?} in this recipe; there are {}",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::presets;

    fn recipe(preset: &str) -> RunRecipe {
        presets::load(preset).unwrap().recipe
    }

    fn set_text(recipe: &RunRecipe, setting: &str) -> Result<RunRecipe> {
        let (path, value) = parse(setting)?;
        set(recipe, &path, &value)
    }

    #[track_caller]
    fn check(preset: &str, setting: &str, read: impl Fn(&RunRecipe) -> bool) {
        let before = recipe(preset);
        assert!(!read(&before), "{setting} changes nothing in {preset}");
        let after = set_text(&before, setting).unwrap();
        assert!(read(&after), "{setting}: {after:?}");
    }

    #[test]
    fn settings_of_every_kind_can_be_set() {
        check("vae-fashion", "epochs=3", |r| r.epochs == 3);
        check("vae-fashion", "batch=32.0", |r| r.batch == 32);
        check("vae-fashion", "seed=77", |r| r.seed == 77);
        check("vae-fashion", "optimizer.learning_rate=2e-3", |r| {
            r.optimizer.learning_rate == 2e-3
        });
        check("vae-fashion", "optimizer.clip_norm=none", |r| {
            r.optimizer.clip_norm.is_none()
        });
        check("gan-fashion", "optimizer.clip_norm=1", |r| {
            r.optimizer.clip_norm == Some(1.0)
        });
        check("gan-fashion", "early_stopping.patience=2", |r| {
            r.early_stopping.is_some_and(|e| e.patience == 2)
        });
        check("vae-digits", "early_stopping=none", |r| {
            r.early_stopping.is_none()
        });
        check(
            "gan-digits",
            "model.diff_augment.cutout=8",
            |r| matches!(&r.model, lampwork_protocol::ModelConfig::Gan(c) if c.diff_augment.cutout == 8),
        );
        check("vae-digits", "data=fashion", |r| {
            r.data == lampwork_protocol::DataSet::Fashion
        });
        check("gan-digits", "augment.flip=true", |r| r.augment.flip);
    }

    #[test]
    fn a_rule_named_alone_takes_its_usual_fields() {
        check("vae-digits", "optimizer.kind=sgd", |r| {
            r.optimizer.kind == OptimizerKind::Sgd { momentum: 0.9 }
        });
        check("vae-digits", "optimizer.schedule=step", |r| {
            matches!(r.optimizer.schedule, Schedule::Step { .. })
        });
        check(
            "vae-digits",
            "optimizer.kind.beta2=0.9",
            |r| matches!(r.optimizer.kind, OptimizerKind::Adam { beta2, .. } if beta2 == 0.9),
        );
    }

    #[track_caller]
    fn refuse(setting: &str, part: &str) {
        let message = format!(
            "{:#}",
            set_text(&recipe("vae-fashion"), setting).unwrap_err()
        );
        assert!(message.contains(part), "{setting}: {message}");
    }

    #[test]
    fn what_cannot_be_set_is_refused_with_the_reason() {
        refuse("optimizer.lr=1", "optimizer.learning_rate");
        refuse("epochs.many=1", "epochs");
        refuse("epochs", "PATH=VALUE");
        refuse("epochs=many", "cannot be \"many\"");
        refuse("epochs=-1", "cannot be -1");
        refuse("epochs=1.5", "cannot be 1.5");
        refuse("optimizer.kind=adan", "adamw");
        refuse("optimizer.kind.momentum=1", "optimizer.kind.beta1");
        refuse("model.loss=hinge", "model.beta");
        refuse("model.net=rnn", "cannot be \"rnn\"");
    }

    #[test]
    fn every_listed_setting_can_be_set_to_its_own_value() {
        for preset in presets::names() {
            let recipe = recipe(preset);
            for (path, value) in settings(&recipe) {
                let same = set(&recipe, &path, &value);
                assert!(same.is_ok(), "{preset} {path}: {same:?}");
                // A rule or shape named alone resets its fields.
                if variants(&path).is_none() {
                    assert_eq!(same.unwrap(), recipe, "{preset} {path}");
                }
            }
        }
    }
}
