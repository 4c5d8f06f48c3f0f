//! What flows through a drawing: the real pictures and numbers of this moment.

use std::time::Duration;

use futures::channel::oneshot;
use lampwork_protocol::{
    Command, DataSet, Event, Latent, ModelConfig, ModelInfo, PICTURE_PIXELS, Payload, Recipe,
    Shape, Side,
};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;

use crate::browser::reduced_motion;
use crate::library::Library;
use crate::link::Link;
use crate::pictures::tint::Ramp;
use crate::theme::use_look;
use crate::workbench::bench::Bench;
use crate::workbench::board::Board;
use crate::workbench::paint::paint;

/// Name of the copy of the run's weights that pictures are sent through.
const RUN: &str = "run";

/// What moves in a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Motion {
    /// Nothing.
    Rest,
    /// Data: a model that is trained makes pictures.
    Forward,
    /// Data, and gradients back: a model trains.
    Training,
}

impl Motion {
    /// Classes of a drawing that moves so.
    pub fn classes(self) -> &'static str {
        match self {
            Motion::Rest => "",
            Motion::Forward => " flows",
            Motion::Training => " flows learns",
        }
    }
}

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
    /// Between noise and picture, of a flow.
    pub middle: Option<String>,
    /// Whether a flow is told words and a style, not a class alone.
    pub told: bool,
    /// Whether `output` is the reconstruction of `input`.
    pub encoded: bool,
    /// Mean of `input`'s latent point; empty where it was not encoded.
    pub mean: Vec<f32>,
    /// Noise that goes into a generator.
    pub noise: Vec<f32>,
    /// Squared error of a flow's velocity.
    pub loss: Option<f32>,
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
struct Passed {
    input: Vec<u8>,
    output: Vec<u8>,
    /// Half way, of a flow; else empty.
    middle: Vec<u8>,
    mean: Vec<f32>,
    /// Whether words are said of it.
    told: bool,
}

