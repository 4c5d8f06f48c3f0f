//! Three ways to fill a gap in the page: the place of a selection, or the caret's.

use std::ops::Range;

use leptos::prelude::*;

use super::paper::{head, tail};
use super::sheet::{Place, Sheet};
use crate::i18n::*;
use crate::words::room::Opened;
use crate::words::writing::{Made, Writing};

/// Versions to choose from.
const COUNT: u32 = 3;

/// Bytes of the page that are shown around a version.
const AROUND: usize = 60;

/// Least and most tokens of a version.
const TOKENS: (usize, usize) = (8, 96);

/// Versions of what stands, or might stand, at a place.
#[derive(Clone, Copy)]
pub struct Versions {
    sheet: Sheet,
    /// What is being written.
    pub writing: Writing,
    /// The place; `None` while nothing is asked.
    pub at: RwSignal<Option<Range<usize>>>,
    /// Which of the seed's texts is the first.
    first: StoredValue<u32>,
    /// The state of the page that they are for.
    change: StoredValue<u32>,
}

impl Versions {
    /// None yet. They are gone as soon as the page changes.
    pub fn new(sheet: Sheet) -> Versions {
        let versions = Versions {
            sheet,
            writing: Writing::veiled(sheet.room.shelf),
            at: RwSignal::new(None),
            first: StoredValue::new(0),
            change: StoredValue::new(0),
        };
        Effect::new(move |_| {
            if sheet.changes.get() != versions.change.get_value() {
                versions.close();
            }
        });
        versions
    }

    /// Asks for versions of the selection, or for the caret's place.
    pub fn ask(&self) {
        let at = match self.sheet.place.get_untracked() {
            Place::Selected(range) => range,
            Place::Middle(at) => at..at,
            Place::End => return,
        };
        self.sheet.stop();
        self.change.set_value(self.sheet.changes.get_untracked());
        self.first.set_value(0);
        self.at.set(Some(at));
        self.write();
    }

    /// Asks for three others.
    pub fn others(&self) {
        self.first.update_value(|first| *first += COUNT);
        self.write();
    }

    fn write(&self) {
        let Some(at) = self.at.get_untracked() else {
            return;
        };
        let length = at.len();
        // About as long as what stood there; for a gap, a line or two.
        let most = if length == 0 { 32 } else { length / 2 };
        let most = most.clamp(TOKENS.0, TOKENS.1) as u16;
        let first = self.first.get_value();
        let each = (first..first + COUNT).map(|index| self.sheet.recipe(at.clone(), most, index));
        let recipes: Option<Vec<_>> = each.collect();
        if let Some(recipes) = recipes {
            self.writing.write(recipes, None);
        }
    }

    /// Puts a version on the page.
    pub fn take(&self, made: &Made) {
        let Some(at) = self.at.get_untracked() else {
            return;
        };
        self.close();
        self.sheet.put(at, &made.written());
        self.sheet.made.set(Some(Opened {
            recipe: made.recipe.clone(),
            text: Some(made.whole()),
        }));
        self.sheet.want();
    }

    /// Leaves the page as it is.
    pub fn close(&self) {
        self.writing.stop();
        if self.at.with_untracked(Option::is_some) {
            self.at.set(None);
        }
    }
}

/// The versions side by side.
#[component]
pub fn VersionCards(
    /// Them.
    versions: Versions,
) -> impl IntoView {
    let i18n = use_i18n();
    let open = Memo::new(move |_| versions.at.with(Option::is_some));
    let busy = move || versions.writing.is_busy();
    let done = move || {
        let done = open.get() && !busy();
        done.then(|| t_string!(i18n, words.together.versions_done))
    };
    view! {
        <Show when=move || open.get()>
            <section class="together-versions" aria-labelledby="together-versions-head">
                <h2 id="together-versions-head">{t!(i18n, words.together.versions)}</h2>
                <p class="hint">{t!(i18n, words.together.versions_about)}</p>
                <ul data-testid="versions" aria-busy=move || busy().to_string()>
                    {move || {
                        versions
                            .writing
                            .rows
                            .get()
                            .into_iter()
                            .enumerate()
                            .map(|(at, row)| view! { <Card versions at row /> })
                            .collect_view()
                    }}
                </ul>
                <p class="together-do">
                    <button
                        type="button"
                        class="button"
                        data-testid="versions-others"
                        on:click=move |_| versions.others()
                    >
                        {t!(i18n, words.together.versions_others)}
                    </button>
                    <button
                        type="button"
                        class="button quiet"
                        data-testid="versions-close"
                        on:click=move |_| versions.close()
                    >
                        {t!(i18n, words.together.versions_close)}
                    </button>
                </p>
            </section>
        </Show>
        <span role="status" class="unseen">
            {done}
        </span>
    }
}

#[component]
fn Card(versions: Versions, at: usize, row: RwSignal<Made>) -> impl IntoView {
    let i18n = use_i18n();
    let (before, after) = versions
        .at
        .with_untracked(Option::clone)
        .map(|range| {
            let text = versions.sheet.text();
            let around = |part: &str| part.replace('\n', " ");
            (
                around(tail(text.get(..range.start).unwrap_or_default(), AROUND)),
                around(head(text.get(range.end..).unwrap_or_default(), AROUND)),
            )
        })
        .unwrap_or_default();
    view! {
        <li>
            <button
                type="button"
                class="together-version"
                data-testid=format!("version-{at}")
                on:click=move |_| versions.take(&row.get_untracked())
            >
                <span lang="en" class="together-version-text">
                    <span class="hint">{before}</span>
                    <strong>{move || row.with(Made::written)}</strong>
                    <span class="hint">{after}</span>
                </span>
                <span class="together-version-take">{t!(i18n, words.together.versions_take)}</span>
            </button>
        </li>
    }
}
