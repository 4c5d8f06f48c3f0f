//! The Workbench, every control of it, on the CPU.

use crate::browser::Kind;
use crate::page::{LEFT, Page, RIGHT, visit};

/// A net that steps in a moment.
const SMALL_VAE: &str =
    "#/workbench?family=vae&net=mlp&data=digits&width=32&batch=16&micro_batch=16";
/// The same for a GAN.
const SMALL_GAN: &str =
    "#/workbench?family=gan&net=mlp&data=digits&width=32&batch=16&micro_batch=16";

/// And for a flow.
const SMALL_FLOW: &str = "#/workbench?family=flow&data=digits&width=4&batch=8&micro_batch=8";

/// Steps taken.
fn steps(page: &Page) -> u64 {
    page.text("workbench-step-count")
        .chars()
        .filter(char::is_ascii_digit)
        .collect::<String>()
        .parse()
        .unwrap_or(0)
}

/// Opens the Workbench and waits until the steps that it takes by itself are done.
fn arrive(page: &Page, address: &str) {
    page.open_anew(address);
    page.until("the first steps", &200, || steps(page));
    page.wait("a pause", || page.has("workbench-play").then_some(()));
}

/// Opens what is folded away.
fn unfold(page: &Page) {
    page.with("workbench-more-knobs", "arguments[0].open = true");
}

#[test]
fn a_vae_is_played_paused_stepped_and_reset() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_VAE);
        page.wait_text("workbench-device", "CPU");
        page.wait("a curve", || {
            let script = "return arguments[0].querySelectorAll('path').length";
            let paths = page.with("chart-loss", script)?;
            (paths.as_u64()? > 1).then_some(())
        });
        page.drawn("workbench-samples");

        page.click("workbench-step");
        page.until("a step more", &201, || steps(page));
        page.click("workbench-step-ten");
        page.until("ten steps more", &211, || steps(page));
        page.click("workbench-play");
        page.wait("progress", || (steps(page) > 260).then_some(()));
        page.wait("a speed", || {
            page.text("workbench-rate")
                .chars()
                .any(|c| c.is_ascii_digit())
                .then_some(())
        });
        page.click("workbench-pause");
        page.wait("a pause", || page.has("workbench-play").then_some(()));
        let paused = steps(page);
        std::thread::sleep(std::time::Duration::from_millis(400));
        assert_eq!(steps(page), paused);
        assert!(!page.text("workbench-epoch").is_empty());

        page.click("workbench-reset");
        page.until("the beginning", &0, || steps(page));
        page.click("workbench-step");
        page.until("a step", &1, || steps(page));
    });
}

#[test]
fn knobs_are_applied_or_wait_for_a_reset() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_VAE);
        unfold(page);
        page.write("knob-learning_rate", "0.0005");
        page.until("the mark", &String::new(), || {
            page.text("knob-learning_rate-mark")
        });
        page.until("the address", &true, || {
            page.address().contains("learning_rate=0.0005")
        });
        assert_eq!(steps(page), 200, "a knob that the run takes needs no reset");

        page.write("knob-width", "40");
        page.wait("a word", || page.has("workbench-reset-now").then_some(()));
        assert!(!page.text("knob-width-mark").is_empty());
        page.click("workbench-put-back");
        page.until("the old width", &"32".to_owned(), || {
            page.value("knob-width")
        });
        page.wait("quiet", || (!page.has("workbench-reset-now")).then_some(()));

        page.write("knob-width", "40");
        page.click("workbench-reset-now");
        page.until("the beginning", &0, || steps(page));
        page.click("workbench-step-ten");
        page.until("ten steps", &10, || steps(page));
        assert_eq!(page.text("knob-width-mark"), "");

        page.choose("knob-rule", "sgd");
        page.wait("the momentum", || page.has("knob-momentum").then_some(()));
        page.click("workbench-defaults");
        page.until("the preset", &"adam".to_owned(), || page.value("knob-rule"));

        // Another family is another run.
        page.click("workbench-family-gan");
        page.wait("the other family's buttons", || {
            page.has("workbench-step-d").then_some(())
        });
        page.click("workbench-net-conv");
        page.click("workbench-data-fashion");
        page.until("the address", &true, || {
            page.address().contains("family=gan&net=conv&data=fashion")
        });
        page.click("workbench-put-back");
        page.until("the run's own", &true, || {
            page.address().contains("family=vae")
        });
    });
}

#[test]
fn curves_and_filmstrip_are_read() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_VAE);
        let plot = "chart-loss-plot";
        page.keys(plot, &LEFT.repeat(3));
        let spoken = page.attribute(plot, "aria-valuetext").unwrap_or_default();
        page.keys(plot, &LEFT.repeat(5));
        page.wait("another value", || {
            (page.attribute(plot, "aria-valuetext")? != spoken).then_some(())
        });
        page.keys("workbench-smoothing", &RIGHT.repeat(5));
        page.click("workbench-outliers");
        page.with(
            "chart-loss-table",
            "arguments[0].querySelector('summary').click()",
        );
        page.wait("a table", || {
            let rows = page.with(
                "chart-loss-table",
                "return arguments[0].querySelectorAll('tr').length",
            )?;
            (rows.as_u64()? > 3).then_some(())
        });

        let newest = page.drawn("workbench-samples");
        page.keys("workbench-scrub", &LEFT.repeat(3));
        let older = page.drawn_other("workbench-samples", &newest);
        assert_ne!(older, newest);
        page.click("workbench-follow");
        page.drawn_same("workbench-samples", &newest);
    });
}

