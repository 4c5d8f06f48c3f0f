//! What a flow is asked for.

use burn::tensor::{Tensor, s};

/// What a flow is asked for, a row a picture.
#[derive(Debug, Clone, Default)]
pub struct Told {
    /// `[count, classes]`, weights that sum to one, or all zero for no class;
    /// `None` for a net without classes.
    pub classes: Option<Tensor<2>>,
    /// `[count, dimensions]`, word vectors of length 1, or all zero where nothing
    /// is said; `None` for a net without words.
    pub words: Option<Tensor<2>>,
}

impl Told {
    /// Whether there is nothing that a net could be told.
    pub fn is_none(&self) -> bool {
        self.classes.is_none() && self.words.is_none()
    }

    /// What guidance leaves out: the words where the net has words, so that a
    /// style stays the style, else the class.
    pub fn without(&self) -> Self {
        match &self.words {
            Some(words) => Self {
                classes: self.classes.clone(),
                words: Some(words.zeros_like()),
            },
            None => Self {
                classes: self.classes.as_ref().map(Tensor::zeros_like),
                words: None,
            },
        }
    }

    /// All rows, so many times.
    pub fn repeated(&self, times: usize) -> Self {
        let all = |rows: &Option<Tensor<2>>| rows.clone().map(|rows| rows.repeat_dim(0, times));
        Self {
            classes: all(&self.classes),
            words: all(&self.words),
        }
    }

    /// The first rows.
    pub fn first(&self, count: usize) -> Self {
        let first =
            |rows: &Option<Tensor<2>>| rows.clone().map(|rows| rows.slice(s![0..count, ..]));
        Self {
            classes: first(&self.classes),
            words: first(&self.words),
        }
    }

    /// Off the tape of gradients.
    pub fn inner(self) -> Self {
        Self {
            classes: self.classes.map(Tensor::inner),
            words: self.words.map(Tensor::inner),
        }
    }

    /// The rows of both, one after the other.
    pub fn and(self, other: Self) -> Self {
        let cat = |a: Option<Tensor<2>>, b: Option<Tensor<2>>| {
            a.zip(b).map(|(a, b)| Tensor::cat(vec![a, b], 0))
        };
        Self {
            classes: cat(self.classes, other.classes),
            words: cat(self.words, other.words),
        }
    }
}
