//! Figures: sizes, and the speed of the page and the trainer beside their peers.
//!
//! Nothing here fails by a clock: figures are printed, and read by people. What
//! was measured last is written down in `bench/README.md`.

mod native;
mod peers;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::folders::Folders;
use crate::shell::{cargo, has, run, step};
use crate::sizes;

/// What is measured; everything, unless something is named.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// The table of sizes, of the folder that `cargo xtask dist` made.
    #[arg(long)]
    sizes: bool,
    /// The site in Chromium: the first picture, a sheet, the page's longest task,
    /// and how soon a command is answered while a net trains.
    #[arg(long)]
    page: bool,
    /// Training in the tab beside TensorFlow.js and jax-js: a VAE, a GAN and a flow.
    #[arg(long)]
    tab: bool,
    /// A flow's pictures in the tab beside the same net in ONNX Runtime Web: a sheet
    /// of 64 and a single one, and how far the two are apart.
    #[arg(long)]
    sample: bool,
    /// Writing in the tab beside the same net in ONNX Runtime Web: tokens a second and
    /// how soon the first is there; and the page while a poem streams.
    #[arg(long)]
    words: bool,
    /// A photograph of 512 pixels restyled in the tab beside Magenta's net for any
    /// style in ONNX Runtime Web.
    #[arg(long)]
    restyle: bool,
    /// Both on WebGPU, by the software adapter: slow.
    #[arg(long)]
    webgpu: bool,
    /// Training on the CPU beside PyTorch.
    #[arg(long)]
    native: bool,
    /// The largest uses of the measures.
    #[arg(long)]
    measures: bool,
    /// Turns that each of the measured takes.
    #[arg(long, default_value_t = 5)]
    rounds: u32,
    /// The model of `static/models` that is measured beside ONNX Runtime Web:
    /// `flow-fashion` where pictures are made and `poems-small` where texts are written,
    /// `restyle` where a photograph is restyled, unless it is named.
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// The nets whose training, and whose worker's answers, are measured in the tab.
    #[arg(long, default_value = "vae,gan,flow", value_name = "NETS")]
    nets: String,
    /// A folder with a WebGPU worker built without burn's fusion, to be measured too.
    #[arg(long, value_name = "FOLDER")]
    unfused: Option<PathBuf>,
}

impl Options {
    fn all(&self) -> bool {
        !(self.sizes || self.native || self.measures || self.of_browser())
    }

    fn of_browser(&self) -> bool {
        self.page || self.tab || self.sample || self.words || self.webgpu || self.restyle
    }
}

/// Prints the figures.
pub fn bench(options: &Options, folders: &Folders) -> Result<()> {
    let all = options.all();
    let site = folders.dist();
    let of_site = all || options.sizes || options.of_browser();
    if of_site && !site.join("index.html").is_file() {
        bail!(
            "{} holds no site: run `cargo xtask dist` first",
            site.display()
        );
    }
    if all || options.sizes {
        println!("{}", sizes::table(&site)?);
    }
    let parts: Vec<&str> = [
        ("page,latency", all || options.page),
        ("cpu", all || options.tab),
        ("sample", all || options.sample),
        ("webgpu,sample-webgpu,calls", all || options.webgpu),
    ]
    .into_iter()
    .filter_map(|(part, wanted)| wanted.then_some(part))
    .collect();
    if !parts.is_empty() {
        let model = options.model.as_deref().unwrap_or("flow-fashion");
        let onnx = parts.iter().any(|part| part.contains("sample"));
        let onnx = onnx.then_some(peers::FLOW);
        step("in the browser", || {
            let onnx = onnx.map(|script| peers::onnx(script, model, folders));
            browser(&parts.join(","), model, onnx.transpose()?, options, folders)
        })?;
    }
    if all || options.words {
        let model = options.model.as_deref().unwrap_or("poems-small");
        step("words", || {
            let parts = "words,words-webgpu,words-page";
            let onnx = peers::onnx(peers::TEXT, model, folders)?;
            browser(parts, model, Some(onnx), options, folders)
        })?;
    }
    if all || options.restyle {
        let model = options.model.as_deref().unwrap_or("restyle");
        step("a photograph restyled", || {
            let onnx = peers::magenta(folders)?;
            browser("restyle", model, Some(onnx), options, folders)
        })?;
    }
    if all || options.native {
        step("beside PyTorch", || {
            native::compare(options.rounds, folders)
        })?;
    }
    if all || options.measures {
        let example = ["--package", "lampwork-metrics", "--example", "timing"];
        step("measures", || {
            run(cargo(folders).args(["run", "--quiet"]).args(example))
        })?;
    }
    Ok(())
}

/// Runs parts of the measurements; `onnx` is the folder of the peer's net.
fn browser(
    parts: &str,
    model: &str,
    onnx: Option<PathBuf>,
    options: &Options,
    folders: &Folders,
) -> Result<()> {
    if !has("node") {
        bail!(
            "node is not installed: the measurements in the browser are driven by it (20 or newer)"
        );
    }
    let npm = peers::packages(folders)?;
    let mut command = Command::new("node");
    command
        .arg(folders.root.join("bench/browser/main.mjs"))
        .arg("--npm")
        .arg(npm)
        .arg("--site")
        .arg(folders.dist())
        .args(["--only", parts, "--nets", &options.nets, "--rounds"])
        .arg(options.rounds.to_string());
    if let Some(onnx) = onnx {
        command.args(["--model", model, "--onnx"]).arg(onnx);
    }
    if let Some(unfused) = &options.unfused {
        command.arg("--unfused").arg(unfused);
    }
    run(&mut command)
}
