//! Teaching a model one's own text, and the Workbench's bench for words.

use serde_json::json;

use crate::browser::Kind;
use crate::page::{Page, visit};

/// The tool, with a small net of poems.
const TEACH: &str = "#/words?tool=teach&model=poems-small";

/// Four-line poems of five characters, all alike, so that little is enough to learn them.
fn poems() -> String {
    let poem = "春江花月夜，\n明月照高樓。\n山中無一事，\n白雲千載秋。\n\n";
    poem.repeat(24)
}

/// Fills the box as a hand does.
fn paste(page: &Page, text: &str) {
    let text = serde_json::to_string(text).expect("a text is JSON");
    let script = format!(
        "arguments[0].value = {text}; arguments[0].dispatchEvent(new Event('input', {{ bubbles: true }}))"
    );
    page.wait("the box", || page.with("teach-text", &script));
}

#[test]
fn a_text_is_learned_and_what_was_learned_goes_wherever_its_visitor_does() {
    visit(Kind::Plain, TEACH, |page| {
        // Something is written before anyone has done anything.
        page.wait("a first text", || {
            (page.text("teach-alone").chars().count() > 8).then_some(())
        });
        assert!(page.attribute("teach-start", "disabled").is_some());

        // Who has no text at hand is given one.
        page.click("teach-sample");
        page.wait_text("teach-opened", "詩經");

        page.drop_file("words-drop", "春江.txt", poems().as_bytes());
        let opened = page.wait_text("teach-opened", "UTF-8");
        assert!(opened.contains("春江"), "{opened}");
        assert_eq!(page.value("teach-name"), "春江");

        page.click("teach-start");
        page.wait("a first measure", || page.has("teach-before").then_some(()));
        // The run goes on while its visitor is with another tool.
        page.click("tool-poem");
        page.click("tool-teach");
        page.wait("the end of the lesson", || {
            page.has("adapter-export").then_some(())
        });
        let fall = page.text("teach-fall");
        assert!(fall.starts_with('\u{2212}'), "it learned: {fall}");
        let address = page.wait("it in the address", || {
            let address = page.address();
            let named = address.contains("adapter=") && address.contains("strength=1");
            named.then_some(address)
        });
        page.wait("the same with what was learned", || {
            (page.text("teach-with").chars().count() > 8).then_some(())
        });
        assert_ne!(page.text("teach-with"), page.text("teach-alone"));

        // It is chosen in every tool that its model is in, and no other says that it is
        // missing.
        let learned = address.split("adapter=").nth(1).expect("it is there");
        let chip = format!("adapter-{}", &learned[..16]);
        for tool in ["tool-poem", "tool-inside"] {
            page.click(tool);
            page.until(tool, &Some("true".to_owned()), || {
                page.attribute(&chip, "aria-pressed")
            });
            assert!(page.has("adapter-strength"));
        }
        page.click("tool-together");
        page.wait("its page", || page.has("page").then_some(()));
        assert!(!page.has(&chip) && !page.has("adapter-missing"));
        page.click("tool-teach");
        page.wait("the same again", || {
            (page.text("teach-with").chars().count() > 8).then_some(())
        });

        // At no strength it is the model alone.
        page.with(
            "adapter-strength",
            "arguments[0].value = '0'; arguments[0].dispatchEvent(new Event('input', { bubbles: true }))",
        );
        page.until("the model alone", &page.text("teach-alone"), || {
            page.text("teach-with")
        });

        page.click("adapter-export");
        let file = page.downloaded(".safetensors");
        assert!(file.len() < 1 << 20, "{} bytes", file.len());

        // The browser keeps it, and a file brings it back.
        page.open_anew(&address[address.find('#').expect("an address of ours")..]);
        page.wait("what was kept", || page.has("adapter-export").then_some(()));
        page.click("adapter-forget");
        page.wait("no adapter", || (!page.has("adapter-export")).then_some(()));
        page.drop_file("words-drop", "learned.safetensors", &file);
        page.wait("what the file brought", || {
            page.has("adapter-export").then_some(())
        });
    });
}

