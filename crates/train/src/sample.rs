//! `train sample`: pictures of a model as PNG files or as arrays.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use burn::tensor::Device;
use lampwork_models::{Sampler, sample};
use lampwork_protocol::{Sampling, Shape, Sheet};
use lampwork_weights::{Named, Precision};

use crate::publish::Model;
use crate::{atomic, make, sheet};

/// Key of the sheet's recipe in the metadata of a file of arrays.
const SHEET_KEY: &str = "lampwork.sheet";

/// Screen pixels a side for each pixel of a single picture.
const SCALE: usize = 8;

/// What is made.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// How many pictures.
    pub count: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Class asked for; `None` lets the draws choose.
    pub class: Option<u8>,
    /// Standard deviation of the draws.
    pub temperature: f32,
    /// What is said, for a model with words.
    pub words: Option<String>,
    /// How a flow makes them; `None` for its usual way.
    pub sampling: Option<Sampling>,
}

/// As what it is written.
#[derive(Debug, Clone, PartialEq)]
enum Form {
    /// One PNG of all.
    Sheet(PathBuf),
    /// A PNG each; `{index}` in the name stands for the number.
    Singles(String),
    /// A safetensors file of the raw arrays.
    Arrays(PathBuf),
}

fn form(out: &Path) -> Result<Form> {
    let text = out.to_string_lossy().into_owned();
    let end = out
        .extension()
        .map(|end| end.to_string_lossy().to_lowercase());
    Ok(match end.as_deref() {
        Some("safetensors") => Form::Arrays(out.into()),
        Some("png") if text.contains("{index}") => Form::Singles(text),
        Some("png") => Form::Sheet(out.into()),
        None => Form::Singles(format!("{}/{{index}}.png", text.trim_end_matches('/'))),
        Some(_) => bail!(
            "{text} is of no kind that is written: name a .png for a sheet, a folder or a .png \
             with {{index}} for single pictures, a .safetensors for arrays"
        ),
    })
}

/// Makes pictures and writes them; returns the files.
///
/// # Errors
/// Where the model cannot make them, or a file cannot be written.
pub fn run(model: &Model, order: &Order, out: &Path, device: &Device) -> Result<Vec<PathBuf>> {
    let form = form(out)?;
    let classes = model.card.recipe.model.classes();
    let shape = model.card.recipe.model.shape();
    match order.class {
        Some(_) if classes == 0 => {
            bail!(
                "{} is not conditioned on a class: leave --class out",
                model.card.name
            )
        }
        Some(class) if usize::from(class) >= classes => {
            bail!(
                "{} has classes 0 to {}, not {class}",
                model.card.name,
                classes - 1
            )
        }
        _ => {}
    }
    if order.words.is_some() && model.card.recipe.model.words() == 0 {
        bail!("{} knows no words: leave --words out", model.card.name);
    }
    let recipes = Sheet {
        model: model.card.name.clone(),
        weights: model.hash,
        seed: order.seed,
        class: order.class,
        temperature: order.temperature,
        count: order.count,
        words: order.words.clone(),
        sampling: order.sampling,
    };
    let sampler = Sampler::new(&model.card.recipe.model, &model.weights, device)?;
    let latents: Vec<_> = recipes
        .recipes()
        .into_iter()
        .map(|recipe| recipe.latent)
        .collect();
    let made = make::pictures(&sampler, &latents, order.sampling, device)?;
    match form {
        Form::Arrays(file) => arrays(&file, &recipes, shape, made),
        Form::Sheet(file) => {
            let columns = f64::from(order.count).sqrt().ceil() as usize;
            let sheet = sheet::png(&sample::to_bytes(&made), shape, columns);
            write(&file, &sheet.bytes)?;
            Ok(vec![file])
        }
        Form::Singles(pattern) => singles(&pattern, &recipes, shape, &sample::to_bytes(&made)),
    }
}

fn arrays(file: &Path, recipes: &Sheet, shape: Shape, made: Vec<f32>) -> Result<Vec<PathBuf>> {
    let mut array = vec![recipes.count as usize, shape.side, shape.side];
    if shape.channels > 1 {
        array.push(shape.channels);
    }
    let pictures = Named {
        name: "pictures".into(),
        shape: array,
        values: made,
    };
    let metadata = BTreeMap::from([(SHEET_KEY.to_owned(), serde_json::to_string(recipes)?)]);
    let bytes = lampwork_weights::write(&[pictures], &metadata, Precision::Full)
        .context("these arrays make no file; ask for fewer by --count")?;
    write(file, &bytes)?;
    Ok(vec![file.to_owned()])
}

fn singles(pattern: &str, recipes: &Sheet, shape: Shape, pictures: &[u8]) -> Result<Vec<PathBuf>> {
    pictures
        .chunks_exact(shape.values())
        .zip(0..)
        .map(|(picture, index)| {
            let file = PathBuf::from(pattern.replace("{index}", &format!("{index:05}")));
            write(
                &file,
                &lampwork_pictures::single(picture, shape, SCALE, Some(&recipes.recipe(index))),
            )?;
            Ok(file)
        })
        .collect()
}

fn write(file: &Path, bytes: &[u8]) -> Result<()> {
    if let Some(folder) = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        atomic::folder(folder)?;
    }
    Ok(atomic::write(file, bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_says_the_form() {
        let of = |name: &str| form(Path::new(name)).unwrap();
        assert_eq!(of("a.PNG"), Form::Sheet("a.PNG".into()));
        assert_eq!(of("a/{index}.png"), Form::Singles("a/{index}.png".into()));
        assert_eq!(of("a/b/"), Form::Singles("a/b/{index}.png".into()));
        assert_eq!(of("a.safetensors"), Form::Arrays("a.safetensors".into()));
        assert!(
            form(Path::new("a.jpg"))
                .unwrap_err()
                .to_string()
                .contains(".png")
        );
    }
}
