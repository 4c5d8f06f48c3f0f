//! From one sentence to another through the latent space of a text VAE (Bowman 2016).

use leptos::prelude::*;

/// The tool.
#[component]
pub fn WalkTool() -> impl IntoView {
    view! { <div class="tool"></div> }
}
