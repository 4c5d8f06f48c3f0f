//! Fine-tuning on the visitor's own text: a text goes in, a model learns it, and both
//! write side by side.

mod beside;
mod course;
mod given;
mod held_out;
mod how;
mod lesson;
mod pane;
mod plan;
mod source;

use leptos::prelude::*;

pub use self::lesson::Lesson;

use self::beside::Beside;
use self::course::Course;
use self::how::How;
use self::source::Source;
use crate::i18n::*;
use crate::words::room::use_room;

/// The tool.
#[component]
pub fn TeachTool() -> impl IntoView {
    let i18n = use_i18n();
    use_room().lesson.recall();
    view! {
        <div class="tool teach">
            <div class="teach-give">
                <Source />
                <How />
            </div>
            <div class="teach-get">
                <Course />
                <Beside />
            </div>
            <details class="teach-about" data-testid="teach-about">
                <summary>{t!(i18n, words.teach.about)}</summary>
                <div>
                    <p>{t!(i18n, words.teach.about_going_on)}</p>
                    <p>{t!(i18n, words.teach.about_lora)}</p>
                    <p>{t!(i18n, words.teach.about_held_out)}</p>
                    <p>{t!(i18n, words.teach.about_here)}</p>
                </div>
            </details>
        </div>
    }
}
