//! What the model looks at and expects.

use leptos::prelude::*;

/// The tool.
#[component]
pub fn InsideTool() -> impl IntoView {
    view! { <div class="tool"></div> }
}
