//! The table of word vectors that the site ships, as nets are told words by it.

use std::sync::OnceLock;

use anyhow::{Result, bail};
use lampwork_datasets::{Packed, Phrases};
use lampwork_protocol::ModelConfig;
use lampwork_words::Table;

/// The table, part of this binary so that a word means the same wherever a model
/// is trained or measured.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let bytes = include_bytes!("../../../static/words/words.safetensors");
        Table::from_bytes(bytes).expect("the table that the site ships, which is tested")
    })
}

/// What words mean by it.
pub fn meaning(text: &str) -> Option<Vec<f32>> {
    table().read(text).vector
}

/// In which words the pictures of `packed` are told to `model`; none where it
/// knows no words.
///
/// # Errors
/// Where the model was built for another table.
pub fn phrases(model: &ModelConfig, packed: &Packed) -> Result<Option<Phrases>> {
    let (wanted, dimensions) = (model.words(), table().dimensions());
    if wanted == 0 {
        return Ok(None);
    }
    if wanted != dimensions {
        bail!(
            "the model's words have {wanted} dimensions and the table of this build has \
             {dimensions}: set model.words={dimensions}, or use the build that made the model"
        );
    }
    Ok(Some(Phrases::new(&packed.concepts, dimensions, meaning)))
}
