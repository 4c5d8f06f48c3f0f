//! Parts of the page that come later: the rooms behind the first, and what of the
//! first is opened by few.
//!
//! In the site to host, what only these parts need is a file of its own, so that
//! a first visit need not wait for it (`cargo xtask dist`; see [`code`]). It is
//! fetched when one of them is opened, and otherwise once the first pictures have
//! had time to come. Nothing else differs: the parts share the memory, the
//! contexts and the signals of the page.

mod code;

use lampwork_protocol::{Failure, ModelInfo};
use lampwork_words::Table;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::i18n::*;
use crate::library::Library;
use crate::link::Link;
use crate::pictures::{Made, Maker, Opened, Tool};

/// How long the first pictures have for themselves once a worker is ready, in
/// milliseconds.
const FIRST_PICTURES: i32 = 1000;

/// A part of the page that comes later.
#[derive(Clone)]
pub enum Part {
    /// The room where texts are written.
    Words,
    /// The room where models are trained.
    Workbench,
    /// The room with drawings of the nets.
    Explain,
    /// The room with figures.
    Measures,
    /// The drawing of a model, beside its pictures.
    Beside(Signal<Option<ModelInfo>>),
    /// A tool of Pictures but for the sheet.
    Tool(Tool),
    /// The line that words are typed in, for who makes pictures of them.
    Prompt(Maker),
    /// A picture that is looked at closely.
    Closely(Made),
}

/// Whether the code of these parts is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Code {
    Absent,
    Coming,
    Missing,
    Here,
}

/// The code of the parts that come later.
#[derive(Clone, Copy)]
pub struct Later {
    code: RwSignal<Code>,
    link: Link,
    library: Library,
    /// Whose contexts all rooms share.
    page: StoredValue<Option<Owner>>,
}

impl Later {
    /// Has the code fetched once a worker is ready and the first pictures have had
    /// their time. What the parts share goes into the contexts of who calls this.
    pub fn new(link: Link, library: Library) -> Later {
        let later = Later {
            code: RwSignal::new(Code::Absent),
            link,
            library,
            page: StoredValue::new(Owner::current()),
        };
        let begun = StoredValue::new(false);
        Effect::new(move |_| {
            if link.device().with(Option::is_some) && !begun.get_value() {
                begun.set_value(true);
                spawn_local(async move {
                    browser::sleep(FIRST_PICTURES).await;
                    // What failed meanwhile waits until it is asked for again.
                    if later.code.get_untracked() == Code::Absent {
                        later.fetch();
                    }
                });
            }
        });
        later
    }

    /// Fetches the code, unless it is there or on its way. One that could not be
    /// fetched before is tried again.
    fn fetch(self) {
        if matches!(self.code.get_untracked(), Code::Coming | Code::Here) {
            return;
        }
        self.code.set(Code::Coming);
        spawn_local(async move {
            let here = code::load().await.is_ok();
            if here && let Some(page) = self.page.get_value() {
                page.with(|| code::prepare(self.link, self.library));
            }
            self.code.set(if here { Code::Here } else { Code::Missing });
        });
    }
}

/// Reads a table of words.
///
/// # Errors
///
/// Where the file is none, or the code that reads it cannot be fetched.
pub async fn table(file: &[u8]) -> Result<Table, Failure> {
    let bad = |reason| Failure::BadWords { reason };
    let read = code::table(file).await;
    read.map_err(|missing| bad(missing.to_string()))?
        .map_err(|error| bad(error.to_string()))
}

/// What the bytes of a file hold.
///
/// # Errors
///
/// Where nothing is found in it, or the code that reads it cannot be fetched.
pub async fn opened(file: Vec<u8>) -> Result<Opened, Failure> {
    let read = code::opened(file).await;
    read.map_err(|missing| Failure::Internal {
        reason: missing.to_string(),
    })?
}

/// Shows a part, or how far it has come.
#[component]
pub fn ShowLater(
    /// Which.
    part: Part,
) -> impl IntoView {
    let i18n = use_i18n();
    let later = expect_context::<Later>();
    later.fetch();
    move || match later.code.get() {
        // Made here, where the contexts are.
        Code::Here => code::made(part.clone()),
        Code::Missing => view! {
            <div role="alert" class="trouble" data-testid="later-missing">
                <p>
                    {t!(i18n, shell.later_missing)} " "
                    <span class="hint">{t!(i18n, shell.later_missing_hint)}</span>
                </p>
                <p class="trouble-do">
                    <button
                        type="button"
                        class="button"
                        data-testid="later-retry"
                        on:click=move |_| later.fetch()
                    >
                        {t!(i18n, shell.retry)}
                    </button>
                </p>
            </div>
        }
        .into_any(),
        Code::Absent | Code::Coming => view! {
            <p role="status" class="hint" data-testid="later-coming">
                {t!(i18n, shell.later_coming)}
            </p>
        }
        .into_any(),
    }
}
