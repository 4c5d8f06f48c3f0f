//! The text, token by token: tinted by how expected each was, with lines to what the
//! chosen one looks at.

use leptos::html;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlElement};

use super::figures::{heat, percent};
use super::frame::{Colours, each_frame, visible_of, wiped};
use super::record::{Kind, Record, Token};
use super::{shown, use_inside};
use crate::i18n::*;
use crate::workbench::measure::width_of;

/// Least share of a token's attention that gets a line.
const LEAST: f32 = 0.02;

/// One token and how it stands in the text.
#[derive(Debug, Clone, PartialEq)]
struct Item {
    at: usize,
    token: Token,
    /// Whether it goes on with a word that the token before began.
    joined: bool,
    line: Break,
}

/// Whether a line ends at a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    None,
    Before,
    After,
    /// Where the screen is narrow.
    Soft,
}

fn items(record: &Record, poems: bool) -> Vec<Item> {
    let tokens = record.tokens.iter().enumerate();
    let mut before = None::<&Token>;
    let items = tokens.map(|(at, token)| {
        let joined = before.is_some_and(|before| goes_on(before, token));
        let line = line_break(token, record.tokens.get(at + 1), poems);
        before = Some(token);
        Item {
            at,
            token: token.clone(),
            joined,
            line,
        }
    });
    items.collect()
}

/// Whether two tokens are parts of one word.
fn goes_on(before: &Token, token: &Token) -> bool {
    let both = before.kind == Kind::Text && token.kind == Kind::Text;
    let last = before.text.chars().last();
    let first = token.text.chars().next();
    both && last.is_some_and(is_of_word) && first.is_some_and(is_of_word)
}

/// Whether a character is a part of words that are written with blanks between them.
fn is_of_word(one: char) -> bool {
    one.is_alphabetic() && u32::from(one) < 0x2E80 || one == char::REPLACEMENT_CHARACTER
}

fn line_break(token: &Token, next: Option<&Token>, poems: bool) -> Break {
    match token.kind {
        Kind::Told => match next {
            Some(next) if next.kind != Kind::Told => Break::After,
            _ => Break::None,
        },
        Kind::Text | Kind::Unknown if poems => match &*token.text {
            "。" | "？" | "！" => Break::After,
            "，" | "；" => Break::Soft,
            _ => Break::None,
        },
        Kind::Text if token.text.starts_with('\n') && token.text.trim() != "" => Break::Before,
        Kind::Text if token.text.contains('\n') => Break::After,
        Kind::Text | Kind::Unknown | Kind::End => Break::None,
    }
}

