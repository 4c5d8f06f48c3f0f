//! Clips: walks and paths, and their way out of the page and back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lampwork_pictures::read_content;
use lampwork_protocol::link::Content;
use lampwork_protocol::{Course, Easing, Ends, Motion};
use serde_json::{Value, json};

use crate::browser::Kind;
use crate::page::{DELETE, HOME, Page, RIGHT, SHIFT, visit};
use crate::worded::{open, ship};

/// Waits until every picture of the clip is there.
fn made(page: &Page) {
    page.wait("all pictures", || {
        let missing = page.has("motion-stop");
        let busy = page.attribute("motion-progress", "data-busy");
        (!missing && busy.as_deref() == Some("false")).then_some(())
    });
}

fn pause(page: &Page) {
    if page.attribute("motion-play", "data-playing").as_deref() == Some("true") {
        page.click("motion-play");
    }
    page.until("paused", &Some("false".to_owned()), || {
        page.attribute("motion-play", "data-playing")
    });
}

fn inside(file: &[u8]) -> Motion {
    match read_content(file) {
        Ok(Content::Motion(motion)) => motion,
        other => panic!("no clip inside but {other:?}"),
    }
}

/// What the browser's own decoder makes of a file: how many frames it has, how wide it
/// is, how long it takes in milliseconds, and a sum over the pixels of each frame.
fn decoded(page: &Page, file: &[u8], kind: &str) -> (usize, u64, u64, Vec<f64>) {
    let script = "
        const [base64, type, done] = arguments;
        const decode = async () => {
        const data = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
        const decoder = new ImageDecoder({ data, type });
        await decoder.completed;
        await decoder.tracks.ready;
        const count = decoder.tracks.selectedTrack.frameCount;
        let [width, time, sums] = [0, 0, []];
        for (let frameIndex = 0; frameIndex < count; frameIndex++) {
            const { image } = await decoder.decode({ frameIndex });
            width = image.displayWidth;
            time += image.duration;
            const canvas = new OffscreenCanvas(width, image.displayHeight);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            const { data } = context.getImageData(0, 0, width, image.displayHeight);
            sums.push(data.reduce((sum, value, at) => sum + value * (at % 89), 0));
        }
        return [count, width, Math.round(time / 1000), sums];
        };
        decode().then(done, error => done(String(error)));";
    let found = page
        .driver
        .run_later(script, &json!([STANDARD.encode(file), kind]));
    let number = |at: usize| found[at].as_u64().unwrap_or_else(|| panic!("{found}"));
    let sums = found[3].as_array().expect("sums");
    let sums = sums.iter().filter_map(Value::as_f64).collect();
    (number(0) as usize, number(1), number(2), sums)
}

/// What a player makes of a video on a page that is none of ours: its width, its height,
/// when it ended in seconds, and how many frames were shown.
fn played(page: &Page, file: &[u8]) -> (f64, f64, f64, f64) {
    page.driver.post("/url", &json!({ "url": "about:blank" }));
    let script = "
        const [base64, done] = arguments;
        const data = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
        const video = document.createElement('video');
        video.muted = true;
        video.src = URL.createObjectURL(new Blob([data], { type: 'video/webm' }));
        video.onerror = () => done(video.error.message);
        video.onended = () => done([
            video.videoWidth, video.videoHeight, video.currentTime,
            video.getVideoPlaybackQuality().totalVideoFrames]);
        video.play().catch(error => done(String(error)));";
    let found = page
        .driver
        .run_later(script, &json!([STANDARD.encode(file)]));
    let number = |at: usize| found[at].as_f64().unwrap_or_else(|| panic!("{found}"));
    (number(0), number(1), number(2), number(3))
}

