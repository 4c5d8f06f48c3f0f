//! The table of one figure: a row for each model that was measured by it.

use std::cmp::Ordering;

use lampwork_protocol::{Figure, ModelCard};

/// A column to sort by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Column {
    /// As the site lists the models.
    #[default]
    Model,
    /// What was measured.
    Value,
    /// The same of real pictures.
    Real,
    /// The same of noise.
    Noise,
}

impl Column {
    /// All of them, from left to right.
    pub const ALL: [Column; 4] = [Column::Model, Column::Value, Column::Real, Column::Noise];

    /// Its name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Column::Model => "model",
            Column::Value => "value",
            Column::Real => "real",
            Column::Noise => "noise",
        }
    }

    /// The column of this name.
    pub fn named(name: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.name() == name)
    }
}

/// A model and what was measured of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The model's card.
    pub card: ModelCard,
    /// The figure.
    pub figure: Figure,
}

impl Row {
    /// How far from noise towards real pictures, 0 to 1; `None` without both.
    pub fn way(&self) -> Option<f64> {
        let (real, noise) = (self.figure.floor?, self.figure.ceiling?);
        let way = (self.figure.value - noise) / (real - noise);
        way.is_finite().then(|| way.clamp(0.0, 1.0))
    }

    fn number(&self, column: Column) -> Option<f64> {
        match column {
            Column::Model => None,
            Column::Value => Some(self.figure.value),
            Column::Real => self.figure.floor,
            Column::Noise => self.figure.ceiling,
        }
    }
}

/// Names of all figures that any card has, but those of a sweep: the known ones in
/// their order, then the others by name.
pub fn figures(cards: &[ModelCard], known: &[&str]) -> Vec<String> {
    let mut names: Vec<String> = vec![];
    for figure in cards.iter().flat_map(|card| &card.figures) {
        if !names.contains(&figure.name) && super::sweep::point(&figure.name).is_none() {
            names.push(figure.name.clone());
        }
    }
    let place = |name: &String| {
        let known = known.iter().position(|other| other == name);
        (known.unwrap_or(usize::MAX), name.clone())
    };
    names.sort_by_key(place);
    names
}

/// The rows of a figure, sorted; what has no value in the column comes last
/// whichever way.
pub fn rows(cards: &[ModelCard], name: &str, by: Column, falling: bool) -> Vec<Row> {
    let mut rows: Vec<Row> = cards
        .iter()
        .filter_map(|card| {
            let figure = card.figures.iter().find(|figure| figure.name == name)?;
            Some(Row {
                card: card.clone(),
                figure: figure.clone(),
            })
        })
        .collect();
    rows.sort_by(|a, b| {
        let turned = |order: Ordering| if falling { order.reverse() } else { order };
        match (by, a.number(by), b.number(by)) {
            (Column::Model, ..) => turned(key(&a.card).cmp(&key(&b.card))),
            (_, Some(a), Some(b)) => turned(a.total_cmp(&b)),
            (_, a, b) => b.is_some().cmp(&a.is_some()),
        }
    });
    rows
}

/// Models of the same data stand together.
fn key(card: &ModelCard) -> (usize, String) {
    let data = lampwork_protocol::DataSet::ALL
        .into_iter()
        .position(|data| data == card.recipe.data);
    (data.unwrap_or(usize::MAX), card.name.clone())
}

/// A number to read: four digits that say something.
pub fn shown(value: f64) -> String {
    let digits = match value.abs() {
        0.0 => 0,
        size if size >= 1000.0 => 0,
        size if size >= 100.0 => 1,
        size if size >= 10.0 => 2,
        _ => 3,
    };
    let text = format!("{value:.digits$}");
    // A real minus, and none before a zero.
    match text.strip_prefix('-') {
        Some(zero) if zero.bytes().all(|b| matches!(b, b'0' | b'.')) => zero.to_owned(),
        Some(positive) => format!("\u{2212}{positive}"),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::{DataSet, NetKind};

    use super::*;
    use crate::workbench::presets::{Family, preset};

    fn card(name: &str, data: DataSet, figures: &[(&str, f64, Option<f64>)]) -> ModelCard {
        ModelCard {
            version: ModelCard::VERSION,
            name: name.to_owned(),
            recipe: preset(Family::Flow, NetKind::Conv, data),
            licence: String::new(),
            data_source: String::new(),
            commit: String::new(),
            device: String::new(),
            steps: 0,
            seconds: 0.0,
            directions: Vec::new(),
            figures: figures
                .iter()
                .map(|(name, value, floor)| Figure {
                    name: (*name).to_owned(),
                    value: *value,
                    unit: String::new(),
                    floor: *floor,
                    ceiling: Some(10.0),
                    how: String::new(),
                })
                .collect(),
        }
    }

    fn cards() -> Vec<ModelCard> {
        vec![
            card("flow-emoji", DataSet::Emoji, &[("recall", 0.5, None)]),
            card(
                "gan",
                DataSet::Fashion,
                &[("new", 1.0, None), ("recall", 0.7, Some(0.9))],
            ),
            card("flow", DataSet::Fashion, &[("recall", 0.2, Some(0.8))]),
            card("bare", DataSet::Digits, &[]),
        ]
    }

    fn names(by: Column, falling: bool) -> Vec<String> {
        rows(&cards(), "recall", by, falling)
            .into_iter()
            .map(|row| row.card.name)
            .collect()
    }

    #[test]
    fn rows_are_sorted_both_ways_and_gaps_come_last() {
        assert_eq!(names(Column::Model, false), ["flow", "gan", "flow-emoji"]);
        assert_eq!(names(Column::Model, true), ["flow-emoji", "gan", "flow"]);
        assert_eq!(names(Column::Value, false), ["flow", "flow-emoji", "gan"]);
        assert_eq!(names(Column::Real, false), ["flow", "gan", "flow-emoji"]);
        assert_eq!(names(Column::Real, true), ["gan", "flow", "flow-emoji"]);
        assert!(rows(&cards(), "precision", Column::Value, false).is_empty());
    }

    #[test]
    fn figures_that_are_not_known_come_after_those_that_are() {
        assert_eq!(
            figures(&cards(), &["precision", "recall"]),
            ["recall", "new"]
        );
    }

    #[test]
    fn the_way_goes_from_noise_to_real_pictures() {
        let ways: Vec<_> = rows(&cards(), "recall", Column::Value, false)
            .iter()
            .map(Row::way)
            .collect();
        assert_eq!(ways, [Some(1.0), None, Some(1.0)]);
    }

    #[test]
    fn numbers_are_short() {
        let texts = [2.3526, 0.0, -258.3565, 17.4818, 0.55234, -0.0001, 12345.6].map(shown);
        let expected = [
            "2.353",
            "0",
            "\u{2212}258.4",
            "17.48",
            "0.552",
            "0.000",
            "12346",
        ];
        assert_eq!(texts, expected);
    }
}