#[test]
fn a_text_that_is_none_gets_plain_words_and_the_one_before_stays() {
    visit(Kind::Plain, TEACH, |page| {
        paste(page, &poems());
        page.wait_text("teach-opened", "UTF-8");
        let before = page.text("teach-opened");
        // A reload loses nothing.
        page.wait("it to be kept", || {
            let script = "
                const done = arguments[arguments.length - 1];
                caches.open('lampwork-text').then(part => part.match('own-text'))
                    .then(found => done(Boolean(found)), () => done(false))";
            (page.driver.run_later(script, &json!([])) == json!(true)).then_some(())
        });
        page.reload();
        page.until("what was opened", &before, || page.text("teach-opened"));
        assert_eq!(page.value("teach-text"), poems());
        page.give_file("teach-file", &page.file("none.txt", b"\x00\x01\x02\xff"));
        page.wait("plain words", || {
            (!page.text("teach-trouble").is_empty()).then_some(())
        });
        assert_eq!(page.text("teach-opened"), before);
        // Two characters and a comma.
        let gb = [0xb4, 0xba, 0xbd, 0xad, 0xa3, 0xac].repeat(200);
        page.give_file("teach-file", &page.file("gb.txt", &gb));
        page.wait_text("teach-opened", "GB 18030");
        page.click("teach-clear");
        page.until("no text", &String::new(), || page.text("teach-opened"));
        page.reload();
        page.wait("a first text", || {
            (page.text("teach-alone").chars().count() > 8).then_some(())
        });
        assert_eq!(page.text("teach-opened"), "");
        // Too little of it to learn from.
        paste(page, "🙂");
        page.wait_text("teach-opened", "1");
        page.wait("the model", || {
            page.attribute("teach-start", "disabled")
                .is_none()
                .then_some(())
        });
        page.click("teach-start");
        page.wait("plain words", || {
            (!page.text("teach-trouble").is_empty()).then_some(())
        });
    });
}

#[test]
fn simplified_characters_are_learned_as_the_traditional_ones() {
    visit(Kind::Plain, &format!("{TEACH}&first=处处闻"), |page| {
        page.wait("the first words", || {
            page.text("teach-alone").starts_with("處處聞").then_some(())
        });
        assert_eq!(page.value("teach-first"), "处处闻");
        // More of it than a model may not know.
        paste(page, &"处处闻啼鸟，\n夜来风雨声。\n\n".repeat(24));
        page.wait_text("teach-opened", "UTF-8");
        page.click("teach-start");
        page.wait("a first measure", || page.has("teach-before").then_some(()));
        assert_eq!(page.text("teach-trouble"), "");
    });
}

#[test]
fn a_net_that_writes_is_trained_in_the_workbench() {
    let small = "#/workbench?family=lstm&data=poems&width=32&batch=8";
    visit(Kind::Plain, small, |page| {
        page.wait("steps", || page.has("workbench-play").then_some(()));
        page.click("workbench-play");
        page.wait("a text", || {
            (page.text("workbench-written").chars().count() > 4).then_some(())
        });
        page.click("workbench-pause");
        for chart in ["chart-loss", "chart-perplexity", "chart-bits"] {
            assert!(page.has(chart), "{chart}");
        }
        page.click("workbench-download");
        let file = page.downloaded(".safetensors");
        page.drop_file("workbench-drop", "mine.safetensors", &file);
        page.wait_text("workbench-notice", "mine.safetensors");
        // From pictures to words by a press: last, as a page that is left amid a fetch
        // can leave the next one waiting for the same file.
        page.open_anew("#/workbench");
        page.click("workbench-trains-words");
        page.wait("its families", || {
            page.has("workbench-family-transformer").then_some(())
        });
    });
}
