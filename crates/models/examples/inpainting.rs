//! Ways to fill a hole in a picture with a flow, measured beside each other.
//!
//! `cargo run -p lampwork-models --example inpainting -- MODEL COUNT centre|right`
//! takes COUNT pictures of the model's test split, cuts the hole out of each, and
//! fills it by the class alone. One line a way: evaluations of the net, PSNR in the
//! hole, and how much values jump across its edge and within it, in terms of the real
//! pictures. Writes `inpainting-MODEL-HOLE.png` into the temporary folder: real
//! pictures, then a row a way.

use std::path::Path as File;

use burn::tensor::{Device, Tensor};
use lampwork_datasets::Packed;
use lampwork_models::Noise;
use lampwork_models::blocks::{matrix, one_hot};
use lampwork_models::flow::{Begun, FlowNet, Path, Told};
use lampwork_native as _;
use lampwork_protocol::{DataSet, ModelCard, ModelConfig, Sampling, Shape, Solver};

/// Guidance where a class is all that is told; of a net with words, guidance would
/// leave out words, and none are said.
const GUIDANCE: f32 = 1.5;

/// Seed of all noise.
const SEED: u64 = 5;

/// A way to fill in.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// The mean of what is known, channel by channel.
    Mean,
    /// Steps of Euler, what is known put back at its mixture with the first noise.
    PutBack { steps: u16 },
    /// The same, each step gone several times with noise added between (RePaint).
    Repaint { steps: u16, times: u16 },
    /// What the studio does.
    Renewed { steps: u16 },
}

struct Task {
    net: FlowNet,
    told: Told,
    guidance: f32,
    shape: Shape,
    /// `[count, values]`, -1..1.
    real: Vec<f32>,
    /// Whether each pixel is in the hole.
    hole: Vec<bool>,
    device: Device,
}

impl Task {
    fn values(&self) -> usize {
        self.shape.values()
    }

    fn count(&self) -> usize {
        self.real.len() / self.values()
    }

    fn tensor(&self, values: Vec<f32>) -> Tensor<2> {
        matrix(values, self.count(), self.values(), &self.device)
    }

    fn noise(&self, stream: u64) -> Tensor<2> {
        self.tensor(Noise::new(SEED, stream).normal(self.real.len()))
    }

    /// 1 outside of the hole.
    fn keep(&self) -> Tensor<2> {
        let pixel =
            |&hole: &bool| std::iter::repeat_n(f32::from(u8::from(!hole)), self.shape.channels);
        let one: Vec<f32> = self.hole.iter().flat_map(pixel).collect();
        self.tensor(one.repeat(self.count()))
    }

    fn velocity(&self, at: Tensor<2>, time: f32) -> Tensor<2> {
        let times = vec![time; self.count()];
        let with = self.net.forward(at.clone(), &times, self.told.clone());
        if self.guidance == 1.0 {
            return with;
        }
        let without = self.net.forward(at, &times, self.told.without());
        without.clone() + (with - without) * self.guidance
    }

    /// The pictures filled in, -1..1, and how often the net was asked.
    fn fill(&self, way: Way) -> (Vec<f32>, u16) {
        let (made, evaluations) = match way {
            Way::Mean => return (self.mean(), 0),
            Way::PutBack { steps } => self.put_back(steps, 1),
            Way::Repaint { steps, times } => self.put_back(steps, times),
            Way::Renewed { steps } => (self.renewed(steps), steps),
        };
        let made = made.into_data().try_into_vec().expect("numbers");
        (made, evaluations)
    }

    fn renewed(&self, steps: u16) -> Tensor<2> {
        let real = (self.tensor(self.real.clone()) + 1.0) * 0.5;
        let seeds = (0..self.count() as u64).collect();
        let begun = Begun::new(real, Some(self.keep()), 1.0, seeds);
        let sampling = Sampling {
            steps,
            guidance: self.guidance,
            solver: Solver::Euler,
        };
        let mut path = Path::from_picture(self.noise(0), self.told.clone(), sampling, begun);
        while !path.advance(&self.net) {}
        path.pictures() * 2.0 - 1.0
    }

    fn put_back(&self, steps: u16, times: u16) -> (Tensor<2>, u16) {
        let (keep, real) = (self.keep(), self.tensor(self.real.clone()));
        let pinned = |at: Tensor<2>, noise: &Tensor<2>, time: f32| {
            let known = noise.clone() * (1.0 - time) + real.clone() * time;
            known * keep.clone() + at * (1.0 - keep.clone())
        };
        let width = 1.0 / f32::from(steps);
        let mut noise = self.noise(0);
        let mut now = noise.clone();
        let mut evaluations = 0;
        for step in 0..steps {
            let start = f32::from(step) * width;
            let end = start + width;
            let times = if step + 1 == steps { 1 } else { times };
            for time in 0..times {
                let velocity = self.velocity(now.clone(), start);
                now = pinned(now + velocity * width, &noise, end);
                evaluations += 1;
                if time + 1 < times {
                    // Back to the start: less of what is there, and new noise until
                    // there is as much as belongs there.
                    noise = self.noise(u64::from(evaluations));
                    let share = start / end;
                    let missing = (1.0 - start).powi(2) - (share * (1.0 - end)).powi(2);
                    let back = now * share + noise.clone() * missing.max(0.0).sqrt();
                    now = pinned(back, &noise, start);
                }
            }
        }
        (now, evaluations)
    }

