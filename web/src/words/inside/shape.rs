//! What of a net decides how its inside looks, which attention is shown, and the sums.

use lampwork_protocol::ModelConfig;

/// Which attention is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The mean of all heads.
    Mean,
    /// One head, by layer and head, from 0.
    Head(usize, usize),
}

impl Choice {
    /// Its name in the address: `mean`, or `1.4` for the fourth head of the first layer.
    pub fn name(self) -> String {
        match self {
            Choice::Mean => "mean".to_owned(),
            Choice::Head(layer, head) => format!("{}.{}", layer + 1, head + 1),
        }
    }

    /// The choice of a name, where a net of this shape has it.
    pub fn of(name: &str, shape: Shape) -> Option<Self> {
        if name == "mean" {
            return Some(Choice::Mean);
        }
        let (layer, head) = name.split_once('.')?;
        let layer = layer.parse::<usize>().ok()?.checked_sub(1)?;
        let head = head.parse::<usize>().ok()?.checked_sub(1)?;
        (layer < shape.layers && head < shape.heads).then_some(Choice::Head(layer, head))
    }
}

/// What of a net decides how its inside looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shape {
    /// Layers.
    pub layers: usize,
    /// Heads of attention in each; 0 where there is none.
    pub heads: usize,
    /// Numbers that a token is.
    pub width: usize,
    /// Most tokens that it sees at once.
    pub context: usize,
}

impl Shape {
    /// The shape of a net that writes.
    pub fn of(config: &ModelConfig) -> Self {
        let (layers, heads, width) = match config {
            ModelConfig::Transformer(net) => (net.layers, net.heads, net.width),
            ModelConfig::Lstm(net) => (net.layers, 0, net.width),
            ModelConfig::TextVae(net) => (1, 0, net.width),
            ModelConfig::Vae(_)
            | ModelConfig::Gan(_)
            | ModelConfig::Flow(_)
            | ModelConfig::Translate(_)
            | ModelConfig::Style(_)
            | ModelConfig::Domains(_) => (0, 0, 0),
        };
        Self {
            layers,
            heads,
            width,
            context: config.context(),
        }
    }

    /// Numbers that a token adds to the cache: a key and a value in each layer.
    pub fn cached(&self) -> usize {
        if self.heads == 0 {
            0
        } else {
            2 * self.layers * self.width
        }
    }
}

/// What a text cost.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sums {
    /// Tokens that were foretold.
    pub tokens: u32,
    /// Their characters.
    pub characters: u32,
    /// Negative log likelihood of all of them, in nats.
    pub nats: f64,
    /// Whether some of the text was not read, for the model sees no more.
    pub cut: bool,
}

impl Sums {
    /// Bits a character; `None` of no character.
    pub fn bits_a_character(&self) -> Option<f64> {
        let characters = f64::from(self.characters);
        (self.characters > 0).then(|| self.nats / std::f64::consts::LN_2 / characters)
    }

    /// Perplexity: among how many tokens, all as likely, the model chose on average.
    pub fn perplexity(&self) -> Option<f64> {
        (self.tokens > 0).then(|| (self.nats / f64::from(self.tokens)).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::SHAPE;
    use super::*;

    #[test]
    fn a_choice_comes_back_from_its_name() {
        for choice in [Choice::Mean, Choice::Head(0, 0), Choice::Head(1, 1)] {
            assert_eq!(Choice::of(&choice.name(), SHAPE), Some(choice));
        }
        for name in ["", "0.1", "3.1", "1.3", "1", "a.b", "1.-1"] {
            assert_eq!(Choice::of(name, SHAPE), None, "{name}");
        }
    }

    #[test]
    fn a_token_is_kept_as_a_key_and_a_value_in_each_layer() {
        assert_eq!(SHAPE.cached(), 32);
        assert_eq!(Shape { heads: 0, ..SHAPE }.cached(), 0);
    }
}