/// The text.
#[component]
pub fn Text() -> impl IntoView {
    let i18n = use_i18n();
    let inside = use_inside();
    let record = inside.session.record;
    let (frame, text) = (NodeRef::<html::Div>::new(), NodeRef::<html::Div>::new());
    let rays = NodeRef::<html::Canvas>::new();
    let poems = Memo::new(move |_| {
        inside
            .room
            .info
            .with(|info| info.as_ref().is_some_and(|info| info.poems))
    });
    let told = Memo::new(move |_| record.with(Record::told));
    let width = width_of(frame);
    let visible = visible_of(move || frame.get().map(Into::into));
    each_frame(
        move || {
            record.track();
            inside.chosen.track();
            inside.choice.track();
            width.track();
            visible.track();
        },
        move || {
            let (Some(canvas), Some(text)) = (rays.get(), text.get()) else {
                return;
            };
            let size = (
                f64::from(text.client_width()),
                f64::from(text.client_height()),
            );
            let Some(context) = wiped(&canvas, size.0, size.1) else {
                return;
            };
            let (Some(at), true) = (inside.chosen.get(), visible.get()) else {
                return;
            };
            let looks = record.with(|record| record.looks_at(at, inside.choice.get()));
            if let Some(looks) = looks {
                draw(&context, &boxes(&text), at, &looks);
            }
        },
    );
    // The selector outlives the tool by a turn of the event loop.
    let chosen = Selector::new(move || inside.chosen.try_get().flatten());
    let pointed = |event: &leptos::ev::PointerEvent| {
        let target: web_sys::Element = event.target()?.dyn_into().ok()?;
        let token = target.closest("[data-at]").ok().flatten()?;
        token.get_attribute("data-at")?.parse::<usize>().ok()
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let last = record
            .with_untracked(|record| record.tokens.len())
            .checked_sub(1);
        let (Some(last), Some(text)) = (last, text.get_untracked()) else {
            return;
        };
        let now = inside.chosen.get_untracked().unwrap_or(0);
        let to = match event.key().as_str() {
            "ArrowLeft" => now.saturating_sub(1),
            "ArrowRight" => (now + 1).min(last),
            "ArrowUp" => beside(&boxes(&text), now, true),
            "ArrowDown" => beside(&boxes(&text), now, false),
            "Home" => 0,
            "End" => last,
            "Enter" | " " => {
                event.prevent_default();
                inside.pin(now);
                return;
            }
            "Escape" => {
                inside.looked.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        inside.looked.set(Some(to));
    };
    view! {
        <div class="inside-frame" class:of-poems=poems node_ref=frame>
            <div
                class="inside-text"
                node_ref=text
                role="listbox"
                tabindex="0"
                lang=move || if poems.get() { "zh-Hant" } else { "en" }
                aria-label=move || t_string!(i18n, words.inside.text_label)
                aria-activedescendant=move || {
                    inside.chosen.get().map(|at| format!("inside-token-{at}"))
                }
                data-testid="inside-text"
                on:pointerover=move |event| {
                    if event.pointer_type() != "touch" {
                        inside.looked.set(pointed(&event));
                    }
                }
                on:pointerleave=move |_| inside.looked.set(None)
                on:pointerdown=move |event| {
                    if let Some(at) = pointed(&event) {
                        inside.pin(at);
                    }
                }
                on:keydown=on_key
                on:blur=move |_| inside.looked.set(None)
            >
                <For
                    each=move || record.with(|record| items(record, poems.get()))
                    key=|item| (item.at, item.token.text.clone(), item.token.kind as u8, item.line as u8)
                    let:item
                >
                    {
                        let Item { at, token, joined, line } = item;
                        let chosen = chosen.clone();
                        let word = {
                            let token = token.clone();
                            move || shown(i18n, at, told.get(), poems.get(), &token)
                        };
                        let label = {
                            let (word, odds) = (word.clone(), token.seen.as_ref().map(|seen| seen.odds));
                            move || match odds {
                                Some(odds) => format!("{}, {}", word(), percent(odds)),
                                None => word(),
                            }
                        };
                        let heat = token.bits().map(|bits| format!("{:.2}", heat(bits)));
                        let class = format!("token {}{}", class_of(&token), if joined { " joined" } else { "" });
                        let ends = |class: &'static str| view! { <span class=class role="presentation"></span> };
                        view! {
                            {(line == Break::Before).then(|| ends("break"))}
                            <span
                                class=class
                                id=format!("inside-token-{at}")
                                role="option"
                                data-at=at
                                style=("--heat", heat)
                                aria-selected=move || chosen.selected(&Some(at)).to_string()
                                aria-label=label
                            >
                                {word}
                            </span>
                            {(line == Break::After).then(|| ends("break"))}
                            {(line == Break::Soft).then(|| ends("break soft"))}
                        }
                    }
                </For>
            </div>
            <canvas class="inside-rays" node_ref=rays aria-hidden="true"></canvas>
        </div>
    }
}

fn class_of(token: &Token) -> &'static str {
    match token.kind {
        Kind::Told => "told",
        Kind::End => "told end",
        Kind::Unknown => "unknown-token",
        Kind::Text => "",
    }
}

/// Left, top, width and height of a token.
type Box = [f64; 4];

/// Where the tokens stand, within their text.
fn boxes(text: &HtmlElement) -> Vec<Box> {
    let children = text.children();
    let elements = (0..children.length()).filter_map(|at| children.item(at));
    let tokens = elements.filter(|element| element.has_attribute("data-at"));
    tokens
        .filter_map(|element| element.dyn_into::<HtmlElement>().ok())
        .map(|one| {
            [
                one.offset_left(),
                one.offset_top(),
                one.offset_width(),
                one.offset_height(),
            ]
            .map(f64::from)
        })
        .collect()
}

/// The token above or below one, as near as may be.
fn beside(boxes: &[Box], at: usize, above: bool) -> usize {
    let Some([left, top, width, height]) = boxes.get(at).copied() else {
        return at;
    };
    let middle = left + width / 2.0;
    let others = boxes.iter().enumerate().filter(|(_, other)| {
        let down = other[1] - top;
        if above {
            down < -height / 2.0
        } else {
            down > height / 2.0
        }
    });
    let far = |other: &Box| {
        let across = (other[0] + other[2] / 2.0 - middle).abs();
        // Another line counts for more than any way along it.
        (other[1] - top).abs() * 1000.0 + across
    };
    let nearest = others.min_by(|a, b| far(a.1).total_cmp(&far(b.1)));
    nearest.map_or(at, |(other, _)| other)
}

/// Draws what a token looks at: a line to each, and a frame around it.
fn draw(context: &CanvasRenderingContext2d, boxes: &[Box], at: usize, looks: &[f32]) {
    let Some(&[left, top, width, _]) = boxes.get(at) else {
        return;
    };
    let glass = Colours::now().glass;
    context.set_stroke_style_str(&glass);
    context.set_fill_style_str(&glass);
    context.set_line_cap("round");
    let from = (left + width / 2.0, top - 1.0);
    for (to, &share) in boxes.iter().zip(looks) {
        if share < LEAST {
            continue;
        }
        let strength = f64::from(share.sqrt());
        context.set_global_alpha(0.15 + 0.85 * strength);
        context.fill_rect(
            to[0] + 2.0,
            to[1] + to[3] + 2.0,
            (to[2] - 4.0).max(2.0),
            1.5 + 3.5 * strength,
        );
        // On another line, from below: a line never crosses the token it leads to.
        let above = (to[1] - top).abs() > to[3] / 2.0;
        let end = if above {
            (to[0] + to[2] / 2.0, to[1] + to[3] + 3.0)
        } else {
            (to[0] + to[2] / 2.0, to[1] - 1.0)
        };
        context.set_line_width(0.75 + 4.0 * f64::from(share));
        context.begin_path();
        context.move_to(from.0, from.1);
        let rise = lift(from, end);
        let bend = if above { end.1 + rise } else { end.1 - rise };
        context.bezier_curve_to(from.0, from.1 - rise, end.0, bend, end.0, end.1);
        context.stroke();
    }
    context.set_global_alpha(1.0);
}

/// How high above its ends a line goes.
fn lift(from: (f64, f64), to: (f64, f64)) -> f64 {
    let across = (from.0 - to.0).abs();
    let least = if across < 1.0 { 12.0 } else { 14.0 };
    (least + across * 0.09).min(26.0)
}

#[cfg(test)]
mod tests {
    use super::super::record::tests::{SHAPE, read};
    use super::*;

    fn record(texts: &[&str]) -> Record {
        let mut record = Record::new(SHAPE);
        record.read(read(0, "", None));
        for (at, text) in texts.iter().enumerate() {
            record.read(read(at + 1, text, Some(0.5)));
        }
        record
    }

    #[test]
    fn parts_of_words_are_joined_and_lines_end() {
        let items = items(
            &record(&["O", " Rom", "eo", ",", "\n", "\nThou", " 's", "t"]),
            false,
        );
        let joined: Vec<_> = items.iter().map(|item| item.joined).collect();
        assert_eq!(
            joined,
            [false, false, false, true, false, false, false, false, true]
        );
        let lines: Vec<_> = items.iter().map(|item| item.line).collect();
        assert_eq!(lines[0], Break::After, "behind what is told");
        assert_eq!((lines[5], lines[6]), (Break::After, Break::Before));
    }

    #[test]
    fn verse_breaks_at_its_marks_and_is_not_joined() {
        let items = items(&record(&["月", "光", "，", "霜", "。"]), true);
        assert!(items.iter().all(|item| !item.joined));
        assert_eq!(items[3].line, Break::Soft);
        assert_eq!(items[5].line, Break::After);
    }

    #[test]
    fn the_nearest_token_of_the_next_line_is_found() {
        // Two lines of three, the second wider.
        let row = |y: f64, width: f64| (0..3).map(move |x| [f64::from(x) * width, y, width, 20.0]);
        let boxes: Vec<Box> = row(0.0, 20.0)
            .chain(row(50.0, 30.0))
            .chain(row(100.0, 20.0))
            .collect();
        assert_eq!(beside(&boxes, 2, false), 4);
        assert_eq!(beside(&boxes, 4, true), 2);
        assert_eq!(beside(&boxes, 1, true), 1, "there is none above");
        assert_eq!(beside(&[], 1, true), 1);
    }
}
