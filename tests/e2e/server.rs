//! Serves the site as a plain static host does.

use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use tiny_http::{Header, Response, Server};

/// Where on the host the site is: everything in it must be relative.
pub const SUB_PATH: &str = "/some/where/";

/// Threads that answer; a page asks for several files at once.
const THREADS: usize = 4;

/// A static host, as long as it is kept.
pub struct Site {
    server: Arc<Server>,
    asked: Arc<Mutex<Vec<String>>>,
    address: String,
}

impl Site {
    /// Serves a folder under [`SUB_PATH`], with the policy of `deploy/`.
    pub fn serve(folder: &Path) -> Site {
        let server = Arc::new(Server::http("127.0.0.1:0").expect("a free port"));
        let port = server.server_addr().to_ip().expect("an address").port();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let headers = deployed_headers();
        for _ in 0..THREADS {
            let (server, asked) = (Arc::clone(&server), Arc::clone(&asked));
            let (folder, headers) = (folder.to_owned(), headers.clone());
            std::thread::spawn(move || {
                while let Ok(request) = server.recv() {
                    let url = request.url().to_owned();
                    asked
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push(url.clone());
                    let mut response = match find(&folder, &url) {
                        Some((bytes, kind)) => {
                            Response::from_data(bytes).with_header(header("Content-Type", kind))
                        }
                        None => Response::from_data("not found").with_status_code(404),
                    };
                    for (name, value) in &headers {
                        response.add_header(header(name, value));
                    }
                    // A browser that has left needs no answer.
                    let _ = request.respond(response);
                }
            });
        }
        Site {
            server,
            asked,
            address: format!("http://127.0.0.1:{port}{SUB_PATH}"),
        }
    }

    /// Address of the page.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Paths asked for so far.
    pub fn asked(&self) -> Vec<String> {
        self.asked
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        for _ in 0..THREADS {
            self.server.unblock();
        }
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("plain text")
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
        // Its value is a variable of nginx.
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
    let file: PathBuf = folder.join(path);
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