/// The run of the Workbench, looked at now.
pub fn of_run(board: Board) -> Signal<Look> {
    let theme = use_look();
    let passed = RwSignal::new(None::<Passed>);
    let free = StoredValue::new(true);
    let frame = Memo::new(move |_| board.frame().map(|frame| frame.step));
    let model = Memo::new(move |_| {
        board
            .status
            .with(|status| status.as_ref().map(|status| status.recipe.model.clone()))
    });
    // A picture is sent through each time that the fixed noise was decoded anew:
    // about once in two seconds, whatever the pace.
    Effect::new(move |_| {
        let turn = frame.get().unwrap_or(0);
        let Some(ModelConfig::Vae(vae)) = model.get() else {
            passed.set(None);
            return;
        };
        let Some((picture, class)) = board.example(turn) else {
            return;
        };
        if document().hidden() || !free.get_value() {
            return;
        }
        free.set_value(false);
        let Bench::Pictures(link, _) = board.bench else {
            return;
        };
        spawn_local(async move {
            let class = (vae.classes > 0).then_some(class);
            let through = pass_run(link, picture, class).await;
            // The room may be closed by now.
            free.try_update_value(|free| *free = true);
            if let Some(through) = through {
                passed.try_set(Some(through));
            }
        });
    });
    let pictures = Memo::new(move |_| {
        let ramp = Ramp::of(theme);
        let mut look = Look::default();
        let Some(frame) = board.frame() else {
            return look;
        };
        let made = frame.step as usize % frame.count.max(1);
        let made = frame.pictures.chunks_exact(frame.shape.values()).nth(made);
        look.output = made.and_then(|picture| data_url(picture, &ramp));
        if let Some((picture, _)) = board.example(frame.step) {
            look.input = data_url(&picture, &ramp);
            if let Some(ModelConfig::Flow(flow)) = model.get() {
                look.told = flow.words > 0;
                look.middle = data_url(&mixture(&picture, frame.step), &ramp);
            }
        }
        passed.with(|passed| fill(&mut look, passed.as_ref(), &ramp));
        look
    });
    Signal::derive(move || {
        let mut look = pictures.get();
        board.log(|log| {
            look.loss = log.latest("loss");
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

/// A model that is ready to sample, looked at with one picture after another.
pub fn of_model(link: Link, library: Library, info: Signal<Option<ModelInfo>>) -> Signal<Look> {
    let theme = use_look();
    let turn = RwSignal::new(0_u64);
    let examples = RwSignal::new(None::<(DataSet, Vec<(Vec<u8>, u8)>)>);
    let through = RwSignal::new(None::<Passed>);
    let name = Memo::new(move |_| info.get().map(|info| (info.card.name, info.weights)));
    let data = Memo::new(move |_| info.get().map(|info| info.card.recipe.data));
    if !reduced_motion()
        && let Ok(clock) = set_interval_with_handle(move || turn.update(|n| *n += 1), TURN)
    {
        on_cleanup(move || clock.clear());
    }
    Effect::new(move |_| {
        let Some(data) = data.get() else {
            return;
        };
        spawn_local(async move {
            // What failed is said by the library; the drawing goes without.
            if library.load_data(data).await.is_ok()
                && let Some(bytes) = library.data_bytes(data)
                && let Some(pictures) = crate::workbench::examples(&bytes)
            {
                examples.try_set(Some((data, pictures)));
            }
        });
    });
    Effect::new(move |_| {
        let turn = turn.get();
        if name.get().is_none() || document().hidden() {
            return;
        }
        let Some(info) = info.get_untracked() else {
            return;
        };
        let picture = examples.with(|kept| {
            let (data, pictures) = kept.as_ref()?;
            let at = (turn as usize * 37).checked_rem(pictures.len())?;
            (*data == info.card.recipe.data).then(|| pictures[at].clone())
        });
        spawn_local(async move {
            if let Some(passed) = pass_model(link, &info, picture, turn).await {
                through.try_set(Some(passed));
            }
        });
    });
    Signal::derive(move || {
        let ramp = Ramp::of(theme);
        let mut look = Look {
            noise: noise(turn.get()),
            ..Look::default()
        };
        through.with(|passed| fill(&mut look, passed.as_ref(), &ramp));
        look
    })
}

/// Milliseconds between two pictures that are shown.
const TURN: Duration = Duration::from_millis(2_600);

/// Puts what passed into a look.
fn fill(look: &mut Look, passed: Option<&Passed>, ramp: &Ramp) {
    let Some(passed) = passed else {
        return;
    };
    if !passed.input.is_empty() {
        look.input = data_url(&passed.input, ramp);
    }
    look.output = data_url(&passed.output, ramp);
    if !passed.middle.is_empty() {
        look.middle = data_url(&passed.middle, ramp);
    }
    look.told = passed.told;
    look.mean.clone_from(&passed.mean);
    look.encoded = !passed.mean.is_empty();
}

/// Sends a picture through the run's weights as they are now. A copy of them is
/// loaded as a model of its own, so that neither the run nor `yours` is touched.
async fn pass_run(link: Link, picture: Vec<u8>, class: Option<u8>) -> Option<Passed> {
    let exported = link.ask(Command::ExportRun, Payload::new()).await.ok()?;
    let (Event::Exported { mut card }, file) = exported else {
        return None;
    };
    RUN.clone_into(&mut card.name);
    let command = Command::LoadModel { card: Some(card) };
    link.ask(command, file).await.ok()?;
    encode(link, RUN, picture, class).await
}

async fn encode(link: Link, model: &str, input: Vec<u8>, class: Option<u8>) -> Option<Passed> {
    let command = Command::Encode {
        model: model.to_owned(),
        class,
    };
    let (event, payload) = link.ask(command, vec![input.clone()]).await.ok()?;
    let Event::Encoded { z: mean, .. } = event else {
        return None;
    };
    let output = payload.into_iter().next()?;
    (output.len() == PICTURE_PIXELS).then_some(Passed {
        input,
        output,
        middle: Vec::new(),
        told: false,
        mean,
    })
}

/// Sends a picture through a VAE, or has a GAN or a flow make one.
async fn pass_model(
    link: Link,
    info: &ModelInfo,
    picture: Option<(Vec<u8>, u8)>,
    turn: u64,
) -> Option<Passed> {
    let name = &info.card.name;
    if info.encodes {
        let (picture, class) = picture?;
        let class = (info.card.recipe.model.classes() > 0).then_some(class);
        return encode(link, name, picture, class).await;
    }
    let latent = Latent::Draw {
        seed: turn,
        index: 0,
        temperature: 1.0,
        class: None,
    };
    let recipe = Recipe {
        model: name.clone(),
        weights: info.weights,
        latent,
        sampling: None,
        start: None,
    };
    let command = Command::Make {
        recipes: vec![recipe],
    };
    let (middle, output) = make(link, command).await?;
    let told = info.card.recipe.model.words() > 0;
    Shape::of(output.len()).map(|_| Passed {
        told,
        input: picture.map_or_else(Vec::new, |(picture, _)| picture),
        output,
        middle,
        mean: Vec::new(),
    })
}

/// Makes one picture; beside it what it was half way, of a flow.
async fn make(link: Link, command: Command) -> Option<(Vec<u8>, Vec<u8>)> {
    let (sender, receiver) = oneshot::channel();
    let mut sender = Some(sender);
    let mut middle = Vec::new();
    link.stream(command, Payload::new(), move |event, mut payload| {
        match event {
            Event::Preview { step, steps, .. } => {
                if step <= steps / 2 && !payload.is_empty() {
                    middle = payload.remove(0);
                }
            }
            Event::Pictures { .. } if !payload.is_empty() => {
                if let Some(sender) = sender.take() {
                    // Nobody waits where the view is gone.
                    let _ = sender.send((std::mem::take(&mut middle), payload.remove(0)));
                }
            }
            // Without an answer, the wait ends as the sender goes.
            _ => drop(sender.take()),
        }
    });
    receiver.await.ok()
}

/// A picture half way from noise, as a flow learns from it.
fn mixture(picture: &[u8], step: u64) -> Vec<u8> {
    let noise = normal(step, picture.len());
    let mix = |(&pixel, noise): (&u8, f32)| {
        let picture = f32::from(pixel) / 127.5 - 1.0;
        (((picture + noise) * 0.5 + 1.0) * 127.5).clamp(0.0, 255.0) as u8
    };
    picture.iter().zip(noise).map(mix).collect()
}

/// Sixteen numbers that look like a normal draw, other ones in every step. The
/// run's own noise stays in the worker; only its kind is shown here.
pub fn noise(step: u64) -> Vec<f32> {
    normal(step, 16)
}

fn normal(step: u64, count: usize) -> Vec<f32> {
    // SplitMix64 (Steele 2014), begun at a place of each step's own: at multiples
    // of its own stride, one step's numbers would be the last one's, moved by one.
    let mut state = step.wrapping_mul(0xd134_2543_de82_ef95);
    let mut uniform = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) as f32 / u64::MAX as f32
    };
    // The sum of twelve uniform draws has variance 1.
    (0..count)
        .map(|_| (0..12).map(|_| uniform()).sum::<f32>() - 6.0)
        .collect()
}

/// A picture as a `data:` address.
pub fn data_url(picture: &[u8], ramp: &Ramp) -> Option<String> {
    let canvas = document()
        .create_element("canvas")
        .ok()?
        .dyn_into::<web_sys::HtmlCanvasElement>()
        .ok()?;
    paint(&canvas, picture, Shape::of(picture.len())?, 1, ramp);
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
