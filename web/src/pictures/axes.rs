//! The columns and rows of a comparison, as the address has them:
//! `across=steps:2,5,10`.

use lampwork_protocol::{Axis, Sampling, link};

/// A knob that columns or rows may turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turns {
    /// Which model.
    Model,
    /// Steps of a flow.
    Steps,
    /// Guidance of a flow.
    Guidance,
    /// Seed.
    Seed,
    /// Temperature.
    Temperature,
    /// Class or style.
    Class,
}

impl Turns {
    /// All of them, as they are offered.
    pub const ALL: [Turns; 6] = [
        Turns::Model,
        Turns::Steps,
        Turns::Guidance,
        Turns::Seed,
        Turns::Temperature,
        Turns::Class,
    ];

    /// Its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Turns::Model => "model",
            Turns::Steps => "steps",
            Turns::Guidance => "guidance",
            Turns::Seed => "seed",
            Turns::Temperature => "temperature",
            Turns::Class => "class",
        }
    }

    /// The knob of this name.
    pub fn named(name: &str) -> Option<Turns> {
        Turns::ALL.into_iter().find(|turns| turns.name() == name)
    }

    /// Whether its values are typed as numbers, rather than chosen by name.
    pub fn is_number(self) -> bool {
        !matches!(self, Turns::Model | Turns::Class)
    }
}

/// What an axis of the address asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// The knob.
    pub turns: Turns,
    /// Its values, as text; at most [`Axis::MAX`].
    pub values: Vec<String>,
}

impl Wish {
    /// Of a knob, with values that are written with commas between them.
    pub fn of(turns: Turns, values: &str) -> Wish {
        let mut kept: Vec<String> = vec![];
        // Other people's commas too.
        for value in values.split([',', '，', '、', ' ', ';']).map(str::trim) {
            if kept.len() < Axis::MAX
                && !kept.iter().any(|other| other == value)
                && !value.is_empty()
            {
                kept.push(value.to_owned());
            }
        }
        Wish {
            turns,
            values: kept,
        }
    }

    /// From the address.
    pub fn parse(text: &str) -> Option<Wish> {
        let (name, values) = text.split_once(':')?;
        Some(Wish::of(Turns::named(name)?, values))
    }

    /// For the address.
    pub fn text(&self) -> String {
        format!("{}:{}", self.turns.name(), self.values.join(","))
    }

    /// The axis, without values that are none; `weights` finds the hash of a model
    /// that is ready. `None` if nothing is left, or a model is on its way.
    pub fn axis(&self, weights: impl Fn(&str) -> Option<[u8; 8]>) -> Option<Axis> {
        let axis = match self.turns {
            Turns::Steps => Axis::Steps(self.numbers(1, Sampling::MAX_STEPS)),
            Turns::Guidance => Axis::Guidance(self.numbers(0.0, Sampling::MAX_GUIDANCE)),
            Turns::Seed => Axis::Seed(self.numbers(0, u64::MAX)),
            Turns::Temperature => Axis::Temperature(self.numbers(0.0, link::MAX_TEMPERATURE)),
            Turns::Class => Axis::Class(self.numbers(0, link::MAX_CLASSES - 1)),
            Turns::Model => Axis::Model(
                self.values
                    .iter()
                    .map(|name| Some((name.clone(), weights(name)?)))
                    .collect::<Option<_>>()?,
            ),
        };
        (!axis.is_empty()).then_some(axis)
    }

    fn numbers<T: std::str::FromStr + PartialOrd + Copy>(&self, least: T, most: T) -> Vec<T> {
        self.values
            .iter()
            .filter_map(|value| value.parse().ok())
            // What is not a number is in no range.
            .filter(|value| (least..=most).contains(value))
            .collect()
    }

    /// The wish for an axis that there is.
    pub fn for_axis(axis: &Axis) -> Wish {
        fn texts<T: ToString>(values: &[T]) -> Vec<String> {
            values.iter().map(T::to_string).collect()
        }
        let (turns, values) = match axis {
            Axis::Steps(values) => (Turns::Steps, texts(values)),
            Axis::Guidance(values) => (Turns::Guidance, texts(values)),
            Axis::Seed(values) => (Turns::Seed, texts(values)),
            Axis::Temperature(values) => (Turns::Temperature, texts(values)),
            Axis::Class(values) => (Turns::Class, texts(values)),
            Axis::Model(values) => {
                let names = values.iter().map(|(name, _)| name.clone());
                (Turns::Model, names.collect())
            }
        };
        Wish { turns, values }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(text: &str) -> Option<Axis> {
        Wish::parse(text)?.axis(|name| (name != "late").then_some([9; 8]))
    }

    #[test]
    fn axes_survive_the_address() {
        for axis in [
            Axis::Steps(vec![2, 5, 10]),
            Axis::Guidance(vec![0.0, 1.5, 3.25]),
            Axis::Seed(vec![u64::MAX, 0]),
            Axis::Temperature(vec![0.1, 1.0]),
            Axis::Class(vec![0, 9]),
            Axis::Model(vec![("a".into(), [9; 8]), ("b-c".into(), [9; 8])]),
        ] {
            let text = Wish::for_axis(&axis).text();
            assert_eq!(self::axis(&text), Some(axis), "{text}");
        }
    }

    #[test]
    fn what_is_no_value_is_left_out() {
        assert_eq!(axis("steps:0,2,x,201, 7"), Some(Axis::Steps(vec![2, 7])));
        assert_eq!(
            axis("guidance:NaN,inf,-1,2"),
            Some(Axis::Guidance(vec![2.0]))
        );
        assert_eq!(axis("class:10,3，4"), Some(Axis::Class(vec![3, 4])));
        let many = axis("seed:1,2,3,4,5,6,7,8").map(|axis| axis.len());
        assert_eq!(many, Some(Axis::MAX));
        for nothing in ["", "steps", "steps:", "steps:x", "size:2", "model:late"] {
            assert_eq!(axis(nothing), None, "{nothing}");
        }
    }
}
