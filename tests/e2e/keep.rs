//! Looking closely, keeping, and getting back.

use serde_json::json;

use crate::browser::Kind;
use crate::page::visit;

#[test]
fn a_picture_says_how_it_was_made_and_what_it_resembles() {
    visit(Kind::Plain, "#/?class=8&seed=3", |page| {
        let chosen = page.drawn("sheet-2");
        page.click("sheet-2");
        page.drawn_same("detail-picture", &chosen);
        let recipe = page.wait_text("recipe", "seed 3");
        assert!(
            recipe.contains("draw 3") && recipe.contains("Bag"),
            "{recipe}"
        );

        page.click("find-nearest");
        let nearest = page.wait_text("nearest", "Of 3000");
        assert!(nearest.contains("Bag"), "a bag resembles no bag: {nearest}");
        page.drawn("nearest");

        page.click("detail-close");
        page.wait("an empty panel", || (!page.has("recipe")).then_some(()));
        page.back();
        page.drawn_same("detail-picture", &chosen);
    });
}

#[test]
fn a_saved_png_brings_its_picture_back() {
    visit(Kind::Plain, "#/?seed=11", |page| {
        page.drawn("sheet-5");
        page.click("sheet-5");
        let chosen = page.drawn("detail-picture");
        page.click("save-png");
        let file = page.downloaded(".png");
        page.wait_text("keep-word", "Saved");

        // The file is the picture, and says who made it and how.
        let recipe = lampwork_pictures::read_recipe(&file).expect("a recipe inside");
        assert_eq!(recipe.model, "gan-fashion");
        let text = String::from_utf8_lossy(&file);
        assert!(text.contains("trainedAlgorithmicMedia"));
        let mut reader = png::Decoder::new(std::io::Cursor::new(&file))
            .read_info()
            .expect("a PNG");
        let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
        let info = reader.next_frame(&mut pixels).expect("pixels");
        assert_eq!((info.width, info.height), (28 * 16, 28 * 16));

        page.open_anew("#/?tool=blend");
        page.drawn("blend-big");
        page.drop_file("pictures-drop", "picture.png", &file);
        page.drawn_same("detail-picture", &chosen);

        page.open_anew("#/");
        page.drawn("sheet-0");
        page.give_file("open-png-file", &page.file("saved.png", &file));
        page.drawn_same("detail-picture", &chosen);
    });
}

#[test]
fn a_link_a_reload_and_the_back_button_bring_it_back() {
    visit(Kind::Plain, "#/?seed=21&class=1", |page| {
        page.drawn("sheet-5");
        page.click("sheet-5");
        let chosen = page.drawn("detail-picture");
        let link = page.wait("a link", || {
            Some(page.value("share-link")).filter(|link| link.contains("pick="))
        });
        page.click("copy-link");
        page.wait("an answer", || {
            Some(page.text("keep-word")).filter(|word| word.contains("link"))
        });

        let sheet = page.drawn("sheet-0");
        page.reload();
        page.drawn_same("detail-picture", &chosen);
        page.drawn_same("sheet-0", &sheet);
        assert_eq!(page.value("seed"), "21");

        page.click("class-7");
        let other = page.drawn_other("sheet-0", &sheet);
        page.back();
        page.drawn_same("sheet-0", &sheet);
        page.driver.post("/forward", &json!({}));
        page.drawn_same("sheet-0", &other);

        page.driver.post("/url", &json!({ "url": "about:blank" }));
        page.driver.post("/url", &json!({ "url": link }));
        page.drawn_same("detail-picture", &chosen);
    });
}

#[test]
fn choices_of_language_and_theme_are_kept_over_a_reload() {
    visit(Kind::Plain, "", |page| {
        page.drawn("sheet-0");
        let theme = || {
            let theme = page
                .driver
                .run("return document.documentElement.dataset.theme", &json!([]));
            theme.as_str().unwrap_or_default().to_owned()
        };
        let before = theme();
        page.click("theme");
        page.wait("the other theme", || (theme() != before).then_some(()));
        let after = theme();
        page.click("language");
        page.wait_text("room-workbench", "工");
        page.reload();
        page.wait_text("room-workbench", "工");
        assert_eq!(theme(), after);
    });
}
