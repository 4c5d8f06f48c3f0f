//! What a visitor fetches, in bytes.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::compress;
use crate::files;
use crate::split;

/// What may be fetched before the first picture, gzip.
const LIMIT: usize = 2_000_000;

/// The model of the first sheet.
const FIRST_MODEL: &str = "models/gan-fashion";

/// One line of the table.
struct Line {
    what: &'static str,
    files: Vec<PathBuf>,
}

/// The table of what a visitor fetches before the first picture, and later.
pub fn table(site: &Path) -> Result<String> {
    let all = files::files_below(site)?;
    let first = before_first_picture(site, &all)?;
    let mut text = String::new();
    writeln!(
        text,
        "{:<34} {:>11} {:>11} {:>11}",
        "before the first picture", "bytes", "gzip", "brotli"
    )?;
    let mut total = [0; 3];
    for line in &first {
        let sizes = sizes(site, &line.files)?;
        row(&mut text, line.what, sizes)?;
        for (sum, size) in total.iter_mut().zip(sizes) {
            *sum += size;
        }
    }
    row(&mut text, "in all", total)?;
    writeln!(
        text,
        "gzip against the limit of {LIMIT} bytes: {:.3}",
        total[1] as f64 / LIMIT as f64
    )?;
    writeln!(text, "later, where it is used")?;
    let later: Vec<PathBuf> = all
        .iter()
        .filter(|file| split::comes_later(file))
        .cloned()
        .collect();
    row(&mut text, "rooms behind the first", sizes(site, &later)?)?;
    for (what, name) in [("worker of words", "words"), ("WebGPU worker", "gpu")] {
        row(&mut text, what, sizes(site, &worker_files(&all, name))?)?;
    }
    let others = |folder: &str, except: &str| -> Vec<PathBuf> {
        all.iter()
            .filter(|file| file.starts_with(folder) && !file.starts_with(except))
            .filter(|file| !is_compressed_copy(file) && !file.ends_with("index.json"))
            .cloned()
            .collect()
    };
    row(
        &mut text,
        "other models",
        sizes(site, &others("models", FIRST_MODEL))?,
    )?;
    row(
        &mut text,
        "data sets",
        sizes(site, &others("datasets", "-"))?,
    )?;
    row(
        &mut text,
        "table of words",
        sizes(site, &others("words", "-"))?,
    )?;
    row(
        &mut text,
        "nets that measure",
        sizes(site, &others("judges", "-"))?,
    )?;
    Ok(text)
}

fn row(text: &mut String, what: &str, [plain, gzip, brotli]: [usize; 3]) -> Result<()> {
    Ok(writeln!(
        text,
        "{what:<34} {plain:>11} {gzip:>11} {brotli:>11}"
    )?)
}

fn is_compressed_copy(file: &Path) -> bool {
    file.extension()
        .is_some_and(|extension| extension == "gz" || extension == "br")
}

fn with_extension(all: &[PathBuf], extension: &str) -> Vec<PathBuf> {
    all.iter()
        .filter(|file| file.extension().is_some_and(|e| e == extension))
        .cloned()
        .collect()
}

/// What a browser fetches of a worker: of the two builds of one that computes on the
/// CPU, the relaxed one, which most browsers take.
fn worker_files(all: &[PathBuf], name: &str) -> Vec<PathBuf> {
    let binary = format!("worker_{name}");
    let relaxed = format!("{binary}-relaxed");
    let name_of = |file: &Path| {
        file.file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned()
    };
    let of: Vec<PathBuf> = all
        .iter()
        .filter(|file| file.starts_with("workers") && !is_compressed_copy(file))
        .filter(|file| {
            let file = name_of(file);
            file == format!("{name}.js") || file.starts_with(&binary)
        })
        .cloned()
        .collect();
    let is_relaxed = |file: &Path| name_of(file).starts_with(&relaxed);
    let two = of.iter().any(|file| is_relaxed(file));
    of.into_iter()
        .filter(|file| !two || is_relaxed(file) || !name_of(file).starts_with(&binary))
        .collect()
}

/// What the page asks for until it shows a picture.
fn before_first_picture(site: &Path, all: &[PathBuf]) -> Result<Vec<Line>> {
    let html = fs::read_to_string(site.join("index.html"))
        .with_context(|| format!("{} holds no page", site.display()))?;
    // Everything that the page names, directly or by its start script. What its own
    // script and that of the parts name comes later, or is named by the page too.
    let mut named = html;
    for script in with_extension(all, "js") {
        let root = script
            .parent()
            .is_none_or(|parent| parent.as_os_str().is_empty());
        if root && named.contains(&*script.to_string_lossy()) {
            named.push_str(&fs::read_to_string(site.join(script))?);
        }
    }
    let is_named = |file: &&PathBuf| named.contains(&*file.to_string_lossy());
    let page = |extension: &str| -> Vec<PathBuf> {
        with_extension(all, extension)
            .iter()
            .filter(|file| !file.starts_with("workers") && !file.ends_with("404.css"))
            .filter(is_named)
            .cloned()
            .collect()
    };
    let mut styles = page("css");
    styles.extend(page("svg"));
    let lines = vec![
        Line {
            what: "page: html",
            files: vec!["index.html".into()],
        },
        Line {
            what: "page: wasm",
            files: page("wasm"),
        },
        Line {
            what: "page: scripts",
            files: page("js"),
        },
        Line {
            what: "page: styles, drawings",
            files: styles,
        },
        Line {
            what: "fonts",
            files: with_extension(all, "woff2"),
        },
        Line {
            what: "CPU worker",
            files: worker_files(all, "cpu"),
        },
        Line {
            what: "list of models",
            files: vec!["models/index.json".into()],
        },
        Line {
            what: "first model: weights and card",
            files: vec![
                Path::new(FIRST_MODEL).join("card.json"),
                Path::new(FIRST_MODEL).join("weights.safetensors"),
            ],
        },
    ];
    for line in &lines {
        let needed = !line.what.starts_with("fonts") && !line.what.starts_with("page: styles");
        if needed && line.files.is_empty() {
            bail!(
                "{} has no files for `{}`: the table would be wrong",
                site.display(),
                line.what
            );
        }
    }
    Ok(lines)
}

