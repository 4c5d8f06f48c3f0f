//! The pieces that the drawings are made of: SVG in CSS pixels.

use leptos::prelude::*;

/// Which way data flows through a net.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the right.
    Right,
    /// Downwards.
    Down,
    /// Upwards.
    Up,
}

/// A rectangle by its middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spot {
    /// Middle, across.
    pub x: f64,
    /// Middle, down.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Spot {
    /// A rectangle by its middle and its size.
    pub const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Spot { x, y, w, h }
    }

    /// Left edge.
    pub fn left(self) -> f64 {
        self.x - self.w / 2.0
    }

    /// Right edge.
    pub fn right(self) -> f64 {
        self.x + self.w / 2.0
    }

    /// Upper edge.
    pub fn top(self) -> f64 {
        self.y - self.h / 2.0
    }

    /// Lower edge.
    pub fn bottom(self) -> f64 {
        self.y + self.h / 2.0
    }
}

/// Share of its width that the narrow end of a net has.
const NARROW: f64 = 0.42;

/// The outline of a net that narrows (an encoder, a discriminator) or widens (a
/// decoder, a generator) along the way of its data.
pub fn net_outline(spot: Spot, way: Way, narrows: bool) -> String {
    let (first, last) = if narrows {
        (1.0, NARROW)
    } else {
        (NARROW, 1.0)
    };
    let corners = match way {
        Way::Right => {
            let (a, b) = (spot.h / 2.0 * first, spot.h / 2.0 * last);
            [
                (spot.left(), spot.y - a),
                (spot.right(), spot.y - b),
                (spot.right(), spot.y + b),
                (spot.left(), spot.y + a),
            ]
        }
        Way::Down | Way::Up => {
            let (top, bottom) = if way == Way::Down {
                (first, last)
            } else {
                (last, first)
            };
            let (a, b) = (spot.w / 2.0 * top, spot.w / 2.0 * bottom);
            [
                (spot.x - a, spot.top()),
                (spot.x + a, spot.top()),
                (spot.x + b, spot.bottom()),
                (spot.x - b, spot.bottom()),
            ]
        }
    };
    let points: Vec<String> = corners
        .iter()
        .map(|(x, y)| format!("{x:.1} {y:.1}"))
        .collect();
    format!("M{}Z", points.join("L"))
}

/// A net with its name.
pub fn net(spot: Spot, way: Way, narrows: bool, name: &str, class: &str) -> impl IntoView + use<> {
    view! {
        <g class=format!("flow-net {class}")>
            <path d=net_outline(spot, way, narrows) />
            <text x=spot.x y=spot.y dy="0.35em" text-anchor="middle">
                {name.to_owned()}
            </text>
        </g>
    }
}

/// A label under (or over) a thing.
pub fn label(x: f64, y: f64, text: &str) -> impl IntoView + use<> {
    view! {
        <text class="flow-label" x=x y=y text-anchor="middle">
            {text.to_owned()}
        </text>
    }
}

/// A number that changes.
pub fn figure(x: f64, y: f64, text: String, class: &str) -> impl IntoView + use<> {
    view! {
        <text class=format!("flow-figure {class}") x=x y=y text-anchor="middle">
            {text}
        </text>
    }
}

/// A picture in its frame; an empty frame where there is none.
pub fn picture(spot: Spot, href: Option<String>) -> impl IntoView + use<> {
    view! {
        <g class="flow-picture">
            <rect x=spot.left() y=spot.top() width=spot.w height=spot.h rx="2" />
            {href
                .map(|href| {
                    view! {
                        <image
                            href=href
                            x=spot.left()
                            y=spot.top()
                            width=spot.w
                            height=spot.h
                            preserveAspectRatio="none"
                        />
                    }
                })}
        </g>
    }
}

/// An arrow along a path; data flows in it while a model trains.
pub fn arrow(d: String, class: &str) -> impl IntoView + use<> {
    view! {
        <g class=format!("flow-arrow {class}")>
            <path class="shaft" d=d.clone() marker-end="url(#flow-head)" />
            <path class="pulse" d=d />
        </g>
    }
}

/// A gradient's way back.
pub fn gradient(d: String, class: &str) -> impl IntoView + use<> {
    view! { <path class=format!("flow-gradient {class}") d=d marker-end="url(#gradient-head)" /> }
}

/// The frame of a drawing: what a reader is told of it, and its size.
#[component]
pub fn Drawing(
    /// Its test id.
    name: &'static str,
    /// What moves, as classes.
    #[prop(into)]
    class: Signal<String>,
    /// What a reader is told, numbers and all.
    #[prop(into)]
    summary: Signal<String>,
    /// Width in pixels.
    #[prop(into)]
    width: Signal<f64>,
    /// Height in pixels.
    #[prop(into)]
    height: Signal<f64>,
    /// What is drawn.
    children: Children,
) -> impl IntoView {
    view! {
        <svg
            class=class
            data-testid=name
            role="img"
            aria-label=summary
            width="100%"
            height=height
            viewBox=move || format!("0 0 {:.0} {:.0}", width.get(), height.get())
        >
            {heads()}
            {children()}
        </svg>
    }
}

