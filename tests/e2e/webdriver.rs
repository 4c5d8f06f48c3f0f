//! A WebDriver client (W3C), as far as these tests need one.
//!
//! Each test has a chromedriver of its own: it starts in a tenth of a second and
//! takes its browser with it when it ends.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

/// Key of an element's number in answers and arguments.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// What the driver refused, by its short name, e.g. `stale element reference`.
#[derive(Debug)]
pub struct Refused {
    /// The short name.
    pub error: String,
    /// The driver's words.
    pub message: String,
}

/// One browser.
pub struct Driver {
    process: Child,
    agent: ureq::Agent,
    base: String,
}

impl Driver {
    /// Starts a driver and a browser with these Chromium options.
    pub fn start(options: &Value) -> Driver {
        let mut process = Command::new("chromedriver")
            .args(["--port=0", "--log-level=WARNING"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed (Debian's chromium-driver)");
        let stdout = process.stdout.take().expect("its output");
        let port = BufReader::new(stdout)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| {
                let rest = line.split_once("started successfully on port ")?.1;
                rest.trim_end_matches('.').parse::<u16>().ok()
            })
            .expect("chromedriver names its port");
        let agent = ureq::Agent::new_with_config(
            ureq::Agent::config_builder()
                .http_status_as_error(false)
                .timeout_global(Some(Duration::from_secs(200)))
                .build(),
        );
        let mut driver = Driver {
            process,
            agent,
            base: format!("http://127.0.0.1:{port}/session"),
        };
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "browserName": "chrome",
            // Each test waits for what it needs to see; waiting for the load event
            // as well has hung under load.
            "pageLoadStrategy": "none",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "timeouts": { "script": 180_000, "pageLoad": 120_000, "implicit": 0 },
        } } });
        let session = driver.call("POST", "", &wanted).expect("a browser");
        let id = session["sessionId"].as_str().expect("a session").to_owned();
        driver.base = format!("{}/{id}", driver.base);
        driver
    }

    /// Sends one command.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        let url = format!("{}{path}", self.base);
        let answer = match method {
            "GET" => self.agent.get(&url).call(),
            "DELETE" => self.agent.delete(&url).call(),
            _ => self
                .agent
                .post(&url)
                .header("Content-Type", "application/json; charset=utf-8")
                .send(body.to_string()),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("chromedriver is gone: {error}"));
        // Screenshots and files are large.
        let text = answer
            .body_mut()
            .with_config()
            .limit(256 << 20)
            .read_to_string();
        let text = text.unwrap_or_else(|error| panic!("chromedriver broke off: {error}"));
        let json: Value = serde_json::from_str(&text).expect("JSON of chromedriver");
        let value = json["value"].clone();
        match value["error"].as_str() {
            Some(error) if value["message"].is_string() => Err(Refused {
                error: error.to_owned(),
                message: value["message"].as_str().unwrap_or_default().to_owned(),
            }),
            _ => Ok(value),
        }
    }

    /// Sends a command that is not refused.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Value {
        self.call("POST", path, body)
            .unwrap_or_else(|refused| panic!("{path}: {}: {}", refused.error, refused.message))
    }

    /// Runs a function body in the page; `arguments` are its arguments.
    #[track_caller]
    pub fn run(&self, script: &str, arguments: &Value) -> Value {
        self.post(
            "/execute/sync",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// Runs a function body that calls its last argument when it is done.
    #[track_caller]
    pub fn run_later(&self, script: &str, arguments: &Value) -> Value {
        self.post(
            "/execute/async",
            &json!({ "script": script, "args": arguments }),
        )
    }

    /// The element of a selector, if it is there.
    pub fn find(&self, selector: &str) -> Option<String> {
        let body = json!({ "using": "css selector", "value": selector });
        let found = self.call("POST", "/element", &body).ok()?;
        found[ELEMENT].as_str().map(str::to_owned)
    }

    /// A command of Chromium's own protocol.
    #[track_caller]
    pub fn devtools(&self, command: &str, parameters: &Value) -> Value {
        self.post(
            "/goog/cdp/execute",
            &json!({ "cmd": command, "params": parameters }),
        )
    }

    /// Lines of a log since it was last asked for.
    #[track_caller]
    pub fn log(&self, kind: &str) -> Vec<Value> {
        let lines = self.post("/se/log", &json!({ "type": kind }));
        lines.as_array().cloned().unwrap_or_default()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // The browser first, or it outlives its driver. No panic in here.
        let url = self.base.clone();
        let _ = self.agent.delete(&url).call();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An element as an argument of a script or an action.
pub fn element(id: &str) -> Value {
    json!({ ELEMENT: id })
}
