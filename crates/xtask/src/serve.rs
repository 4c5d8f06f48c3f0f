//! `cargo xtask serve`: from nothing to a page that answers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::dist::trunk;
use crate::folders::Folders;
use crate::setup;
use crate::shell::{show, spell};
use crate::workers::{self, Worker};

/// How the page is served.
#[derive(Debug, Clone, clap::Args)]
pub struct Options {
    /// The optimised build.
    #[arg(long)]
    release: bool,
    /// Port on 127.0.0.1.
    #[arg(long, default_value_t = 8080)]
    port: u16,
}

/// Sets up, builds, serves, and ends when trunk does.
pub fn serve(options: &Options, folders: &Folders) -> Result<()> {
    let start = Instant::now();
    let address = SocketAddr::from(([127, 0, 0, 1], options.port));
    // Found out now rather than after the build.
    drop(TcpListener::bind(address).with_context(|| {
        format!("{address} is taken: end what listens there, or choose another with --port")
    })?);
    setup::build_tools(folders)?;
    // The hook would build them as well, but only after the page.
    for worker in Worker::ALL {
        workers::build(worker, folders)?;
    }

    println!("── page");
    let building = Instant::now();
    let mut command = trunk(folders)?;
    command.args([
        "serve",
        "--address",
        "127.0.0.1",
        "--port",
        &options.port.to_string(),
    ]);
    if options.release {
        command.arg("--release");
    }
    println!("   {}", show(&command));
    let mut server = command.spawn().context("cannot start trunk")?;
    loop {
        if let Some(status) = server.try_wait()? {
            bail!("trunk ended with {status} before the page answered");
        }
        if answers(address) {
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    println!("── page: {}", spell(building.elapsed()));
    println!("── ready after {}", spell(start.elapsed()));
    println!(
        "\nPlain `trunk serve` works as well, in a shell with these lines:\n{}",
        setup::environment(folders)?
    );
    println!("\nLampwork is at http://{address}/ (Ctrl-C ends it)");
    let status = server.wait()?;
    if !status.success() {
        bail!("trunk ended with {status}");
    }
    Ok(())
}

/// Whether the page is there: a server alone is not enough, as trunk serves an
/// empty folder when the build failed.
fn answers(address: SocketAddr) -> bool {
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_secs(1)) else {
        return false;
    };
    let request = format!("GET / HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    let mut response = Vec::new();
    let read = stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .and_then(|()| stream.write_all(request.as_bytes()))
        .and_then(|()| stream.read_to_end(&mut response));
    read.is_ok() && is_page(&String::from_utf8_lossy(&response))
}

/// Whether a response is the built page rather than an error.
fn is_page(response: &str) -> bool {
    response.starts_with("HTTP/1.1 200") && response.contains("<script type=\"module\" src=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_built_page_counts_as_an_answer() {
        let page = "<script type=\"module\" src=\"./start-1.js\"></script>";
        assert!(is_page(&format!("HTTP/1.1 200 OK\r\n\r\n{page}")));
        assert!(!is_page(&format!("HTTP/1.1 404 Not Found\r\n\r\n{page}")));
        assert!(!is_page("HTTP/1.1 200 OK\r\n\r\n<h1>Build failed</h1>"));
    }

    #[test]
    fn a_served_page_answers_and_a_closed_port_does_not() -> Result<()> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let server = std::thread::spawn(move || -> Result<()> {
            let (mut stream, _) = listener.accept()?;
            let mut request = [0; 1024];
            let _ = stream.read(&mut request)?;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n<script type=\"module\" src=\"./s.js\">")?;
            Ok(())
        });
        assert!(answers(address));
        server.join().expect("the server thread ends")?;
        assert!(!answers(address));
        Ok(())
    }
}
