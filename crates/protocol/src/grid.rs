//! A grid of pictures that differ in one or two knobs, to compare them.

use serde::{Deserialize, Serialize};

use crate::{Recipe, Sampling, Sheet};

/// Pictures side by side, each made with other values of one or two knobs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Grid {
    /// What all of them have in common: the first picture of this sheet, whose
    /// count says nothing here.
    pub base: Sheet,
    /// What differs from column to column.
    pub across: Axis,
    /// What differs from row to row; `None` for a single row.
    pub down: Option<Axis>,
}

/// The values of a knob, in the order of the columns or rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Axis {
    /// Steps of a flow.
    Steps(Vec<u16>),
    /// Guidance scale of a flow.
    Guidance(Vec<f32>),
    /// Seed of the draw.
    Seed(Vec<u64>),
    /// Standard deviation of the draw.
    Temperature(Vec<f32>),
    /// Class, or style, asked for.
    Class(Vec<u8>),
    /// Model, with the hash of its weights.
    Model(Vec<(String, [u8; 8])>),
}

impl Axis {
    /// Most values of one axis.
    pub const MAX: usize = 6;

    /// How many values it has.
    pub fn len(&self) -> usize {
        match self {
            Axis::Steps(values) => values.len(),
            Axis::Guidance(values) | Axis::Temperature(values) => values.len(),
            Axis::Seed(values) => values.len(),
            Axis::Class(values) => values.len(),
            Axis::Model(values) => values.len(),
        }
    }

    /// Whether it has none, which no grid is read with.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether both are of the same knob.
    pub fn same_knob(&self, other: &Axis) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// Turns the knob of a sheet to value `index`; nothing beyond the last one.
    fn turn(&self, sheet: &mut Sheet, index: usize) {
        match self {
            Axis::Steps(values) => {
                if let Some(&steps) = values.get(index) {
                    sheet.sampling.get_or_insert_with(Sampling::default).steps = steps;
                }
            }
            Axis::Guidance(values) => {
                if let Some(&guidance) = values.get(index) {
                    let sampling = sheet.sampling.get_or_insert_with(Sampling::default);
                    sampling.guidance = guidance;
                }
            }
            Axis::Seed(values) => sheet.seed = values.get(index).copied().unwrap_or(sheet.seed),
            Axis::Temperature(values) => {
                sheet.temperature = values.get(index).copied().unwrap_or(sheet.temperature);
            }
            Axis::Class(values) => sheet.class = values.get(index).copied().or(sheet.class),
            Axis::Model(values) => {
                if let Some((model, weights)) = values.get(index) {
                    sheet.model.clone_from(model);
                    sheet.weights = *weights;
                }
            }
        }
    }
}

impl Grid {
    /// How many columns.
    pub fn columns(&self) -> usize {
        self.across.len()
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.down.as_ref().map_or(1, Axis::len)
    }

    /// The recipe in this column and row.
    pub fn recipe(&self, column: usize, row: usize) -> Recipe {
        let mut sheet = self.base.clone();
        self.across.turn(&mut sheet, column);
        if let Some(down) = &self.down {
            down.turn(&mut sheet, row);
        }
        sheet.recipe(0)
    }

    /// All recipes, row by row.
    pub fn recipes(&self) -> Vec<Recipe> {
        (0..self.rows())
            .flat_map(|row| (0..self.columns()).map(move |column| (column, row)))
            .map(|(column, row)| self.recipe(column, row))
            .collect()
    }

    /// Every model that makes one of them, with the hash of its weights.
    pub fn models(&self) -> Vec<(String, [u8; 8])> {
        let axes = [Some(&self.across), self.down.as_ref()];
        for axis in axes.into_iter().flatten() {
            if let Axis::Model(models) = axis {
                return models.clone();
            }
        }
        vec![(self.base.model.clone(), self.base.weights)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Latent, Solver};

    fn base() -> Sheet {
        Sheet {
            model: "flow-emoji".to_owned(),
            weights: [1; 8],
            seed: 7,
            class: None,
            temperature: 1.0,
            words: Some("red apple".to_owned()),
            count: 1,
            sampling: Some(Sampling {
                steps: 10,
                guidance: 2.0,
                solver: Solver::Euler,
            }),
        }
    }

    #[test]
    fn a_cell_has_the_values_of_its_column_and_row() {
        let grid = Grid {
            base: base(),
            across: Axis::Steps(vec![2, 20]),
            down: Some(Axis::Class(vec![0, 3, 1])),
        };
        assert_eq!((grid.columns(), grid.rows()), (2, 3));
        let recipes = grid.recipes();
        assert_eq!(recipes.len(), 6);
        let cell = &recipes[2 + 1];
        assert_eq!(*cell, grid.recipe(1, 1));
        let sampling = cell.sampling.expect("a flow takes steps");
        assert_eq!(
            (sampling.steps, sampling.guidance, sampling.solver),
            (20, 2.0, Solver::Euler)
        );
        let Latent::Worded { of, words } = &cell.latent else {
            panic!("words were said");
        };
        assert_eq!(words, "red apple");
        assert!(matches!(
            **of,
            Latent::Draw {
                seed: 7,
                index: 0,
                class: Some(3),
                ..
            }
        ));
    }

    #[test]
    fn models_stand_beside_each_other() {
        let pair = vec![("a".to_owned(), [2; 8]), ("b".to_owned(), [3; 8])];
        let grid = Grid {
            base: base(),
            across: Axis::Model(pair.clone()),
            down: Some(Axis::Seed(vec![1, 2])),
        };
        assert_eq!(grid.models(), pair);
        let recipe = grid.recipe(1, 0);
        assert_eq!((recipe.model.as_str(), recipe.weights), ("b", [3; 8]));
        let alone = Grid {
            across: Axis::Guidance(vec![0.0, 4.0]),
            down: None,
            ..grid
        };
        assert_eq!(alone.models(), [("flow-emoji".to_owned(), [1; 8])]);
        assert_eq!(alone.recipes().len(), 2);
    }
}