/// Sizes as they are, and as a server that compresses sends them.
fn sizes(site: &Path, files: &[PathBuf]) -> Result<[usize; 3]> {
    let mut sums = [0; 3];
    for file in files {
        let path = site.join(file);
        let bytes = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        sums[0] += bytes.len();
        for (place, extension, compress) in [
            (1, "gz", compress::gzip as fn(&[u8]) -> _),
            (2, "br", compress::brotli),
        ] {
            let mut copy = path.clone().into_os_string();
            copy.push(format!(".{extension}"));
            sums[place] += match fs::metadata(&copy) {
                Ok(found) => found.len() as usize,
                Err(_) if compress::is_compressible(&path) => {
                    compress(&bytes)?.len().min(bytes.len())
                }
                Err(_) => bytes.len(),
            };
        }
    }
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site() -> Result<tempfile::TempDir> {
        let folder = tempfile::tempdir()?;
        for (name, content) in [
            (
                "index.html",
                "<script src=\"./start-1.js\"></script><link href=\"./page-2/__wasm_split.js\">",
            ),
            (
                "start-1.js",
                "import init from './page-2/web.js'; init('./page-2/web_bg.wasm')",
            ),
            ("page-2/web.js", "import './__wasm_split.js'; 'web_bg.wasm'"),
            ("page-2/web_bg.wasm", "wasm"),
            ("page-2/__wasm_split.js", "fetch('./split_later.wasm')"),
            ("page-2/split_later.wasm", "123456789"),
            ("404.js", "unused"),
            ("fonts/face.woff2", "face"),
            ("workers/cpu.js", "cpu"),
            ("workers/worker_cpu-3.js", "cpu"),
            ("workers/worker_cpu-3_bg.wasm", "cpu wasm"),
            ("workers/worker_cpu-relaxed-3.js", "cpu, relaxed"),
            ("workers/worker_cpu-relaxed-3_bg.wasm", "cpu wasm, relaxed"),
            ("workers/words.js", "words"),
            ("workers/worker_words-3_bg.wasm", "123456"),
            ("workers/gpu.js", "gpu"),
            ("models/index.json", "[]"),
            ("models/gan-fashion/card.json", "{}"),
            ("models/gan-fashion/weights.safetensors", "weights"),
            ("models/vae-digits/weights.safetensors", "12345"),
            ("words/words.safetensors", "1234567"),
            ("judges/digits.safetensors", "12345678"),
        ] {
            files::write(&folder.path().join(name), content)?;
        }
        Ok(folder)
    }

    #[test]
    fn the_table_counts_what_the_page_names_and_no_more() -> Result<()> {
        let folder = site()?;
        let all = files::files_below(folder.path())?;
        let lines = before_first_picture(folder.path(), &all)?;
        let of = |what: &str| {
            lines
                .iter()
                .find(|line| line.what == what)
                .map(|line| line.files.clone())
                .unwrap_or_default()
        };
        assert_eq!(
            of("page: scripts"),
            ["page-2/__wasm_split.js", "page-2/web.js", "start-1.js"].map(Path::new)
        );
        assert_eq!(of("page: wasm"), [Path::new("page-2/web_bg.wasm")]);
        assert_eq!(of("CPU worker").len(), 3);
        assert!(
            lines
                .iter()
                .flat_map(|line| &line.files)
                .all(|file| !file.to_string_lossy().contains("words")),
            "the worker of words is fetched by whoever opens their room"
        );
        assert!(
            lines
                .iter()
                .flat_map(|line| &line.files)
                .all(|file| !file.starts_with("words") && !file.starts_with("judges")),
            "words are fetched by whoever says some, and judges by whoever measures"
        );
        let text = table(folder.path())?;
        assert!(
            text.lines()
                .any(|line| line.starts_with("rooms behind the first") && line.contains(" 9 "))
        );
        assert!(
            text.lines()
                .any(|line| line.starts_with("other models") && line.contains(" 5 "))
        );
        assert!(
            text.lines()
                .any(|line| line.starts_with("worker of words") && line.contains(" 11 "))
        );
        assert!(
            text.lines()
                .any(|line| line.starts_with("table of words") && line.contains(" 7 "))
        );
        assert!(
            text.lines()
                .any(|line| line.starts_with("nets that measure") && line.contains(" 8 "))
        );
        Ok(())
    }

    #[test]
    fn a_site_without_its_first_model_has_no_table() -> Result<()> {
        let folder = site()?;
        fs::remove_file(folder.path().join("models/gan-fashion/weights.safetensors"))?;
        assert!(table(folder.path()).is_err());
        Ok(())
    }
}
