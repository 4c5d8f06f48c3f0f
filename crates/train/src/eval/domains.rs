//! How well nets between two domains do: whether what they write is read as what was
//! meant, how near it is to the true hand, and how much comes back.

use anyhow::Result;
use burn::tensor::Device;
use lampwork_datasets::Packed;
use lampwork_models::Sampler;
use lampwork_models::sample::to_bytes;
use lampwork_protocol::{DataSet, DomainsConfig, Figure, ModelConfig};

use super::Options;
use crate::domains::sheet::{Way, through};
use crate::domains::{Course, Truth};
use crate::judge::{self, Judge};
use crate::publish::{Model, hexadecimal};
use crate::reading::{self, Memory, Role};

/// Things of the training split that are looked at.
const SEEN: usize = 400;

/// Measures nets between two domains on the test split, and beside it on as many things
/// of the training split as there are in it.
///
/// # Errors
/// Where they cannot be built, the judge of characters is missing, or the device fails.
pub fn domains(
    model: &Model,
    packed: &Packed,
    device: &Device,
    options: &Options,
    mut say: impl FnMut(&str),
) -> Result<Vec<Figure>> {
    let ModelConfig::Domains(config) = &model.card.recipe.model else {
        return Ok(vec![]);
    };
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let Some(nets) = sampler.domains() else {
        return Ok(vec![]);
    };
    let course = Course::new(config, packed)?;
    let most = options.count.unwrap_or(SEEN);
    let unseen = course.truths(2, most);
    let seen = course.truths(0, most.min(unseen.len()));
    let mut figures = Vec::new();
    let write = |truths: &[Truth]| -> Result<Vec<Vec<f32>>> {
        let first: Vec<f32> = truths
            .iter()
            .flat_map(|truth| truth.first.clone())
            .collect();
        (0..config.to.len())
            .map(|hand| through(nets, config, &first, Way::To(hand), device))
            .collect()
    };
    let (new, old) = (write(&unseen)?, write(&seen)?);
    let apart = "mean absolute difference of a span of 1";
    let split = format!("{} things of the test split", unseen.len());
    figures.push(figure(
        "apart",
        true_apart(&unseen, &new, config),
        "",
        format!("{apart} to the true picture in the hand asked for, over all hands; {split}"),
    ));
    if config.both_ways() {
        let mut sum = 0.0;
        for (hand, made) in new.iter().enumerate() {
            let back = through(nets, config, made, Way::Back, device)?;
            let first = unseen.iter().flat_map(|truth| truth.first.iter());
            let apart: f32 = back.iter().zip(first).map(|(a, b)| (a - b).abs()).sum();
            sum += f64::from(apart) / back.len() as f64;
            say(&format!("hand {}: there and back", hand + 1));
        }
        figures.push(figure(
            "cycle",
            sum / config.to.len() as f64,
            "",
            format!("{apart} of what went there and back to what it was; {split}"),
        ));
    }
    if judge::known(packed.data) {
        say("telling the hands");
        let judge = judge::shipped(packed.data, device)?;
        figures.extend(told(config, &judge, &unseen, &new)?);
    }
    if packed.data == DataSet::Brush {
        let file = Role::Judge.file(std::path::Path::new(""));
        let known = reading::read(&file, device)?;
        say("reading what was written");
        let memory = Memory::new(&known.panel, packed, Role::Judge, device)?;
        let hash = hexadecimal(&known.hash);
        let reading = Reading {
            config,
            known: &known,
            memory: &memory,
            device,
        };
        for (name, truths, written) in [("unseen", &unseen, &new), ("seen", &seen, &old)] {
            let how = format!(
                "share of what was written of {} characters, {}, in all hands, that a judge of \
                 {} nets (hash {hash}), trained on real characters with a brush, reads as the \
                 character meant, by how like it is to the real pictures that it knows of all \
                 {} characters",
                truths.len(),
                match name {
                    "unseen" => "of the test split, which the nets never saw",
                    _ => "of the training split",
                },
                known.card.seeds.len(),
                packed.concepts.len()
            );
            let (shares, hands) = reading.shares(truths, written)?;
            let mean = |all: &[f64]| all.iter().sum::<f64>() / all.len().max(1) as f64;
            figures.push(figure(
                &format!("read_{name}"),
                mean(&shares),
                "",
                how.clone(),
            ));
            figures.push(figure(
                &format!("hand_{name}"),
                mean(&hands),
                "",
                format!(
                    "{how}; here whether the picture that is most like it, of those of the \
                     character it was read as, is in the hand asked for"
                ),
            ));
            if name == "unseen" {
                for (hand, share) in shares.iter().enumerate() {
                    let class = usize::from(config.to[hand]);
                    let of = packed.card.classes.get(class).map_or("", String::as_str);
                    let name = format!("read_unseen_{}", of.replace('-', "_"));
                    figures.push(figure(&name, *share, "", how.clone()));
                }
            }
        }
        let (plain, real) = reading.floors(&unseen)?;
        figures.push(figure(
            "read_plain",
            plain,
            "",
            format!("share of the plain pictures themselves that the same judge reads; {split}"),
        ));
        figures.push(figure(
            "read_real",
            real,
            "",
            "share of real pictures with a brush, kept from that judge and from what it \
             compares with, that it reads as what they are: the mean of the hands"
                .to_owned(),
        ));
    }
    Ok(figures)
}

