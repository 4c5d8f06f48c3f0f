//! Serves the site as a plain static host does.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

/// Where on the host the site is: everything in it must be relative.
pub const SUB_PATH: &str = "/some/where/";

/// A static host, as long as it is kept.
pub struct Site {
    host: Arc<Host>,
    port: SocketAddr,
    address: String,
}

struct Host {
    folder: PathBuf,
    /// Files that stand in for those of the folder, or beside them; `None` where
    /// there is to be nothing.
    others: Mutex<BTreeMap<String, Option<Vec<u8>>>>,
    headers: Vec<(String, String)>,
    asked: Mutex<Vec<String>>,
    stopped: AtomicBool,
}

impl Site {
    /// Serves a folder under [`SUB_PATH`], with the policy of `deploy/`.
    pub fn serve(folder: &Path) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address");
        let host = Arc::new(Host {
            folder: folder.to_owned(),
            others: Mutex::default(),
            headers: deployed_headers(),
            asked: Mutex::default(),
            stopped: AtomicBool::new(false),
        });
        let serving = Arc::clone(&host);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if serving.stopped.load(Ordering::Relaxed) {
                    return;
                }
                // A thread for each request: a browser opens many connections at
                // once, some of them never used, and none may wait for another.
                let host = Arc::clone(&serving);
                thread::spawn(move || host.answer(stream));
            }
        });
        Site {
            host,
            port,
            address: format!("http://{port}{SUB_PATH}"),
        }
    }

    /// Address of the page.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// A file of the site, or what was put in its place.
    pub fn file(&self, path: &str) -> Vec<u8> {
        if let Some(Some(bytes)) = self.others().get(&format!("{SUB_PATH}{path}")) {
            return bytes.clone();
        }
        std::fs::read(self.host.folder.join(path)).expect("a file of the site")
    }

    /// Path of the first file of the site with this name.
    pub fn find(&self, name: &str) -> Option<String> {
        fn below(folder: &Path, name: &str) -> Option<PathBuf> {
            let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
                .ok()?
                .flatten()
                .map(|entry| entry.path())
                .collect();
            entries.sort();
            entries.into_iter().find_map(|path| {
                if path.is_dir() {
                    below(&path, name)
                } else {
                    path.ends_with(name).then_some(path)
                }
            })
        }
        let file = below(&self.host.folder, name)?;
        let path = file.strip_prefix(&self.host.folder).ok()?;
        Some(path.to_string_lossy().into_owned())
    }

    /// Serves other bytes under a path from now on.
    pub fn put(&self, path: &str, bytes: Vec<u8>) {
        self.others()
            .insert(format!("{SUB_PATH}{path}"), Some(bytes));
    }

    /// Has nothing under a path from now on.
    pub fn lose(&self, path: &str) {
        self.others().insert(format!("{SUB_PATH}{path}"), None);
    }

    /// Serves the site's own file under a path again.
    pub fn find_again(&self, path: &str) {
        self.others().remove(&format!("{SUB_PATH}{path}"));
    }

    fn others(&self) -> MutexGuard<'_, BTreeMap<String, Option<Vec<u8>>>> {
        let others = self.host.others.lock();
        others.unwrap_or_else(PoisonError::into_inner)
    }

    /// Paths asked for so far.
    pub fn asked(&self) -> Vec<String> {
        let asked = self.host.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.host.stopped.store(true, Ordering::Relaxed);
        // So that it sees that it is to stop.
        let _ = TcpStream::connect(self.port);
    }
}

impl Host {
    /// Answers one request and closes. A browser that has left needs no answer.
    fn answer(&self, mut stream: TcpStream) -> io::Result<()> {
        let mut lines = BufReader::new(stream.try_clone()?).lines();
        let Some(first) = lines.next() else {
            return Ok(());
        };
        let first = first?;
        for line in lines {
            if line?.is_empty() {
                break;
            }
        }
        let url = first.split(' ').nth(1).unwrap_or_default();
        let asked = self.asked.lock();
        asked
            .unwrap_or_else(PoisonError::into_inner)
            .push(url.to_owned());
        let path = url.split(['?', '#']).next().unwrap_or_default();
        let others = self.others.lock();
        let other = others
            .unwrap_or_else(PoisonError::into_inner)
            .get(path)
            .cloned();
        let (status, bytes, kind) = match (other, find(&self.folder, url)) {
            (Some(Some(bytes)), _) => ("200 OK", bytes, "application/octet-stream"),
            (None, Some((bytes, kind))) => ("200 OK", bytes, kind),
            (Some(None), _) | (None, None) => {
                ("404 Not Found", b"not found".to_vec(), "text/plain")
            }
        };
        let mut head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n",
            bytes.len()
        );
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        stream.write_all(&bytes)
    }
}

/// The headers that the configuration we give to hosts sends with everything.
fn deployed_headers() -> Vec<(String, String)> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/nginx.conf");
    let text = std::fs::read_to_string(file).expect("deploy/nginx.conf");
    let headers: Vec<_> = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("add_header "))
        .filter_map(|line| line.split_once(' '))
        .map(|(name, rest)| {
            let value = rest.trim_end_matches(';').trim_end_matches("always").trim();
            (name.to_owned(), value.trim_matches('"').to_owned())
        })
        // Its value is a variable of nginx. Here nothing is to be kept, so that no
        // page waits for what another began to fetch.
        .filter(|(name, _)| name != "Cache-Control")
        .collect();
    assert!(
        headers
            .iter()
            .any(|(name, _)| name == "Content-Security-Policy"),
        "no policy in deploy/"
    );
    headers
}

/// A file's bytes and media type.
fn find(folder: &Path, url: &str) -> Option<(Vec<u8>, &'static str)> {
    let path = url.split(['?', '#']).next()?.strip_prefix(SUB_PATH)?;
    let path = Path::new(if path.is_empty() { "index.html" } else { path });
    if path
        .components()
        .any(|part| !matches!(part, Component::Normal(_)))
    {
        return None;
    }
    let file = folder.join(path);
    let kind = match file.extension()?.to_str()? {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };
    Some((std::fs::read(file).ok()?, kind))
}