#[test]
fn a_walk_plays_is_changed_by_keys_and_comes_back_from_its_files() {
    visit(Kind::Plain, "#/?tool=motion", |page| {
        let first = page.drawn("motion-key-0");
        // It plays by itself.
        page.drawn_other("motion-big", &first);
        pause(page);
        made(page);

        // Shorter, with rests, there and back.
        page.write("motion-frames", "24");
        page.until("seconds", &"1.0".to_owned(), || {
            page.value("motion-seconds")
        });
        page.write("motion-fps", "10");
        page.until("frames", &"10".to_owned(), || page.value("motion-frames"));
        page.choose("motion-easing", "hold");
        page.choose("motion-ends", "back");
        made(page);

        // The second before the first, the third taken out.
        let second = page.drawn("motion-key-1");
        page.keys("motion-key-0", &format!("{SHIFT}{RIGHT}"));
        page.drawn_same("motion-key-0", &second);
        page.drawn_same("motion-key-1", &first);
        page.keys("motion-key-1", RIGHT);
        page.keys("motion-key-2", DELETE);
        page.wait("three pictures", || {
            (!page.has("motion-key-3")).then_some(())
        });
        // Another one from the tray.
        let added = page.drawn("tray-9");
        page.click("tray-9");
        page.drawn_same("motion-key-2", &added);
        made(page);

        page.keys("motion-at", HOME);
        page.drawn_same("motion-big", &second);
        page.choose("motion-scale", "2");
        page.click("motion-gif");
        page.wait_text("motion-saved", "Saved");
        let gif = page.downloaded(".gif");
        page.click("motion-apng");
        page.wait_text("motion-saved", "Saved");
        let apng = page.downloaded(".png");
        let motion = inside(&gif);
        assert_eq!(motion, inside(&apng));
        assert_eq!((motion.ends, motion.fps), (Ends::Back, 10));
        let Course::Walk {
            keys,
            frames,
            easing,
        } = &motion.course
        else {
            panic!("no walk");
        };
        assert_eq!((keys.len(), *frames, *easing), (4, 10, Easing::Hold));

        // The browser's decoders know nothing of ours.
        let (count, width, time, of_gif) = decoded(page, &gif, "image/gif");
        assert_eq!((width, time), (56, 1000));
        assert!((4..=10).contains(&count), "{count} frames");
        let (frames, width, time, of_apng) = decoded(page, &apng, "image/png");
        assert_eq!((frames, width, time), (count, 56, 1000));
        assert_eq!(of_gif, of_apng, "both are exact");

        // Dropped on another tool of another model.
        page.open_anew("#/?tool=blend&model=gan-digits");
        page.drawn("blend-big");
        for (name, file) in [("clip.gif", &gif), ("clip.png", &apng)] {
            page.drop_file("pictures-drop", name, file);
            page.drawn_same("motion-key-0", &second);
            page.drawn_same("motion-key-2", &added);
            made(page);
            assert_eq!(page.value("motion-ends"), "back");
            assert_eq!(page.value("motion-frames"), "10");
            page.open_anew("#/?tool=blend&model=gan-digits");
            page.drawn("blend-big");
        }
    });
}

#[test]
fn a_flow_comes_out_of_noise_step_by_step() {
    visit(Kind::Plain, "", |page| {
        ship(page);
        open(page, "&tool=motion&words=red+apple&steps=3");
        page.click("motion-path");
        page.drawn("motion-step-3");
        made(page);
        let steps = [
            "motion-step-0",
            "motion-step-1",
            "motion-step-2",
            "motion-step-3",
        ];
        let seen = steps.map(|id| page.drawn(id));
        for (at, one) in seen.iter().enumerate() {
            assert!(!seen[..at].contains(one), "step {at} shows nothing new");
        }
        page.click("motion-step-0");
        page.drawn_same("motion-big", &seen[0]);
        page.choose("motion-scale", "2");
        page.click("motion-save-strip");
        page.wait_text("motion-saved", "Saved");
        let strip = inside(&page.downloaded(".png"));
        assert!(matches!(strip.course, Course::Path { .. }));
        assert_eq!(strip.sampling.map(|sampling| sampling.steps), Some(3));
        page.click("motion-gif");
        page.wait_text("motion-saved", "Saved");
        let gif = page.downloaded(".gif");
        // Four steps at five a second, and a second of rest.
        let (count, width, time, _) = decoded(page, &gif, "image/gif");
        assert_eq!((count, width, time), (4, 64, 1800));

        // By its link, and back to the walk.
        let link = page.value("motion-link");
        let state = link.split_once('#').expect("a state").1;
        page.open_anew(&format!("#{state}"));
        page.drawn_same("motion-step-3", &seen[3]);
        page.click("motion-walk");
        page.drawn("motion-key-3");
    });
}

#[test]
fn a_clip_is_recorded_as_webm() {
    visit(Kind::Plain, "#/?tool=motion", |page| {
        page.drawn("motion-key-0");
        page.write("motion-seconds", "0.5");
        made(page);
        page.click("motion-webm");
        page.wait_text("motion-saved", "no recipe");
        let film = page.downloaded(".webm");
        // EBML, and the name of the form in its header.
        assert_eq!(film[..4], [0x1a, 0x45, 0xdf, 0xa3]);
        assert!(film[..64].windows(4).any(|part| part == b"webm"));
        page.drop_file("pictures-drop", "clip.webm", &film);
        page.wait_text("trouble", "WebM");
        let (width, height, seconds, frames) = played(page, &film);
        // Each pixel of 28 is drawn as a square of eight.
        assert_eq!((width, height), (224.0, 224.0));
        assert!(seconds > 0.3, "{seconds} seconds");
        assert!(frames > 3.0, "{frames} frames");
    });
}

#[test]
fn pictures_that_are_looked_at_make_a_walk_and_bad_clips_say_why() {
    visit(Kind::Plain, "#/?count=16", |page| {
        let [one, other] = ["sheet-2", "sheet-5"].map(|id| page.drawn(id));
        page.click("sheet-2");
        page.click("add-to-walk");
        page.drawn_same("motion-key-0", &one);
        assert!(!page.has("motion-key-1"));
        page.click("tool-sheet");
        page.drawn("sheet-5");
        page.click("sheet-5");
        page.click("add-to-walk");
        page.drawn_same("motion-key-0", &one);
        page.drawn_same("motion-key-1", &other);

        page.open_anew("#/?tool=motion&motion=broken");
        page.wait_text("motion-trouble", "cannot be read");
        page.drawn("motion-key-3");
        page.click("motion-dismiss");
        page.until("the address", &false, || page.address().contains("broken"));
    });
}
