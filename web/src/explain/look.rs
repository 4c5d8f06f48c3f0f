//! What flows through a drawing: the real pictures and numbers of this moment.

use lampwork_protocol::{Command, Event, ModelConfig, PICTURE_PIXELS, PICTURE_SIDE, Payload, Side};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;

use crate::link::Link;
use crate::workbench::board::Board;
use crate::workbench::paint::paint;

/// Name by which the worker knows the weights of the run under way.
const RUN: &str = "run";

/// Whose turn a drawing of a GAN lights up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Turn {
    /// Both, one after the other.
    #[default]
    Both,
    /// The discriminator's.
    Discriminator,
    /// The generator's.
    Generator,
}

impl Turn {
    /// Name in class names and for tests.
    pub fn name(self) -> &'static str {
        match self {
            Turn::Both => "both",
            Turn::Discriminator => "d",
            Turn::Generator => "g",
        }
    }

    /// The turn of a side that is trained alone.
    pub fn of(side: Option<Side>) -> Self {
        match side {
            None => Turn::Both,
            Some(Side::Discriminator) => Turn::Discriminator,
            Some(Side::Generator) => Turn::Generator,
        }
    }
}

/// What flows through a drawing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Look {
    /// A real picture, as a `data:` address.
    pub input: Option<String>,
    /// What came out: a reconstruction, a sample, or what a generator made.
    pub output: Option<String>,
    /// Whether `output` is the reconstruction of `input`.
    pub encoded: bool,
    /// Mean of `input`'s latent point; empty where it was not encoded.
    pub mean: Vec<f32>,
    /// Noise that goes into a generator.
    pub noise: Vec<f32>,
    /// Reconstruction loss, in nats.
    pub reconstruction: Option<f32>,
    /// KL divergence, in nats.
    pub kl: Option<f32>,
    /// Loss of the discriminator.
    pub d_loss: Option<f32>,
    /// Loss of the generator.
    pub g_loss: Option<f32>,
    /// How real the discriminator takes real pictures to be, of 1.
    pub d_real: Option<f32>,
    /// How real it takes made ones to be.
    pub d_fake: Option<f32>,
}

/// A picture that was encoded and decoded.
#[derive(Debug, Clone, PartialEq)]
pub struct Passed {
    input: Vec<u8>,
    output: Vec<u8>,
    mean: Vec<f32>,
}

/// Sends pictures through a VAE, one after another.
#[derive(Debug, Clone, Copy)]
pub struct Passing {
    /// The last that came through.
    pub passed: RwSignal<Option<Passed>>,
    under_way: StoredValue<bool>,
    /// The worker knows no such model: do not ask again.
    refused: StoredValue<bool>,
}

impl Passing {
    /// Nothing has passed yet.
    pub fn new() -> Self {
        Passing {
            passed: RwSignal::new(None),
            under_way: StoredValue::new(false),
            refused: StoredValue::new(false),
        }
    }

    /// Sends a picture through `model`, unless one is still on its way.
    pub fn send(&self, link: Link, model: &str, picture: &[u8], class: Option<u8>) {
        if self.under_way.get_value() || self.refused.get_value() {
            return;
        }
        self.under_way.set_value(true);
        let passing = *self;
        let input = picture.to_vec();
        let command = Command::Encode {
            model: model.to_owned(),
            class,
        };
        spawn_local(async move {
            let answer = link.ask(command, Payload::from([input.clone()])).await;
            // The drawing may be gone by now.
            if passing
                .under_way
                .try_update_value(|flag| *flag = false)
                .is_none()
            {
                return;
            }
            match answer {
                Ok((Event::Encoded { z, .. }, payload)) => {
                    if let Some(output) = payload.into_iter().next()
                        && output.len() == PICTURE_PIXELS
                    {
                        passing.passed.set(Some(Passed {
                            input,
                            output,
                            mean: z,
                        }));
                    }
                }
                Ok(_) => {}
                Err(_) => passing.refused.set_value(true),
            }
        });
    }

    /// Puts what passed into a look.
    pub fn fill(&self, look: &mut Look) {
        self.passed.with(|passed| {
            if let Some(passed) = passed {
                look.input = data_url(&passed.input);
                look.output = data_url(&passed.output);
                look.mean.clone_from(&passed.mean);
                look.encoded = true;
            }
        });
    }
}

/// The run of the Workbench, looked at now.
pub fn of_run(board: Board) -> Signal<Look> {
    let passing = Passing::new();
    // A new picture each time that the fixed noise was decoded anew: about once
    // a second, whatever the pace.
    let frame = Memo::new(move |_| board.frame().map(|frame| frame.step));
    let family = move || {
        board
            .status
            .with(|status| status.as_ref().map(|status| status.recipe.model.clone()))
    };
    Effect::new(move |_| {
        let turn = frame.get().unwrap_or(0);
        if !matches!(family(), Some(ModelConfig::Vae(_))) {
            passing.passed.set(None);
            return;
        }
        if let Some((picture, class)) = board.example(turn) {
            let class = family()
                .is_some_and(|model| model.classes() > 0)
                .then_some(class);
            passing.send(board.link, RUN, &picture, class);
        }
    });
    let pictures = Memo::new(move |_| {
        let mut look = Look::default();
        let Some(frame) = board.frame() else {
            return look;
        };
        let made = frame.step as usize % frame.count.max(1);
        let made = frame.pictures.chunks_exact(PICTURE_PIXELS).nth(made);
        look.output = made.and_then(data_url);
        look.input = board
            .example(frame.step)
            .and_then(|(picture, _)| data_url(&picture));
        if matches!(family(), Some(ModelConfig::Vae(_))) {
            passing.fill(&mut look);
        }
        look
    });
    Signal::derive(move || {
        let mut look = pictures.get();
        board.log(|log| {
            look.reconstruction = log.latest("reconstruction");
            look.kl = log.latest("kl");
            look.d_loss = log.latest("d_loss");
            look.g_loss = log.latest("g_loss");
            look.d_real = log.latest("d_real");
            look.d_fake = log.latest("d_fake");
            look.noise = noise(log.step());
        });
        look
    })
}

/// Sixteen numbers that look like a normal draw, other ones in every step. The
/// run's own noise stays in the worker; only its kind is shown here.
pub fn noise(step: u64) -> Vec<f32> {
    // SplitMix64 (Steele 2014).
    let mut state = step.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut uniform = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as f32 / u64::MAX as f32
    };
    // The sum of twelve uniform draws has variance 1.
    (0..16)
        .map(|_| (0..12).map(|_| uniform()).sum::<f32>() - 6.0)
        .collect()
}

/// A picture as a `data:` address.
pub fn data_url(picture: &[u8]) -> Option<String> {
    debug_assert_eq!(picture.len(), PICTURE_SIDE * PICTURE_SIDE);
    let canvas = document()
        .create_element("canvas")
        .ok()?
        .dyn_into::<web_sys::HtmlCanvasElement>()
        .ok()?;
    paint(&canvas, picture, 1);
    canvas.to_data_url().ok()
}

#[cfg(test)]
mod tests {
    use super::noise;

    #[test]
    fn noise_is_about_standard_normal_and_new_in_every_step() {
        assert_ne!(noise(1), noise(2));
        assert_eq!(noise(7), noise(7));
        let all: Vec<f32> = (0..500).flat_map(noise).collect();
        let mean = all.iter().sum::<f32>() / all.len() as f32;
        let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / all.len() as f32;
        assert!(mean.abs() < 0.05, "{mean}");
        assert!((variance - 1.0).abs() < 0.05, "{variance}");
    }
}
