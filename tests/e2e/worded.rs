//! A flow of colour pictures that is told words, small and hardly trained, shipped
//! beside the site's own models.

use futures::executor::block_on;
use lampwork_protocol::{
    Command, DataSet, Event, FlowConfig, ModelCard, ModelConfig, Payload, Request, RunRecipe,
};
use lampwork_studio::{Studio, open};
use lampwork_tests::recipes;
use serde_json::{Value, json};

use crate::page::Page;

/// Its name; its data is told by it.
pub const NAME: &str = "flow-tiny-emoji";

/// Steps that it is trained for: enough that its pictures depend on words.
const STEPS: u32 = 30;

fn shipped(path: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/");
    std::fs::read(format!("{folder}{path}")).expect("a file of the checkout")
}

fn trained() -> (Vec<u8>, ModelCard) {
    let (device, info) = open::cpu();
    let mut studio = Studio::new(device, info, || 0.0);
    let mut ask = |command, payload: Payload| {
        let mut answers = block_on(studio.handle(Request { id: 1, command }, payload));
        while studio.has_work() {
            block_on(studio.work());
        }
        answers.pop().expect("an answer")
    };
    let data = DataSet::Emoji;
    ask(
        Command::LoadData { data },
        vec![shipped("datasets/emoji.safetensors")],
    );
    ask(Command::LoadWords, vec![shipped("words/words.safetensors")]);
    let mut recipe: RunRecipe = recipes::flow();
    recipe.data = data;
    recipe.optimizer.learning_rate = 2e-2;
    if let ModelConfig::Flow(flow) = &mut recipe.model {
        *flow = FlowConfig {
            classes: data.classes(),
            words: 80,
            colour: true,
            ..flow.clone()
        };
    }
    ask(Command::StartRun { recipe }, vec![]);
    ask(Command::Step { steps: STEPS }, vec![]);
    let (reply, mut payload) = ask(Command::ExportRun, vec![]);
    let Event::Exported { card } = reply.event else {
        panic!("no export but {:?}", reply.event);
    };
    let name = NAME.to_owned();
    (payload.remove(0), ModelCard { name, ..card })
}

/// Puts it among the models of the site that a page comes from.
pub fn ship(page: &Page) {
    let (bytes, card) = trained();
    let hash: String = lampwork_weights::hash(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let index = page.site.file("models/index.json");
    let mut index: Value = serde_json::from_slice(&index).expect("a list of models");
    let entry = json!({
        "name": NAME, "bytes": bytes.len(), "hash": hash, "data": DataSet::Emoji, "family": "flow",
    });
    index.as_array_mut().expect("a list").push(entry);
    let card = serde_json::to_vec(&card).expect("a card is JSON");
    page.site.put("models/index.json", index.to_string().into());
    page.site.put(&format!("models/{NAME}/card.json"), card);
    page.site
        .put(&format!("models/{NAME}/weights.safetensors"), bytes);
}

/// Whether the page has asked for the table of words.
pub fn asked_for_words(page: &Page) -> bool {
    let asked = page.site.asked();
    asked.iter().any(|path| path.contains("words.safetensors"))
}

/// Opens the room with this model and some more of its state.
pub fn open(page: &Page, state: &str) {
    page.open_anew(&format!("#/?model={NAME}{state}"));
}

/// Waits until nothing is being made in a grid.
pub fn rests(page: &Page, grid: &str) {
    page.until("rest", &Some("false".to_owned()), || {
        page.attribute(grid, "data-busy")
    });
}
