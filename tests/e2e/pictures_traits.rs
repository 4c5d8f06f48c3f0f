//! Traits of a style-based model: sliders, mixing, looking for a picture, and the way
//! out of the page and back.

use futures::executor::block_on;
use lampwork_pictures::read_content;
use lampwork_protocol::link::Content;
use lampwork_protocol::{
    Command, DataSet, Direction, Event, Latent, Level, ModelCard, Payload, Request, Shape,
};
use lampwork_studio::{Studio, open};
use lampwork_tests::{data, recipes};
use lampwork_weights::Precision;
use serde_json::{Value, json};

use crate::axe;
use crate::browser::Kind;
use crate::page::{Page, RIGHT, visit};
use crate::shipped;

/// Its name; its data is told by it.
const NAME: &str = "style-tiny-faces";

/// A style-based model, hardly trained, with two directions: one by name.
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
    ask(
        Command::LoadData {
            data: DataSet::Emoji,
        },
        vec![data::squares().to_bytes()],
    );
    let recipe = recipes::styler();
    ask(Command::StartRun { recipe }, vec![]);
    ask(Command::Step { steps: 12 }, vec![]);
    let (reply, mut payload) = ask(Command::ExportRun, vec![]);
    let Event::Exported { mut card } = reply.event else {
        panic!("no export but {:?}", reply.event);
    };
    NAME.clone_into(&mut card.name);
    let direction = |en: &str, zh: &str| Direction {
        en: en.to_owned(),
        zh: zh.to_owned(),
        level: Level::All,
        variance: 0.2,
        skill: None,
    };
    card.directions = vec![direction("", ""), direction("glasses", "眼镜")];
    let (mut weights, metadata) = lampwork_weights::read(&payload.remove(0)).expect("its own");
    for named in &mut weights {
        if named.name == "directions" {
            let values = named.values.iter().enumerate();
            named.values = values.map(|(at, _)| 1.5 - at as f32 % 4.0).collect();
        }
    }
    let mut metadata = metadata;
    let text = serde_json::to_string(&card).expect("a card is JSON");
    metadata.insert(ModelCard::METADATA_KEY.to_owned(), text);
    let bytes = lampwork_weights::write(&weights, &metadata, Precision::Full).expect("weights");
    (bytes, card)
}

/// Puts it among the models of the site that a page comes from.
fn ship(page: &Page) {
    let (bytes, card) = trained();
    shipped::ship(page, bytes, &card, DataSet::Faces);
}

fn begin(page: &Page) -> String {
    ship(page);
    page.open_anew(&format!("#/?tool=traits&model={NAME}"));
    page.drawn("traits-big")
}

/// Moves a slider a little, many times, as a pointer would, without letting go.
fn slide(page: &Page, id: &str, to: f64) {
    page.driver.run(
        r#"const input = document.querySelector(`[data-testid="${arguments[0]}"]`);
        for (let step = 1; step <= 8; step++) {
            input.value = String(arguments[1] * step / 8);
            input.dispatchEvent(new Event('input', { bubbles: true }));
        }"#,
        &json!([id, to]),
    );
}

/// Where a slider stands.
fn stands(page: &Page, id: &str) -> Option<f64> {
    page.value(id).parse().ok()
}

fn let_go(page: &Page, id: &str) {
    page.with(
        id,
        "arguments[0].dispatchEvent(new Event('change', { bubbles: true })); return true",
    );
}

fn inside(file: &[u8]) -> Latent {
    match read_content(file) {
        Ok(Content::Picture(recipe)) => recipe.latent,
        other => panic!("no picture inside but {other:?}"),
    }
}

