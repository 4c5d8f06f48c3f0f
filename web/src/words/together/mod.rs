//! A page that the visitor and the model write in turns.

use leptos::prelude::*;

/// The tool.
#[component]
pub fn TogetherTool() -> impl IntoView {
    view! { <div class="tool"></div> }
}
