//! Where the page is cut in two.
//!
//! With the feature `split`, what stands in [`cut`] is the only way from the page's
//! first file into the second: `cargo xtask dist` moves whatever can be reached
//! through it alone. Without, both are one file and there is nothing to fetch.

use lampwork_protocol::{DataSet, Failure, NetKind};
use lampwork_words::{Table, WordsError};
use leptos::prelude::*;

use super::Part;
use crate::explain::{Explain, OfModel};
use crate::library::Library;
use crate::link::Link;
use crate::measures::Measures;
use crate::pictures::{Closely, Line, Opened, OtherTool};
use crate::words::{Lesson, Shelf, Words};
use crate::workbench::presets::{Family, preset};
use crate::workbench::{Board, TextBoard, Workbench};

pub use self::cut::{load, made, opened, prepare, table};

fn view(part: Part) -> AnyView {
    match part {
        Part::Words => view! { <Words /> }.into_any(),
        Part::Workbench => view! { <Workbench /> }.into_any(),
        Part::Explain => view! { <Explain /> }.into_any(),
        Part::Measures => view! { <Measures /> }.into_any(),
        Part::Beside(info) => view! { <OfModel info /> }.into_any(),
        Part::Tool(tool) => view! { <OtherTool tool /> }.into_any(),
        Part::Prompt(maker) => view! { <Line maker /> }.into_any(),
        Part::Closely(made) => view! { <Closely made /> }.into_any(),
    }
}

/// Runs and texts are begun in parts that come later, so their state may come as late.
fn provide_shared(link: Link, library: Library) {
    let shelf = Shelf::new(link, library);
    provide_context(shelf);
    let words = Board::of_words(
        shelf,
        preset(Family::Transformer, NetKind::Conv, DataSet::Poems),
    );
    provide_context(TextBoard(words));
    provide_context(Lesson::new(shelf, words));
    provide_context(Board::new(
        link,
        library,
        preset(Family::Vae, NetKind::Mlp, DataSet::Fashion),
    ));
}

fn read(file: &[u8]) -> Result<Table, WordsError> {
    Table::from_bytes(file)
}

fn open(file: &[u8]) -> Result<Opened, Failure> {
    crate::pictures::opened(file)
}

#[cfg(feature = "split")]
mod cut {
    use futures::FutureExt;
    use lampwork_protocol::Failure;
    use lampwork_words::{Table, WordsError};
    use leptos::prelude::*;
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::Part;
    use crate::library::Library;
    use crate::link::Link;
    use crate::pictures::Opened;

    #[wasm_split(later, fallible, preload(load_part))]
    fn part(part: Part) -> Result<AnyView, SplitLoaderError> {
        Ok(super::view(part))
    }

    #[wasm_split(later, fallible, preload(load_shared))]
    fn shared(link: Link, library: Library) -> Result<(), SplitLoaderError> {
        super::provide_shared(link, library);
        Ok(())
    }

    /// Reads a table of words, once the code for it is there.
    #[wasm_split(later, fallible)]
    pub fn table(file: &[u8]) -> Result<Result<Table, WordsError>, SplitLoaderError> {
        Ok(super::read(file))
    }

    /// Finds what a file holds, once the code for it is there.
    #[wasm_split(later, fallible)]
    pub fn opened(file: Vec<u8>) -> Result<Result<Opened, Failure>, SplitLoaderError> {
        Ok(super::open(&file))
    }

    /// Fetches the code of the parts.
    pub async fn load() -> Result<(), SplitLoaderError> {
        // Each function waits for the file by itself, which is fetched once.
        load_part().await?;
        load_shared().await
    }

    /// The view of a part; nothing before [`load`] is done.
    pub fn made(which: Part) -> AnyView {
        // Where the file is there, the future is ready at once.
        part(which).now_or_never().and_then(Result::ok).into_any()
    }

    /// Provides what the parts share; nothing before [`load`] is done.
    pub fn prepare(link: Link, library: Library) {
        shared(link, library).now_or_never();
    }
}

#[cfg(not(feature = "split"))]
mod cut {
    use std::convert::Infallible;

    use lampwork_protocol::Failure;
    use lampwork_words::{Table, WordsError};
    use leptos::prelude::*;

    use super::Part;
    use crate::library::Library;
    use crate::link::Link;
    use crate::pictures::Opened;

    /// Fetches the code of the parts.
    pub async fn load() -> Result<(), Infallible> {
        Ok(())
    }

    /// Reads a table of words.
    pub async fn table(file: &[u8]) -> Result<Result<Table, WordsError>, Infallible> {
        Ok(super::read(file))
    }

    /// Finds what a file holds.
    pub async fn opened(file: Vec<u8>) -> Result<Result<Opened, Failure>, Infallible> {
        Ok(super::open(&file))
    }

    /// The view of a part.
    pub fn made(part: Part) -> AnyView {
        super::view(part)
    }

    /// Provides what the parts share.
    pub fn prepare(link: Link, library: Library) {
        super::provide_shared(link, library);
    }
}