#[test]
fn sliders_push_are_undone_at_once_and_come_back_from_link_and_file() {
    visit(Kind::Plain, "", |page| {
        let plain = begin(page);
        // By name, and by number.
        page.wait_text("traits-labels", "glasses");
        page.wait_text("traits-components", "Direction 1");
        slide(page, "traits-1", 3.0);
        let pushed = page.drawn_other("traits-big", &plain);
        // A step back before the slider rests undoes all of its moves.
        page.click("traits-undo");
        page.drawn_same("traits-big", &plain);
        page.until("at nothing", &Some(0.0), || stands(page, "traits-1"));
        page.click("traits-redo");
        page.drawn_same("traits-big", &pushed);
        let_go(page, "traits-1");

        // Other layers have a push of their own.
        page.click("traits-level-fine");
        page.until("at nothing", &Some(0.0), || stands(page, "traits-1"));
        slide(page, "traits-0", -2.0);
        let_go(page, "traits-0");
        let both = page.drawn_other("traits-big", &pushed);
        let link = page.value("traits-link");
        page.click("traits-save");
        page.wait_text("traits-word", "Saved");
        let file = page.downloaded(".png");
        let Latent::Pushed { nudges, .. } = inside(&file) else {
            panic!("nothing is pushed");
        };
        let pushes: Vec<_> = nudges
            .iter()
            .map(|n| (n.direction, n.level, n.amount))
            .collect();
        assert_eq!(pushes, [(0, Level::Fine, -2.0), (1, Level::All, 3.0)]);

        page.click("traits-reset");
        page.drawn_same("traits-big", &plain);
        page.click("traits-undo");
        page.drawn_same("traits-big", &both);
        // A reload, the link, and the file each bring it back. The address follows when
        // what changes it rests.
        let (_, face) = link.rsplit_once("face=").expect("a face in the link");
        page.until("the address", &true, || page.address().contains(face));
        page.reload();
        page.drawn_same("traits-big", &both);
        page.open_anew(&format!("#/?tool=traits&model={NAME}"));
        page.drawn_same("traits-big", &plain);
        page.drop_file("pictures-drop", "kept.png", &file);
        page.drawn_same("traits-big", &both);
        page.click("traits-undo");
        page.drawn_same("traits-big", &plain);
        let state = link.split_once('#').expect("a link into the page").1;
        page.open_anew(&format!("#{state}"));
        page.drawn_same("traits-big", &both);
    });
}

#[test]
fn two_pictures_are_mixed_by_keys() {
    visit(Kind::Plain, "", |page| {
        let plain = begin(page);
        page.drawn("tray-5");
        page.click("traits-second");
        page.click("tray-5");
        let mixed = page.drawn_other("traits-big", &plain);
        let row = page.drawn("traits-crossed-0");
        page.drawn("traits-crossed-5");
        page.keys("traits-from", RIGHT);
        page.drawn_other("traits-big", &mixed);
        page.click("traits-crossed-0");
        page.drawn_same("traits-big", &row);
        page.click("traits-swap");
        page.drawn_other("traits-big", &row);
        page.click("traits-unmix");
        page.wait("one alone", || (!page.has("traits-from")).then_some(()));
        for _ in 0..5 {
            page.click("traits-undo");
        }
        page.drawn_same("traits-big", &plain);
    });
}

#[test]
fn a_picture_of_ones_own_is_looked_for_and_what_is_none_is_refused() {
    visit(Kind::Plain, "", |page| {
        let plain = begin(page);
        page.click("traits-example");
        page.wait_text("traits-found", "dB");
        let found = page.drawn_other("traits-big", &plain);
        page.click("traits-undo");
        page.drawn_same("traits-big", &plain);
        page.click("traits-redo");
        page.drawn_same("traits-big", &found);
        // A picture that was made elsewhere.
        let pixels: Vec<u8> = (0..Shape::COLOUR.values())
            .map(|at| (at % 255) as u8)
            .collect();
        let file = lampwork_pictures::single(&pixels, Shape::COLOUR, 4, None);
        page.drop_file("pictures-drop", "own.png", &file);
        page.wait("a way to stop", || page.has("traits-stop").then_some(()));
        page.click("traits-stop");
        page.wait("an end", || (!page.has("traits-stop")).then_some(()));
        page.drawn_same("traits-big", &found);
        page.drop_file("pictures-drop", "photo.png", b"PK\x03\x04 a zip");
        page.wait_text("edit-said", "archive");
    });
}

#[test]
fn it_meets_wcag_at_every_width() {
    visit(Kind::Plain, "", |page| {
        begin(page);
        page.drawn("tray-5");
        page.click("traits-second");
        page.click("tray-5");
        page.drawn("traits-crossed-5");
        axe::check_widths(page, "traits");
        // While the sliders scroll, the picture stays in sight.
        let seen = "arguments[0].scrollIntoView({ block: 'end' });
            const big = document.querySelector('[data-testid=\"traits-big\"]');
            return big.getBoundingClientRect().top >= 0";
        page.until("the picture", &Some(json!(true)), || {
            page.with("traits-variety", seen)
        });
    });
}

#[test]
fn it_is_there_only_where_a_model_with_styles_is() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        let index = page.site.file("models/index.json");
        let index: Value = serde_json::from_slice(&index).expect("a list of models");
        let shipped = index
            .as_array()
            .is_some_and(|all| all.iter().any(|entry| entry["family"] == "style"));
        let hidden = page.attribute("tool-traits", "hidden").is_some();
        assert_eq!(hidden, !shipped);
        ship(page);
        page.open_anew("");
        page.wait("the tool", || {
            page.attribute("tool-traits", "hidden")
                .is_none()
                .then_some(())
        });
    });
}
