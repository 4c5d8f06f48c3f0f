//! The worker binaries without the page: messages in, messages out.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lampwork_protocol::Command;
use serde_json::{Value, json};

use crate::page::Page;

/// Starts a worker and asks one thing after the other; calls back with every
/// message it posted, arrays in base64.
const TALK: &str = r#"
const [path, requests, done] = arguments;
const worker = new Worker(new URL(path, document.baseURI), { type: 'module' });
const text = bytes => {
  let letters = '';
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
};
const bytes = base64 => Uint8Array.from(atob(base64), c => c.charCodeAt(0)).buffer;
const plain = value => JSON.parse(JSON.stringify(value ?? null, (_, v) => typeof v === 'bigint' ? Number(v) : v));
const said = [];
let next = 0;
const finish = fault => { worker.terminate(); done({ said, fault }); };
const ask = () => {
  if (next === requests.length) return finish(null);
  const [command, payload] = requests[next];
  next += 1;
  const p = payload.map(bytes);
  worker.postMessage({ m: { id: next, command }, p }, p);
};
worker.onerror = event => finish(event.message || 'the worker cannot be started');
worker.onmessage = ({ data }) => {
  if (!data.m) return;
  const { request, event } = data.m;
  const kind = typeof event === 'string' ? event : Object.keys(event)[0];
  said.push({ request: request ?? null, event: plain(event), arrays: data.p.map(p => text(new Uint8Array(p))) });
  if (kind === 'DeviceLost' || kind === 'Failed') return finish(kind);
  if (kind === 'Ready') return ask();
  const status = kind === 'Run' ? event.Run : null;
  const waits = requests[next - 1]?.[0].Step;
  // A step is answered when it begins, and done when the run pauses.
  if (waits) { if (status && status.state === 'Paused' && Number(status.step) >= waits.until) ask(); return; }
  const more = kind === 'Filmstrip' || (kind === 'Pictures' && !event.Pictures.done);
  if (request === next && !more) ask();
};
"#;

/// What one worker said to some commands.
pub struct Said(Vec<Value>);

/// Starts a worker, asks and listens. `Step` waits until the steps are taken.
#[track_caller]
pub fn ask(page: &Page, worker: &str, asked: &[(Command, Vec<Vec<u8>>)]) -> Said {
    let mut steps = 0;
    let requests: Vec<Value> = asked
        .iter()
        .map(|(command, payload)| {
            let mut json = serde_json::to_value(command).expect("a command");
            if let Command::Step { steps: more } = command {
                steps += more;
                // For the script alone; the worker looks for no such field.
                json["Step"]["until"] = json!(steps);
            }
            let arrays: Vec<String> = payload.iter().map(|bytes| STANDARD.encode(bytes)).collect();
            json!([json, arrays])
        })
        .collect();
    let answer = page.driver.run_later(TALK, &json!([worker, requests]));
    assert!(answer["fault"].is_null(), "{worker}: {answer}");
    Said(answer["said"].as_array().cloned().unwrap_or_default())
}

impl Said {
    /// The events of a kind, in order.
    pub fn all(&self, kind: &str) -> Vec<&Value> {
        self.0
            .iter()
            .filter_map(|reply| reply["event"].get(kind))
            .collect()
    }

    /// The pixels of all pictures, in order.
    pub fn pictures(&self) -> Vec<u8> {
        let made = self
            .0
            .iter()
            .filter(|reply| reply["event"].get("Pictures").is_some());
        made.flat_map(|reply| {
            let base64 = reply["arrays"][0].as_str().unwrap_or_default();
            STANDARD.decode(base64).expect("pixels")
        })
        .collect()
    }

    /// The figures of every step, in order.
    pub fn figures(&self) -> Vec<(String, f64)> {
        let steps = self
            .all("Steps")
            .into_iter()
            .flat_map(|event| event["steps"].as_array().cloned().unwrap_or_default());
        steps
            .flat_map(|step| step["values"].as_array().cloned().unwrap_or_default())
            .map(|pair| {
                let name = pair[0].as_str().unwrap_or_default().to_owned();
                (name, pair[1].as_f64().unwrap_or(f64::NAN))
            })
            .collect()
    }
}
