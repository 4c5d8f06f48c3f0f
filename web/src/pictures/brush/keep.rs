//! The scroll as a file and as a link.

use lampwork_pictures::scroll::scroll;
use lampwork_protocol::link as codec;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::lines;
use super::state::Steps;
use super::table::Understood;
use super::written::{CYCLE, Written};
use crate::browser;
use crate::failure::size;
use crate::i18n::*;
use crate::pictures::room::use_room;
use crate::pictures::share::{CopyLink, ShareField, address_of, file_name};

/// How many times as large as a net makes them characters become.
const SCALE: usize = 5;

/// The file and the link.
#[component]
pub fn Keep(
    /// How it is written.
    steps: Steps,
    /// Who has the characters.
    written: Written,
    /// What is written.
    understood: Memo<Understood>,
) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let word = RwSignal::new(None::<String>);
    let copied = RwSignal::new(None::<&'static str>);
    let code = Memo::new(move |_| {
        let weights = room
            .info
            .with(|info| info.as_ref().map(|info| info.weights))?;
        let state = steps.now.get();
        Some(codec::encode_scroll(&state.scroll(CYCLE, weights)))
    });
    let save = move |_| {
        let ready = untrack(|| {
            let weights = room
                .info
                .with(|info| info.as_ref().map(|info| info.weights))?;
            let state = steps.now.get();
            let lines = lines(steps, written, understood, state.hand, true)?;
            // Nothing is saved with gaps where characters are still under way.
            let whole =
                !lines.lines.is_empty() && lines.lines.iter().flatten().all(Option::is_some);
            whole.then(|| (lines, state.scroll(CYCLE, weights)))
        });
        let Some((lines, recipe)) = ready else {
            return word.set(Some(t_string!(i18n, pictures.brush.not_ready).to_owned()));
        };
        word.set(Some(t_string!(i18n, pictures.brush.saving).to_owned()));
        spawn_local(async move {
            // The word is seen first.
            browser::sleep(20).await;
            let bytes = scroll(&lines, SCALE, &recipe);
            let name = file_name("scroll", &codec::encode_scroll(&recipe));
            browser::save_file(&name, "image/png", &bytes);
            let size = size(bytes.len() as f64);
            word.try_set(Some(t_string!(i18n, pictures.brush.saved, size = size)));
        });
    };
    let link =
        Signal::derive(move || Some(address_of(&format!("tool=brush&scroll={}", code.get()?))));
    view! {
        <div class="keep">
            <button type="button" class="button" data-testid="brush-save" on:click=save>
                {t!(i18n, pictures.brush.save)}
            </button>
            <CopyLink link word=copied testid="brush-copy" />
        </div>
        <ShareField
            link
            label=Signal::derive(move || t_string!(i18n, pictures.brush.share).to_owned())
            testid="brush-share"
        />
        <p role="status" class="hint" data-testid="brush-kept">
            {move || word.get().or_else(|| copied.get().map(str::to_owned))}
        </p>
    }
}