/// Whether the judge of the data set, which tells the hands of real pictures, takes what
/// was made for one of the hand asked for; beside it the same of true pictures in that
/// hand, and of the pictures as they were.
fn told(
    config: &DomainsConfig,
    judge: &Judge,
    truths: &[Truth],
    made: &[Vec<f32>],
) -> Result<Vec<Figure>> {
    let first: Vec<f32> = truths.iter().flat_map(|t| t.first.clone()).collect();
    let names = ["hand_unseen", "hand_plain", "hand_real"];
    let mut sums = [(0, 0); 3];
    for (hand, &class) in config.to.iter().enumerate() {
        let real = truths.iter().filter_map(|t| t.seconds[hand].as_ref());
        let real: Vec<f32> = real.flatten().copied().collect();
        for ((right, all), pictures) in sums.iter_mut().zip([&made[hand], &first, &real]) {
            let seen = judge::see(judge, pictures)?.classes;
            *right += seen.iter().filter(|&&seen| seen == class).count();
            *all += seen.len();
        }
    }
    let how = format!(
        "share of {} things of the test split, in all hands, that the judge of {} (hash {}) \
         takes for ones of the hand asked for: of what was made, of the pictures it was made \
         of, and of true pictures in that hand",
        truths.len(),
        judge.card.data.name(),
        judge.hash_shown()
    );
    let shares = sums.map(|(right, all)| right as f64 / usize::max(all, 1) as f64);
    let figures = names.into_iter().zip(shares);
    Ok(figures
        .map(|(name, share)| figure(name, share, "", how.clone()))
        .collect())
}

/// Who reads what was written.
struct Reading<'a> {
    config: &'a DomainsConfig,
    known: &'a reading::Known,
    memory: &'a Memory,
    device: &'a Device,
}

impl Reading<'_> {
    /// Of each hand the share that is read as what was meant, and the share whose nearest
    /// picture is in that hand.
    fn shares(&self, truths: &[Truth], written: &[Vec<f32>]) -> Result<(Vec<f64>, Vec<f64>)> {
        let (mut right, mut in_hand) = (vec![], vec![]);
        for (made, &class) in written.iter().zip(&self.config.to) {
            let read = self.read(made)?;
            let count = truths.len() as f64;
            let pairs = read.iter().zip(truths);
            let found = pairs.filter(|((concept, _), truth)| *concept == truth.concept);
            right.push(found.count() as f64 / count);
            let same = read.iter().filter(|(_, hand)| *hand == class);
            in_hand.push(same.count() as f64 / count);
        }
        Ok((right, in_hand))
    }

    fn read(&self, pictures: &[f32]) -> Result<Vec<(u16, u8)>> {
        let bytes = to_bytes(pictures);
        let values = self.config.shape().values();
        let pictures: Vec<&[u8]> = bytes.chunks_exact(values).collect();
        self.memory.read(&self.known.panel, &pictures, self.device)
    }

    /// The share of plain pictures, and of real ones, that are read.
    fn floors(&self, truths: &[Truth]) -> Result<(f64, f64)> {
        let plain: Vec<f32> = truths
            .iter()
            .flat_map(|truth| truth.first.clone())
            .collect();
        let read = self.read(&plain)?;
        let right = read.iter().zip(truths).filter(|(r, t)| r.0 == t.concept);
        let real = &self.known.card.read;
        let mean = real.iter().sum::<f32>() / real.len().max(1) as f32;
        Ok((right.count() as f64 / truths.len() as f64, f64::from(mean)))
    }
}

