//! Fine-tuning on the visitor's own text.

use leptos::prelude::*;

/// The tool.
#[component]
pub fn TeachTool() -> impl IntoView {
    view! { <div class="tool"></div> }
}
