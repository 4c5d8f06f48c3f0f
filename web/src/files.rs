//! Files that a visitor hands to the page: dropped, or chosen by a button.

use leptos::prelude::*;
use web_sys::File;

/// Takes the first of the files that are dropped anywhere on its children.
///
/// Whatever it is: a file that nobody takes would be opened by the browser, and
/// the page with all that is in it would be gone.
#[component]
pub fn FileDrop(
    /// Test id.
    name: &'static str,
    /// What is said while files are held over it.
    #[prop(into)]
    word: Signal<String>,
    /// What is done with the file.
    take: impl Fn(File) + 'static,
    children: Children,
) -> impl IntoView {
    // Entering a child leaves its parent: count, or it flickers.
    let depth = RwSignal::new(0_i32);
    let over = Memo::new(move |_| depth.get().is_positive());
    let has_files = |event: &leptos::ev::DragEvent| {
        event
            .data_transfer()
            .is_some_and(|data| data.types().iter().any(|kind| kind == "Files"))
    };
    view! {
        <div
            class="drop"
            class:over=over
            data-testid=name
            on:dragenter=move |event| {
                if has_files(&event) {
                    event.prevent_default();
                    depth.update(|depth| *depth += 1);
                }
            }
            on:dragleave=move |event| {
                if has_files(&event) {
                    depth.update(|depth| *depth -= 1);
                }
            }
            on:dragover=move |event| {
                if has_files(&event) {
                    event.prevent_default();
                }
            }
            on:drop=move |event| {
                depth.set(0);
                event.prevent_default();
                let files = event.data_transfer().and_then(|data| data.files());
                if let Some(file) = files.and_then(|files| files.get(0)) {
                    take(file);
                }
            }
        >
            {children()}
            <Show when=move || over.get()>
                <p class="drop-word" aria-hidden="true">
                    {word}
                </p>
            </Show>
        </div>
    }
}

/// A button that asks for a file.
#[component]
pub fn FileButton(
    /// Test id of the button.
    name: &'static str,
    /// Test id of the input behind it.
    input_name: &'static str,
    /// What the button says.
    #[prop(into)]
    label: Signal<String>,
    /// Kinds of files that are offered, as the attribute `accept` has them.
    accept: &'static str,
    /// What is done with the file.
    take: impl Fn(File) + 'static,
) -> impl IntoView {
    let input = NodeRef::<leptos::html::Input>::new();
    view! {
        <button
            type="button"
            class="button"
            data-testid=name
            on:click=move |_| {
                if let Some(input) = input.get_untracked() {
                    input.click();
                }
            }
        >
            {label}
        </button>
        <input
            node_ref=input
            type="file"
            accept=accept
            hidden
            tabindex="-1"
            data-testid=input_name
            aria-label=label
            on:change=move |_| {
                let Some(input) = input.get_untracked() else {
                    return;
                };
                if let Some(file) = input.files().and_then(|files| files.get(0)) {
                    take(file);
                }
                // So that choosing the same file again is heard.
                input.set_value("");
            }
        />
    }
}