/// How far what was made is from what is true, over the hands that have it.
fn true_apart(truths: &[Truth], made: &[Vec<f32>], config: &DomainsConfig) -> f64 {
    let values = config.shape().values();
    let (mut sum, mut count) = (0.0, 0.0_f64);
    for (hand, made) in made.iter().enumerate() {
        for (truth, made) in truths.iter().zip(made.chunks_exact(values)) {
            if let Some(picture) = &truth.seconds[hand] {
                let apart: f32 = picture.iter().zip(made).map(|(a, b)| (a - b).abs()).sum();
                sum += f64::from(apart) / values as f64;
                count += 1.0;
            }
        }
    }
    sum / count.max(1.0)
}

fn figure(name: &str, value: f64, unit: &str, how: String) -> Figure {
    Figure {
        name: name.to_owned(),
        value,
        unit: unit.to_owned(),
        floor: None,
        ceiling: None,
        how,
    }
}

#[cfg(test)]
mod tests {
    use lampwork_protocol::Lesson;

    use super::*;

    fn config(from: u8, to: &[u8]) -> DomainsConfig {
        DomainsConfig {
            from,
            to: to.to_vec(),
            lesson: Lesson::Pairs { distance: 1.0 },
            width: 8,
            blocks: 1,
            gather: 4,
            halvings: 1,
            kernel: 3,
            leak: 0.0,
            residual: false,
            critic: 4,
            critic_halvings: 2,
            critic_shift: 0,
            critic_rate: 1.0,
            colour: false,
        }
    }

    #[test]
    fn what_a_hand_does_not_have_counts_for_nothing() {
        let config = config(0, &[1, 2]);
        let values = config.shape().values();
        let truth = |first: f32, second: Option<f32>| Truth {
            concept: 0,
            first: vec![0.0; values],
            seconds: vec![Some(vec![first; values]), second.map(|v| vec![v; values])],
        };
        let truths = [truth(0.5, None), truth(0.1, Some(1.0))];
        let made = [vec![0.0; 2 * values], vec![0.0; 2 * values]];
        // 0.5, 0.1 and 1.0 away.
        let apart = true_apart(&truths, &made, &config);
        assert!((apart - 1.6 / 3.0).abs() < 1e-6, "{apart}");
    }

    #[test]
    fn a_picture_is_told_to_be_in_one_hand_alone() {
        let judge = judge::shipped(DataSet::Emoji, &Device::flex()).unwrap();
        let values = DataSet::Emoji.shape().values();
        // Whatever hand the judge takes a grey picture for, it is one of these.
        let hands: Vec<u8> = (0..DataSet::Emoji.classes() as u8).collect();
        let config = DomainsConfig {
            colour: true,
            ..config(0, &hands)
        };
        let grey = |level: f32| vec![level; values];
        let truth = |seconds| Truth {
            concept: 0,
            first: grey(0.5),
            seconds,
        };
        let class = judge::see(&judge, &grey(0.5)).unwrap().classes[0];
        // Only the hand that it is taken for has a true picture.
        let real = |hand: &u8| (*hand == class).then(|| grey(0.5));
        let truths = [truth(hands.iter().map(real).collect())];
        let made = vec![grey(0.5); hands.len()];
        let figures = told(&config, &judge, &truths, &made).unwrap();
        let share = |name: &str| figures.iter().find(|f| f.name == name).unwrap().value;
        assert_eq!(share("hand_unseen"), 1.0 / hands.len() as f64);
        assert_eq!(share("hand_plain"), 1.0 / hands.len() as f64);
        assert_eq!(share("hand_real"), 1.0);
    }
}
