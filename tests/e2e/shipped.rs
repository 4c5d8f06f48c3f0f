//! Models that are put among those of a site for a test: where it is the page that is
//! looked at, nets will do that have learned nothing, and the test holds whatever is
//! shipped.

use std::collections::BTreeMap;

use burn::module::Module;
use burn::tensor::Device;
use futures::executor::block_on;
use lampwork_models::blocks::init::{Spread, initialise};
use lampwork_models::translate::Generator;
use lampwork_models::{DomainRun, Noise, Update};
use lampwork_protocol::{
    DataSet, Lesson, ModelCard, ModelConfig, Restyle, RunRecipe, TranslateConfig,
};
use lampwork_tests::recipes;
use lampwork_weights::{Named, Precision};
use serde_json::{Value, json};

use crate::page::Page;

/// Styles of the net that stands in for `restyle`, as the page has pictures of them.
const STYLES: [&str; 8] = [
    "wave", "village", "dance", "circles", "mosaic", "pencil", "glass", "print",
];

/// Puts a model among those of the site that a page comes from, in place of one of its
/// name.
pub fn ship(page: &Page, bytes: Vec<u8>, card: &ModelCard, data: DataSet) {
    let name = &card.name;
    let hash: String = lampwork_weights::hash(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let json = serde_json::to_value(card).expect("a card is JSON");
    let index = page.site.file("models/index.json");
    let mut index: Value = serde_json::from_slice(&index).expect("a list of models");
    let entry = json!({
        "name": name, "bytes": bytes.len(), "hash": hash, "data": data,
        "family": json["recipe"]["model"]["family"],
    });
    let models = index.as_array_mut().expect("a list");
    models.retain(|model| model["name"] != **name);
    models.push(entry);
    page.site.put("models/index.json", index.to_string().into());
    let folder = format!("models/{name}");
    page.site
        .put(&format!("{folder}/card.json"), json.to_string().into());
    page.site
        .put(&format!("{folder}/weights.safetensors"), bytes);
}

/// Puts nets between plain characters and six hands among the models, by cycle and by
/// pairs; each hand does something else.
pub fn brush(page: &Page) {
    let cycle = Lesson::Cycle {
        cycle: 10.0,
        identity: 1.0,
        noise: 0.0,
        legible: 0.0,
    };
    let pairs = Lesson::Pairs { distance: 100.0 };
    for (name, lesson, seed) in [("cycle-brush", cycle, 1), ("brush-pairs", pairs, 2)] {
        let mut recipe = recipes::domains(lesson);
        recipe.seed = seed;
        if let ModelConfig::Domains(config) = &mut recipe.model {
            config.to = (1..=6).collect();
        }
        let run = DomainRun::begin(&recipe, 1, &Device::flex(), Update::Host).expect("nets");
        let weights = block_on(run.weights()).expect("their weights");
        put(page, name, recipe, weights);
    }
}

/// Puts nets between Noto's emoji and two hands of Fluent's among the models; each hand
/// does something else.
pub fn other_hands(page: &Page) {
    let mut recipe = recipes::domains(Lesson::Cycle {
        cycle: 10.0,
        identity: 1.0,
        noise: 0.0,
        legible: 0.0,
    });
    recipe.data = DataSet::Emoji;
    if let ModelConfig::Domains(config) = &mut recipe.model {
        (config.from, config.to, config.colour) = (2, vec![0, 1], true);
    }
    let run = DomainRun::begin(&recipe, 1, &Device::flex(), Update::Host).expect("nets");
    let weights = block_on(run.weights()).expect("their weights");
    put(page, "cycle-emoji", recipe, weights);
}

/// Puts a net with eight styles among the models; each does something else.
pub fn restyle(page: &Page) {
    let mut recipe = recipes::restyler();
    recipe.data = DataSet::Photos;
    let ModelConfig::Translate(config) = &mut recipe.model else {
        unreachable!("it changes pictures");
    };
    *config = TranslateConfig {
        styles: STYLES.len(),
        piece: 128,
        restyle: Some(Restyle {
            names: STYLES.map(str::to_owned).to_vec(),
            side: 128,
            content: 1.0,
            style: 1.0,
            variation: 0.0,
            blends: 0.0,
        }),
        ..config.clone()
    };
    let device = Device::flex();
    let net = Generator::new(config, &device);
    let net = initialise(net, Spread::He, &mut Noise::new(1, 0), &device);
    put(page, "restyle", recipe, collected(&net));
}

fn collected<M: Module>(net: &M) -> Vec<Named> {
    block_on(lampwork_weights::collect(net)).expect("its weights")
}

/// Puts a net among the models, the scales and shifts of its styles apart.
fn put(page: &Page, name: &str, recipe: RunRecipe, mut weights: Vec<Named>) {
    let mut noise = Noise::new(3, 0);
    for named in &mut weights {
        let last = named.name.rsplit('.').next();
        if matches!(last, Some("gamma" | "beta")) {
            let away = noise.normal(named.values.len());
            for (value, away) in named.values.iter_mut().zip(away) {
                *value += 0.05 * away;
            }
        }
    }
    let data = recipe.data;
    let card = ModelCard {
        version: ModelCard::VERSION,
        name: name.to_owned(),
        recipe,
        licence: "CC0-1.0".to_owned(),
        data_source: String::new(),
        commit: String::new(),
        device: String::new(),
        steps: 0,
        seconds: 0.0,
        figures: vec![],
        directions: vec![],
    };
    let json = serde_json::to_string(&card).expect("a card is JSON");
    let metadata = BTreeMap::from([(ModelCard::METADATA_KEY.to_owned(), json)]);
    let bytes = lampwork_weights::write(&weights, &metadata, Precision::Half).expect("weights");
    ship(page, bytes, &card, data);
}
