//! How a photograph is restyled: a drawing, plain words, and the papers.

use leptos::prelude::*;

use super::paper_list;
use crate::i18n::*;

/// A box of the drawing: left, top, width, height.
type Frame = [u32; 4];

const PHOTO: Frame = [4, 84, 58, 44];
const MADE: Frame = [298, 84, 58, 44];
const STYLES: Frame = [96, 12, 168, 34];
const EYE: Frame = [96, 176, 168, 34];

/// Layers of the net, from the photograph to the picture: it narrows where the picture is
/// small.
const LAYERS: [Frame; 7] = [
    [78, 76, 14, 60],
    [100, 84, 14, 44],
    [122, 92, 14, 28],
    [144, 92, 72, 28],
    [224, 92, 14, 28],
    [246, 84, 14, 44],
    [268, 76, 14, 60],
];

/// The drawing of a net that restyles, and the words on it.
#[component]
pub fn RestyleExplained() -> impl IntoView {
    let i18n = use_i18n();
    let frame = |[x, y, width, height]: Frame, class: &'static str| {
        view! { <rect class=class x=x y=y width=width height=height rx="3" /> }
    };
    let word = |[x, y, width, height]: Frame, text: Signal<String>| {
        view! {
            <text x=x + width / 2 y=y + height / 2 + 4 text-anchor="middle">{text}</text>
        }
    };
    let said = move |text: fn(leptos_i18n::I18nContext<Locale>) -> &'static str| {
        Signal::derive(move || text(i18n).to_owned())
    };
    // From the styles into every layer, and from both pictures into the eye.
    let down = LAYERS.map(|[x, y, width, _]| {
        let at = x + width / 2;
        format!("M{at} 46V{}", y - 3)
    });
    view! {
        <section class="explain" aria-labelledby="explain-restyle" data-testid="explain-restyle">
            <h2 id="explain-restyle">{t!(i18n, explain.restyle.heading)}</h2>
            <svg
                class="explain-restyle"
                viewBox="0 0 360 222"
                role="img"
                aria-label=move || t_string!(i18n, explain.restyle.drawing)
            >
                {down.map(|d| view! { <path class="explain-thread" d=d /> }).to_vec()}
                <path class="explain-thread" d="M62 106H76M282 106H296" />
                <path class="explain-thread taught" d="M33 130V193H94M327 130V193H266" />
                {LAYERS.map(|layer| frame(layer, "explain-layer")).to_vec()}
                {frame(PHOTO, "explain-box")}
                {frame(MADE, "explain-box")}
                {frame(STYLES, "explain-box style")}
                {frame(EYE, "explain-box taught")}
                {word(PHOTO, said(|i18n| t_string!(i18n, explain.restyle.photo)))}
                {word(MADE, said(|i18n| t_string!(i18n, explain.restyle.made)))}
                {word(STYLES, said(|i18n| t_string!(i18n, explain.restyle.styles)))}
                {word(EYE, said(|i18n| t_string!(i18n, explain.restyle.eye)))}
            </svg>
            <div class="explain-words">
                <p>{t!(i18n, explain.restyle.words_1)}</p>
                <p>{t!(i18n, explain.restyle.words_2)}</p>
                <p>{t!(i18n, explain.restyle.words_3)}</p>
            </div>
            {paper_list(
                i18n,
                move || {
                    vec![
                        ("", t_string!(i18n, explain.restyle.paper_gatys)),
                        ("1603.08155", t_string!(i18n, explain.restyle.paper_johnson)),
                        ("1607.08022", t_string!(i18n, explain.restyle.paper_instance)),
                        ("1610.07629", t_string!(i18n, explain.restyle.paper_styles)),
                        ("1606.05897", t_string!(i18n, explain.restyle.paper_colours)),
                    ]
                },
            )}
        </section>
    }
}
