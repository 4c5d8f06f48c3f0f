//! The page as a test sees it: by its `data-testid`s.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::browser::{Kind, options};
use crate::server::Site;
use crate::webdriver::{Driver, element};

/// How long anything may take: a machine under test is often busy.
const PATIENCE: Duration = Duration::from_secs(60);
/// Time between two looks.
const PAUSE: Duration = Duration::from_millis(40);

/// One browser at a time: two would only slow each other down.
static TURN: Mutex<()> = Mutex::new(());

/// A browser with the site in it. Fields are dropped in their order: the browser
/// goes before its folder.
pub struct Page {
    /// The browser.
    pub driver: Driver,
    /// Where the site comes from.
    pub site: Site,
    folder: tempfile::TempDir,
    _turn: MutexGuard<'static, ()>,
}

/// The folder of the site; `None`, said aloud, where there is none to test.
fn dist() -> Option<PathBuf> {
    match std::env::var_os("LAMPWORK_DIST") {
        Some(folder) => {
            let folder = PathBuf::from(folder);
            assert!(
                folder.join("index.html").is_file(),
                "no site in {}",
                folder.display()
            );
            Some(folder)
        }
        None => {
            let ci = std::env::var_os("CI").is_some();
            assert!(
                !ci,
                "LAMPWORK_DIST is not set: run `cargo xtask test`, which makes the site first"
            );
            eprintln!("LEFT OUT: LAMPWORK_DIST names no site; `cargo xtask test` makes one");
            None
        }
    }
}

/// Opens the site at an address (what comes after the page's own), does `test`,
/// and fails on any error in the console.
pub fn visit(kind: Kind, address: &str, test: impl FnOnce(&Page)) {
    let Some(dist) = dist() else {
        return;
    };
    let turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("downloads")).expect("a folder");
    let page = Page {
        driver: Driver::start(&options(kind, folder.path())),
        site: Site::serve(&dist),
        folder,
        _turn: turn,
    };
    page.open(address);
    test(&page);
    let bad = page.errors();
    assert!(bad.is_empty(), "the console has errors: {bad:#?}");
}

impl Page {
    /// Opens an address of the site.
    pub fn open(&self, address: &str) {
        let url = format!("{}{address}", self.site.address());
        self.driver.post("/url", &json!({ "url": url }));
    }

    /// Opens an address in a page that begins anew, even where only what comes
    /// after `#` differs.
    #[track_caller]
    pub fn open_anew(&self, address: &str) {
        // Leaving a page amid its load has left the next one waiting, for over a
        // minute, for a file that the first had begun to fetch.
        self.wait("the page to be loaded", || {
            let state = self.driver.run("return document.readyState", &json!([]));
            (state == "complete").then_some(())
        });
        self.driver.post("/url", &json!({ "url": "about:blank" }));
        self.open(address);
    }