/// The heads of arrows.
fn heads() -> impl IntoView {
    view! {
        <defs>
            <marker
                id="flow-head"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="7"
                markerHeight="7"
                orient="auto-start-reverse"
            >
                <path class="head" d="M0 0.5L8 4L0 7.5Z" />
            </marker>
            <marker
                id="gradient-head"
                viewBox="0 0 8 8"
                refX="7"
                refY="4"
                markerWidth="6"
                markerHeight="6"
                orient="auto-start-reverse"
            >
                <path d="M0 0.5L8 4L0 7.5Z" fill="context-stroke" />
            </marker>
        </defs>
    }
}

/// Most coordinates of a latent point that are drawn.
const BARS: usize = 16;

/// A latent point as bars to both sides of a line, 3 being the full height.
pub fn bars(spot: Spot, values: &[f32], class: &str) -> impl IntoView + use<> {
    let shown = &values[..values.len().min(BARS)];
    let stride = spot.w / shown.len().max(1) as f64;
    let width = (stride * 0.7).min(14.0);
    let drawn = shown
        .iter()
        .enumerate()
        .map(|(index, value)| {
            let height = f64::from(value.clamp(-3.0, 3.0)) / 3.0 * spot.h / 2.0;
            let x = spot.left() + stride * (index as f64 + 0.5) - width / 2.0;
            let y = if height >= 0.0 {
                spot.y - height
            } else {
                spot.y
            };
            view! {
                <rect x=x y=y width=width height=height.abs().max(1.0) />
            }
        })
        .collect_view();
    view! {
        <g class=format!("flow-bars {class}")>
            <line x1=spot.left() x2=spot.right() y1=spot.y y2=spot.y />
            {drawn}
        </g>
    }
}

/// A normal distribution's bell: the cloud that a point is drawn from.
pub fn bell(spot: Spot) -> impl IntoView + use<> {
    let (w, h) = (spot.w / 2.0, spot.h * 0.8);
    let foot = spot.y + h / 2.0;
    let d = format!(
        "M{:.1} {foot:.1}C{:.1} {foot:.1} {:.1} {:.1} {:.1} {:.1}C{:.1} {:.1} {:.1} {foot:.1} {:.1} {foot:.1}",
        spot.x - w,
        spot.x - w * 0.4,
        spot.x - w * 0.35,
        foot - h,
        spot.x,
        foot - h,
        spot.x + w * 0.35,
        foot - h,
        spot.x + w * 0.4,
        spot.x + w,
    );
    view! { <path class="flow-bell" d=d /> }
}

/// From 0 (made) at the foot to 1 (real) at the top, with what D says of both.
pub fn gauge(
    spot: Spot,
    real: Option<f32>,
    made: Option<f32>,
    words: [&str; 2],
) -> impl IntoView + use<> {
    let at = move |value: f32| spot.bottom() - f64::from(value.clamp(0.0, 1.0)) * spot.h;
    let mark = move |value: Option<f32>, class: &'static str, left: bool| {
        value.map(|value| {
            let (x, anchor) = if left {
                (spot.left() - 8.0, "end")
            } else {
                (spot.right() + 8.0, "start")
            };
            view! {
                <g class=class>
                    <line
                        x1=spot.left() - 4.0
                        x2=spot.right() + 4.0
                        y1=at(value)
                        y2=at(value)
                    />
                    <text x=x y=at(value) dy="0.35em" text-anchor=anchor>
                        {format!("{value:.2}")}
                    </text>
                </g>
            }
        })
    };
    view! {
        <g class="flow-gauge">
            <rect x=spot.left() y=spot.top() width=spot.w height=spot.h rx=spot.w / 2.0 />
            <text class="flow-label" x=spot.x y=spot.top() - 8.0 text-anchor="middle">
                {words[0].to_owned()}
            </text>
            <text class="flow-label" x=spot.x y=spot.bottom() + 18.0 text-anchor="middle">
                {words[1].to_owned()}
            </text>
            {mark(real, "of-real", true)}
            {mark(made, "of-made", false)}
        </g>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_net_narrows_along_the_way_of_its_data() {
        let spot = Spot::new(50.0, 50.0, 100.0, 100.0);
        assert_eq!(
            net_outline(spot, Way::Right, true),
            "M0.0 0.0L100.0 29.0L100.0 71.0L0.0 100.0Z"
        );
        assert_eq!(
            net_outline(spot, Way::Up, true),
            "M29.0 0.0L71.0 0.0L100.0 100.0L0.0 100.0Z"
        );
        assert_eq!(
            net_outline(spot, Way::Down, false),
            net_outline(spot, Way::Up, true)
        );
    }
}