#[test]
fn each_side_of_a_gan_is_stepped_alone_and_its_diversity_shown() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_GAN);
        for id in ["workbench-step-d", "workbench-step-g", "workbench-step"] {
            let before = steps(page);
            page.click(id);
            page.until(id, &(before + 1), || steps(page));
            page.wait("a pause", || page.has("workbench-play").then_some(()));
        }
        page.wait("the diversity", || {
            page.has("chart-diversity").then_some(())
        });
    });
}

#[test]
fn weights_are_saved_loaded_back_and_used_and_bad_files_are_explained() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_VAE);
        page.click("workbench-download");
        let file = page.downloaded(".safetensors");
        let (_, metadata) = lampwork_weights::read(&file).expect("weights");
        let card = lampwork_weights::card(&metadata).expect("a card");
        assert_eq!(card.steps, 200);

        page.give_file(
            "workbench-file",
            &page.file("cut.safetensors", &file[..file.len() / 2]),
        );
        page.wait_text("workbench-notice", "cannot be read");
        assert_eq!(steps(page), 200, "a bad file cost the run");
        page.click("workbench-dismiss");
        page.drop_file("workbench-drop", "noise.safetensors", &[7; 3_000]);
        page.wait_text("workbench-notice", "cannot be read");

        page.click("workbench-reset");
        page.until("the beginning", &0, || steps(page));
        page.give_file("workbench-file", &page.file("whole.safetensors", &file));
        page.wait("a word", || {
            Some(page.text("workbench-notice"))
                .filter(|text| !text.is_empty() && !text.contains("cannot"))
        });

        page.click("workbench-use-run");
        page.until("the model", &true, || {
            page.address().contains("model=yours")
        });
        let sheet = page.drawn("sheet-0");
        page.click("sheet-0");
        page.drawn_same("detail-picture", &sheet);
        // It has two latent numbers, so it has a map as well.
        page.click("tool-map");
        page.drawn("map-big");
    });
}

#[test]
fn a_flow_is_trained_and_its_pictures_come_out_of_noise() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_FLOW);
        page.drawn("workbench-samples");
        page.wait("the error", || page.has("chart-loss").then_some(()));
        assert!(page.has("explain-flow"), "the drawing beside it");
        page.click("workbench-use-run");
        page.until("the model", &true, || {
            page.address().contains("model=yours")
        });
        let ten = page.drawn("sheet-0");
        page.write("steps", "2");
        page.until("the steps", &true, || page.address().contains("steps=2"));
        let two = page.drawn_other("sheet-0", &ten);
        page.choose("solver", "euler");
        page.drawn_other("sheet-0", &two);
        page.click("sheet-0");
        let recipe = page.wait_text("recipe", "2 steps of Euler");
        assert!(recipe.contains("guidance 1.50"), "{recipe}");
    });
}

#[test]
fn a_run_that_diverges_says_so() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_VAE);
        page.click("workbench-try-diverge");
        page.wait("the word of it", || {
            let grave = page.with(
                "workbench-state",
                "return arguments[0].classList.contains('grave')",
            )?;
            grave.as_bool().filter(|grave| *grave)
        });
        // Its weights are still good for pictures.
        page.drawn("workbench-samples");
        for other in ["map", "blur", "first-gan", "collapse"] {
            page.click(&format!("workbench-try-{other}"));
            page.wait("it to train", || {
                (page.has("workbench-pause") && steps(page) > 0).then_some(())
            });
        }
        // The last of them may still be setting up, and plays when it has.
        page.wait("a pause", || {
            page.with("workbench-pause", "arguments[0].click()");
            page.has("workbench-play").then_some(())
        });
    });
}

#[test]
fn a_run_lives_on_while_the_visitor_looks_at_another_room() {
    visit(Kind::Plain, "", |page| {
        arrive(page, SMALL_VAE);
        page.click("workbench-play");
        page.click("room-pictures");
        page.drawn("sheet-0");
        page.click("room-workbench");
        page.wait("progress", || (steps(page) > 220).then_some(()));
        page.click("workbench-pause");
        page.wait("a pause", || page.has("workbench-play").then_some(()));
    });
}

#[test]
fn a_flow_learns_colour_pictures_and_their_words() {
    let address = "#/workbench?family=flow&data=emoji&width=4&batch=8&micro_batch=8";
    visit(Kind::Plain, address, |page| {
        page.drawn("workbench-samples");
        let channels = page.with(
            "workbench-samples",
            "const canvas = arguments[0].querySelector('canvas');
             const { data } = canvas.getContext('2d').getImageData(0, 0, 32, 32);
             let apart = 0;
             for (let at = 0; at < data.length; at += 4) apart += Math.abs(data[at] - data[at + 2]);
             return apart > 1000",
        );
        assert_eq!(channels, Some(true.into()), "no colour in it");
        // The other families have no use for it, and say so.
        let closed = |id: &str| page.with(id, "return arguments[0].disabled");
        assert_eq!(closed("workbench-data-emoji"), Some(false.into()));
        page.with("workbench-family-gan", "arguments[0].click()");
        page.until("closed", &Some(true.into()), || {
            closed("workbench-data-emoji")
        });
        page.until("other data", &Some(true.into()), || {
            page.with("workbench-data-fashion", "return arguments[0].checked")
        });
    });
}