    /// Errors of the console since it was last asked for them.
    fn errors(&self) -> Vec<String> {
        let log = self.driver.log("browser");
        let bad = log.iter().filter(|line| line["level"] == "SEVERE");
        bad.map(|line| line["message"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    /// What the address bar shows.
    pub fn address(&self) -> String {
        let url = self.driver.run("return location.href", &json!([]));
        url.as_str().expect("an address").to_owned()
    }

    /// Waits until there is something.
    #[track_caller]
    pub fn wait<T>(&self, what: &str, look: impl Fn() -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = look() {
                return found;
            }
            if start.elapsed() > PATIENCE {
                self.picture_of("failure");
                panic!(
                    "waited in vain for {what} at {}; the console has errors: {:#?}; the page \
                     says: {}",
                    self.address(),
                    self.errors(),
                    self.all_text()
                );
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits until a value is as it should be.
    #[track_caller]
    pub fn until<T: PartialEq + std::fmt::Debug>(
        &self,
        what: &str,
        wanted: &T,
        look: impl Fn() -> T,
    ) {
        self.wait(&format!("{what} to be {wanted:?}"), || {
            (look() == *wanted).then_some(())
        });
    }

    fn all_text(&self) -> String {
        let text = self
            .driver
            .run("return document.body.innerText", &json!([]));
        text.as_str()
            .unwrap_or_default()
            .chars()
            .take(3_000)
            .collect()
    }

    /// Runs a function body with the element of a test id as its first argument.
    pub fn with(&self, id: &str, script: &str) -> Option<Value> {
        let element = self.driver.find(&css(id))?;
        let body = json!({ "script": script, "args": [crate::webdriver::element(&element)] });
        // The page may have made it anew between the two calls.
        self.driver.call("POST", "/execute/sync", &body).ok()
    }

    /// Whether the element is there.
    pub fn has(&self, id: &str) -> bool {
        self.driver.find(&css(id)).is_some()
    }

    /// Text of an element that may not be there.
    pub fn text(&self, id: &str) -> String {
        let text = self.with(id, "return arguments[0].innerText");
        text.and_then(|text| text.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// An attribute of an element.
    pub fn attribute(&self, id: &str, name: &str) -> Option<String> {
        let value = self.with(id, &format!("return arguments[0].getAttribute({name:?})"))?;
        value.as_str().map(str::to_owned)
    }

    /// Value of a field.
    pub fn value(&self, id: &str) -> String {
        let value = self.with(id, "return String(arguments[0].value)");
        value
            .and_then(|value| value.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Waits until an element says this, among other things.
    #[track_caller]
    pub fn wait_text(&self, id: &str, words: &str) -> String {
        self.wait(&format!("{words:?} in {id}"), || {
            Some(self.text(id)).filter(|text| text.contains(words))
        })
    }

    /// Clicks, by a real pointer, once it can be clicked.
    #[track_caller]
    pub fn click(&self, id: &str) {
        self.wait(&format!("{id} to be clicked"), || {
            // A picture that is still being made takes no click.
            if self.attribute(id, "aria-disabled").as_deref() == Some("true") {
                return None;
            }
            let element = self.driver.find(&css(id))?;
            let path = format!("/element/{element}/click");
            let clicked = self.driver.call("POST", &path, &json!({})).ok();
            if clicked.is_none() {
                // Under a row that stays in place, perhaps: scroll, as anyone would.
                self.with(id, "arguments[0].scrollIntoView({ block: 'center' })");
            }
            clicked
        });
    }

    /// Types into an element.
    #[track_caller]
    pub fn keys(&self, id: &str, text: &str) {
        self.wait(&format!("{id} to take keys"), || {
            let element = self.driver.find(&css(id))?;
            let body = json!({ "text": text });
            self.driver
                .call("POST", &format!("/element/{element}/value"), &body)
                .ok()
        });
    }

    /// Writes a field anew, by keys.
    #[track_caller]
    pub fn write(&self, id: &str, text: &str) {
        self.with(id, "arguments[0].focus(); arguments[0].select?.()");
        self.keys(id, &format!("{text}{ENTER}"));
    }

    /// Chooses a value of a list.
    #[track_caller]
    pub fn choose(&self, id: &str, value: &str) {
        let script = format!(
            "const list = arguments[0]; list.value = {value:?};
             list.dispatchEvent(new Event('change', {{ bubbles: true }})); return list.value"
        );
        let now = self.wait(id, || self.with(id, &script));
        assert_eq!(now, value, "{id} has no such value");
    }

    /// Picks a file in a file field.
    #[track_caller]
    pub fn give_file(&self, id: &str, file: &Path) {
        self.keys(id, &file.to_string_lossy());
    }

    /// Writes a file that can be given to the page.
    pub fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let file = self.folder.path().join(name);
        fs::write(&file, bytes).expect("a file");
        file
    }

    /// Drops a file on an element, as from the desktop.
    pub fn drop_file(&self, id: &str, name: &str, bytes: &[u8]) {
        let script = "
            const [target, name, base64] = arguments;
            const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
            const data = new DataTransfer();
            data.items.add(new File([bytes], name));
            for (const kind of ['dragenter', 'dragover', 'drop'])
                target.dispatchEvent(new DragEvent(kind,
                    { bubbles: true, cancelable: true, dataTransfer: data }));";
        let target = self.wait(id, || self.driver.find(&css(id)));
        self.driver.run(
            script,
            &json!([element(&target), name, STANDARD.encode(bytes)]),
        );
    }

    /// Waits for the next file that the page saves, and takes it.
    #[track_caller]
    pub fn downloaded(&self, ending: &str) -> Vec<u8> {
        let folder = self.folder.path().join("downloads");
        // The browser keeps a name by an empty file while it writes into another one.
        let file = self.wait(&format!("a {ending} file"), || {
            let files: Vec<_> = fs::read_dir(&folder).ok()?.flatten().collect();
            let is = |entry: &fs::DirEntry, ending: &str| {
                entry.file_name().to_string_lossy().ends_with(ending)
            };
            if files.iter().any(|entry| is(entry, ".crdownload")) {
                return None;
            }
            let whole = |entry: &&fs::DirEntry| entry.metadata().is_ok_and(|of| of.len() > 0);
            let found = files.iter().filter(|entry| is(entry, ending)).find(whole);
            found.map(fs::DirEntry::path)
        });
        let bytes = fs::read(&file).expect("the file");
        fs::remove_file(file).expect("the file");
        bytes
    }

    /// The pixels of the canvas in an element, `None` while nothing is drawn.
    pub fn pixels(&self, id: &str) -> Option<String> {
        let script = "
            const canvas = arguments[0].querySelector('canvas');
            if (!canvas || canvas.classList.contains('waiting')) return null;
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            if (!data.some(value => value !== 0)) return null;
            let text = '';
            for (const value of data) text += String.fromCharCode(value);
            return btoa(text)";
        self.with(id, script)?.as_str().map(str::to_owned)
    }

    /// Waits for the pixels of an element.
    #[track_caller]
    pub fn drawn(&self, id: &str) -> String {
        self.wait(&format!("a picture in {id}"), || self.pixels(id))
    }

    /// Waits until an element shows another picture than this.
    #[track_caller]
    pub fn drawn_other(&self, id: &str, than: &str) -> String {
        self.wait(&format!("another picture in {id}"), || {
            self.pixels(id).filter(|pixels| pixels != than)
        })
    }

    /// Waits until an element shows this picture.
    #[track_caller]
    pub fn drawn_same(&self, id: &str, as_before: &str) {
        self.wait(&format!("the same picture in {id}"), || {
            self.pixels(id).filter(|pixels| pixels == as_before)
        });
    }

    /// Drags the pointer over an element, through these parts of its width and
    /// height, from its middle 0.
    #[track_caller]
    pub fn drag(&self, id: &str, way: &[(f64, f64)]) {
        let target = self.wait(id, || self.driver.find(&css(id)));
        // The pointer moves where it can be seen only.
        let size = self.driver.run(
            "arguments[0].scrollIntoView({ block: 'center' });
             const frame = arguments[0].getBoundingClientRect(); return [frame.width, frame.height]",
            &json!([element(&target)]),
        );
        let (width, height) = (
            size[0].as_f64().unwrap_or(0.0),
            size[1].as_f64().unwrap_or(0.0),
        );
        let mut actions: Vec<Value> = way
            .iter()
            .map(|(x, y)| {
                json!({ "type": "pointerMove", "duration": 30, "origin": element(&target),
                        "x": (x * width).round(), "y": (y * height).round() })
            })
            .collect();
        actions.insert(1, json!({ "type": "pointerDown", "button": 0 }));
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        self.driver.post(
            "/actions",
            &json!({ "actions": [{ "type": "pointer", "id": "hand", "actions": actions }] }),
        );
    }

    /// Sets the size of the window's inside.
    pub fn resize(&self, width: u32, height: u32) {
        self.driver.devtools(
            "Emulation.setDeviceMetricsOverride",
            &json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false }),
        );
    }

    /// Fails where the page scrolls sideways, and names what sticks out.
    #[track_caller]
    pub fn fits(&self, what: &str) {
        let script = "
            const wide = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= wide) return null;
            return [...document.querySelectorAll('main *, header *, footer *')]
                .filter(e => e.getBoundingClientRect().right > wide + 1).slice(0, 5)
                .map(e => e.tagName + '.' + e.className)";
        let wide = self.driver.run(script, &json!([]));
        assert!(wide.is_null(), "{what} scrolls sideways: {wide}");
    }

    /// Saves a picture of the page for a human to look at, under `target/e2e/`.
    pub fn picture_of(&self, name: &str) {
        let shot = self.driver.devtools(
            "Page.captureScreenshot",
            &json!({ "format": "png", "captureBeyondViewport": true }),
        );
        let bytes = STANDARD.decode(shot["data"].as_str().unwrap_or_default());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("../e2e");
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(
            folder.join(format!("{name}.png")),
            bytes.expect("a picture"),
        )
        .expect("a file");
    }

    /// Goes back in the history.
    pub fn back(&self) {
        self.driver.post("/back", &json!({}));
    }

    /// Loads the page anew.
    pub fn reload(&self) {
        self.driver.post("/refresh", &json!({}));
    }
}

/// The selector of a test id.
pub fn css(id: &str) -> String {
    format!("[data-testid=\"{id}\"]")
}

/// Keys by their WebDriver code.
pub const ENTER: &str = "\u{e007}";
/// Arrow left.
pub const LEFT: &str = "\u{e012}";
/// Arrow up.
pub const UP: &str = "\u{e013}";
/// Arrow right.
pub const RIGHT: &str = "\u{e014}";
/// Arrow down.
pub const DOWN: &str = "\u{e015}";
/// The beginning.
pub const HOME: &str = "\u{e011}";
/// Delete.
pub const DELETE: &str = "\u{e017}";
/// Shift, held until the end of what is typed.
pub const SHIFT: &str = "\u{e008}";