    fn mean(&self) -> Vec<f32> {
        let channels = self.shape.channels;
        let mut filled = self.real.clone();
        for picture in filled.chunks_exact_mut(self.values()) {
            for channel in 0..channels {
                let known = self
                    .hole
                    .iter()
                    .zip(picture.iter().skip(channel).step_by(channels));
                let known: Vec<f32> = known.filter(|(hole, _)| !**hole).map(|(_, &v)| v).collect();
                let mean = known.iter().sum::<f32>() / known.len() as f32;
                for (at, _) in self.hole.iter().enumerate().filter(|(_, hole)| **hole) {
                    picture[at * channels + channel] = mean;
                }
            }
        }
        filled
    }

    /// PSNR in the hole, and how much neighbours differ across its edge and within it,
    /// by how much they do in the real pictures.
    fn score(&self, made: &[f32]) -> (f64, f64, f64) {
        let Shape { side, channels } = self.shape;
        let value = |of: &[f32], at: usize| f64::from(of[at].clamp(-1.0, 1.0));
        let (mut error, mut count) = (0.0, 0.0);
        let (mut across, mut within) = ([0.0; 2], [0.0; 2]);
        for at in 0..self.real.len() {
            let pixel = at % self.values() / channels;
            let (x, y) = (pixel % side, pixel / side);
            if self.hole[pixel] {
                error += ((value(made, at) - value(&self.real, at)) / 2.0).powi(2);
                count += 1.0;
            }
            let neighbours = [(x + 1 < side, 1), (y + 1 < side, side)];
            for (_, step) in neighbours.into_iter().filter(|(there, _)| *there) {
                let sums = match (self.hole[pixel], self.hole[pixel + step]) {
                    (true, true) => &mut within,
                    (false, false) => continue,
                    _ => &mut across,
                };
                for (sum, of) in sums.iter_mut().zip([made, &self.real]) {
                    *sum += (value(of, at) - value(of, at + step * channels)).abs();
                }
            }
        }
        let psnr = -10.0 * (error / count).log10();
        (psnr, across[0] / across[1], within[0] / within[1])
    }
}

fn task(name: &str, count: usize, hole: &str) -> Task {
    let root = File::new(env!("CARGO_MANIFEST_DIR")).join("../../static");
    let file = |path: String| std::fs::read(root.join(path)).expect("a file of the checkout");
    let card: ModelCard =
        serde_json::from_slice(&file(format!("models/{name}/card.json"))).expect("a card");
    let ModelConfig::Flow(config) = &card.recipe.model else {
        panic!("{name} is no flow");
    };
    let device = Device::flex();
    let weights = file(format!("models/{name}/weights.safetensors"));
    let (named, _) = lampwork_weights::read(&weights).expect("weights");
    let net = FlowNet::new(config, &device);
    let net = lampwork_weights::fill(net, &named, &device).expect("weights that fit");
    let data: DataSet = card.recipe.data;
    let packed = file(format!("datasets/{}.safetensors", data.name()));
    let test = Packed::read(data, &packed).expect("a data set").test;
    let chosen: Vec<usize> = (0..count).map(|at| at * (test.len() / count)).collect();
    let real = chosen.iter().flat_map(|&at| test.picture(at));
    let labels: Vec<u8> = chosen.iter().map(|&at| test.labels[at]).collect();
    let shape = config.shape();
    let inside = |at: usize| {
        let (x, y, edge) = (at % shape.side, at / shape.side, shape.side * 2 / 7);
        match hole {
            "right" => x >= shape.side / 2,
            _ => (edge..shape.side - edge).contains(&x) && (edge..shape.side - edge).contains(&y),
        }
    };
    Task {
        told: Told {
            classes: (config.classes > 0).then(|| one_hot(&labels, config.classes, &device)),
            words: (config.words > 0).then(|| Tensor::zeros([count, config.words], &device)),
        },
        guidance: if config.words > 0 { 1.0 } else { GUIDANCE },
        real: real.map(|&value| f32::from(value) / 127.5 - 1.0).collect(),
        hole: (0..shape.side * shape.side).map(inside).collect(),
        net,
        shape,
        device,
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [name, count, hole] = words.as_slice() else {
        panic!("wanted: MODEL COUNT centre|right");
    };
    let task = task(name, count.parse().expect("a count"), hole);
    let bytes = |values: &[f32]| -> Vec<u8> {
        let byte = |&value: &f32| ((value + 1.0) * 127.5).round().clamp(0.0, 255.0) as u8;
        values.iter().map(byte).collect()
    };
    let mut sheet = bytes(&task.real);
    for way in [
        Way::Mean,
        Way::PutBack { steps: 20 },
        Way::PutBack { steps: 60 },
        Way::Repaint {
            steps: 10,
            times: 3,
        },
        Way::Repaint {
            steps: 10,
            times: 6,
        },
        Way::Renewed { steps: 10 },
        Way::Renewed { steps: 20 },
        Way::Renewed { steps: 30 },
        Way::Renewed { steps: 60 },
    ] {
        let (made, evaluations) = task.fill(way);
        let (psnr, across, within) = task.score(&made);
        println!(
            "{way:?}: {evaluations} evaluations, {psnr:.2} dB, {across:.2} across, {within:.2} within"
        );
        sheet.extend(bytes(&made));
    }
    let pictures = sheet.len() / task.values();
    let png = lampwork_pictures::sheet(&sheet, task.shape, pictures, task.count(), 2);
    let path = std::env::temp_dir().join(format!("inpainting-{name}-{hole}.png"));
    std::fs::write(&path, png).expect("a folder to write to");
    println!("{}", path.display());
}
