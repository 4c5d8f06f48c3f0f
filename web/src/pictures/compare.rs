//! Pictures side by side that differ in one or two knobs: models, steps, guidance,
//! seeds, temperatures, classes.

use lampwork_protocol::{Axis, Grid, Shape, Solver, link as codec};
use leptos::prelude::*;
use leptos_i18n::I18nContext;
use wasm_bindgen::JsCast;

use super::axes::{Turns, Wish};
use super::axis_knob::{AxisKnob, Presets, turns_name};
use super::knobs::{Classes, Path, Seed, Stop, Temperature};
use super::labels::Labels;
use super::maker::{Made, Maker};
use super::prompt::Prompt;
use super::room::{Room, is_flow, use_room};
use super::share::{CopyLink, ShareField, address_of, file_name};
use super::sheet::{Cell, Faults, step};
use super::words::{class_name, model_name};
use crate::browser;
use crate::i18n::*;

/// Pixels of a saved file along a side of each of the model's.
const SCALE: usize = 6;

/// What the address, or where it says nothing the model, has across and down.
#[derive(Debug, Clone, PartialEq)]
pub struct Wishes {
    /// Columns.
    pub across: Wish,
    /// Rows.
    pub down: Option<Wish>,
}

impl Wishes {
    /// Those of the room; tracked.
    fn of(room: Room) -> Wishes {
        let flow = room.info.with(|info| info.as_ref().is_some_and(is_flow));
        let usual = if flow {
            ("steps:2,5,10,20", "guidance:0,1.5,3")
        } else {
            ("temperature:0.4,0.7,1,1.3", "seed:7,8,9")
        };
        let asked = room.address.get("across");
        // Rows are only usual beside usual columns.
        let down = match room.address.get("down") {
            Some(down) => Some(down),
            None if asked.is_none() => Some(usual.1.to_owned()),
            None => None,
        };
        let across = asked.and_then(|text| Wish::parse(&text));
        let across = across.or_else(|| Wish::parse(usual.0));
        let across = across.unwrap_or_else(|| Wish::of(Turns::Seed, "7,8"));
        Wishes {
            down: down
                .and_then(|text| Wish::parse(&text))
                .filter(|down| down.turns != across.turns),
            across,
        }
    }
}

/// The tool.
#[component]
pub fn Compare() -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let wishes = Memo::new(move |_| Wishes::of(room));
    fetch_models(room, wishes);
    let grid = Memo::new(move |_| {
        let Wishes { across, down } = wishes.get();
        let weights = |name: &str| room.library.model(name).map(|info| info.weights);
        Some(Grid {
            base: room.sheet(1)?,
            across: across.axis(weights)?,
            down: match down {
                Some(down) => Some(down.axis(weights)?),
                None => None,
            },
        })
    });
    let maker = room.follow(move || Some(grid.get()?.recipes()));
    let turned = move || {
        wishes.with(|wishes| {
            let down = wishes.down.as_ref().map_or("", |down| down.turns.name());
            format!("{} {down}", wishes.across.turns.name())
        })
    };
    view! {
        <section
            class="tool tool-compare"
            aria-labelledby="compare-heading"
            data-turns=turned
            data-testid="compare"
        >
            <h2 id="compare-heading" class="unseen">{t!(i18n, pictures.tool_compare)}</h2>
            <p class="hint">{t!(i18n, pictures.compare_about)}</p>
            <Prompt maker />
            <Presets />
            <div class="axes">
                <AxisKnob down=false wishes />
                <AxisKnob down=true wishes />
            </div>
            <div class="knobs-row">
                <Seed />
                <Temperature />
                <Path />
                <Stop maker />
            </div>
            <div class="compare-class">
                <Classes />
            </div>
            <Table grid maker />
            <Faults maker />
            <Keep grid maker />
        </section>
    }
}

/// Asks for the models of the axes.
fn fetch_models(room: Room, wishes: Memo<Wishes>) {
    Effect::new(move |_| {
        wishes.with(|wishes| {
            for wish in [Some(&wishes.across), wishes.down.as_ref()]
                .into_iter()
                .flatten()
                .filter(|wish| wish.turns == Turns::Model)
            {
                for name in &wish.values {
                    if name != lampwork_protocol::ModelCard::YOURS {
                        room.library.want(name);
                    }
                }
            }
        });
    });
}

/// What stands at the columns or rows.
fn labels(i18n: I18nContext<Locale>, room: Room, axis: &Axis) -> Vec<String> {
    match axis {
        Axis::Steps(values) => values.iter().map(ToString::to_string).collect(),
        Axis::Guidance(values) | Axis::Temperature(values) => {
            values.iter().map(ToString::to_string).collect()
        }
        Axis::Seed(values) => values.iter().map(ToString::to_string).collect(),
        Axis::Class(values) => {
            let data = room.data();
            values
                .iter()
                .map(|class| class_name(i18n, data, *class))
                .collect()
        }
        Axis::Model(values) => values
            .iter()
            .map(|(name, _)| model_name(i18n, name))
            .collect(),
    }
}

/// The pictures, under the values that they were made with.
#[component]
fn Table(grid: Memo<Option<Grid>>, maker: Maker) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let focus = RwSignal::new(0_usize);
    // Made anew only where rows and columns change, not with every picture.
    let axes = Memo::new(move |_| grid.get().map(|grid| (grid.across, grid.down)));
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let size = grid.with_untracked(|grid| grid.as_ref().map(|g| (g.columns(), g.rows())));
        let Some((columns, rows)) = size else {
            return;
        };
        let (at, last) = (focus.get_untracked(), columns * rows - 1);
        let Some(to) = step(&event.key(), at, columns, last) else {
            return;
        };
        event.prevent_default();
        if to <= last {
            focus.set(to);
            let cell = document()
                .query_selector(&format!("[data-testid=\"compare-{to}\"]"))
                .ok()
                .flatten();
            if let Some(cell) = cell.and_then(|cell| cell.dyn_into::<web_sys::HtmlElement>().ok()) {
                // A button of the page can always be focused.
                let _ = cell.focus();
            }
        }
    };
    let table = move || {
        let (across, down) = axes.get()?;
        let columns = labels(i18n, room, &across);
        let rows = down
            .as_ref()
            .map_or_else(|| vec![String::new()], |down| labels(i18n, room, down));
        let (right, below) = (
            turns_name(i18n, room, &across),
            down.as_ref().map(|axis| turns_name(i18n, room, axis)),
        );
        focus.set(0);
        let width = columns.len();
        let heads = columns.clone();
        Some(view! {
            <table class="compare" class:wide=width.gt(&4) on:keydown=on_key>
                <caption class="unseen">{t!(i18n, pictures.grid)}</caption>
                <thead>
                    <tr>
                        <td>{below.map(|below| view! { <span class="axis-below">{below} " ↓"</span> })}</td>
                        <th colspan=width.to_string() scope="colgroup" class="axis-right">
                            {right}
                            " →"
                        </th>
                    </tr>
                    <tr>
                        <td></td>
                        {heads
                            .into_iter()
                            .map(|head| view! { <th scope="col">{head}</th> })
                            .collect_view()}
                    </tr>
                </thead>
                <tbody>
                    {rows
                        .into_iter()
                        .enumerate()
                        .map(|(row, head)| {
                            let cells = columns
                                .iter()
                                .enumerate()
                                .map(|(column, above)| {
                                    let called = match below {
                                        Some(below) => format!("{right} {above}, {below} {head}"),
                                        None => format!("{right} {above}"),
                                    };
                                    view! {
                                        <td>
                                            <Cell
                                                maker
                                                index=row * width + column
                                                name="compare"
                                                focus
                                                called=Signal::stored(called)
                                                on_pick=move |made: Made| room.pick(made)
                                            />
                                        </td>
                                    }
                                })
                                .collect_view();
                            view! {
                                <tr>
                                    <th scope="row">{head}</th>
                                    {cells}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        })
    };
    view! {
        <div
            class="compare-box"
            class:busy=move || maker.busy().get()
            data-busy=move || maker.busy().get().to_string()
            data-testid="compare-grid"
        >
            {table}
        </div>
    }
}

/// Ways to keep the whole of it.
#[component]
fn Keep(grid: Memo<Option<Grid>>, maker: Maker) -> impl IntoView {
    let i18n = use_i18n();
    let room = use_room();
    let word = RwSignal::new(None::<&'static str>);
    let ready = Memo::new(move |_| {
        let count = grid.with(|grid| grid.as_ref().map_or(0, |g| g.columns() * g.rows()));
        count > 0
            && !maker.busy().get()
            && maker.made().with(|made| {
                made.len() == count
                    && made
                        .iter()
                        .all(|made| made.as_ref().is_some_and(|made| made.whole))
            })
    });
    let save = move |_| {
        let file = || untrack(|| file(i18n, room, &grid.get()?, maker));
        if let Some((name, file)) = ready.get_untracked().then(file).flatten() {
            browser::save_file(&name, "image/png", &file);
            word.set(Some(t_string!(i18n, pictures.saved)));
        }
    };
    let link = Signal::derive(move || {
        let code = codec::encode_grid(grid.get().as_ref()?);
        Some(address_of(&format!("grid={code}")))
    });
    view! {
        <div class="compare-keep">
            <div class="keep">
                <button
                    type="button"
                    class="button primary"
                    aria-disabled=move || (!ready.get()).to_string()
                    data-testid="compare-save"
                    on:click=save
                >
                    {t!(i18n, pictures.compare_save)}
                </button>
                <CopyLink link word testid="compare-copy" />
            </div>
            <p role="status" class="hint" data-testid="compare-word">{move || word.get()}</p>
            <ShareField
                link
                label=Signal::derive(move || t_string!(i18n, pictures.compare_share).to_owned())
                testid="compare-link"
            />
        </div>
    }
}

/// Name and bytes of the file; `None` where pictures are of several shapes.
fn file(
    i18n: I18nContext<Locale>,
    room: Room,
    grid: &Grid,
    maker: Maker,
) -> Option<(String, Vec<u8>)> {
    let made: Vec<Made> = maker.made().get().into_iter().collect::<Option<_>>()?;
    let shape = Shape::of(made.first()?.pixels.len())?;
    if made.iter().any(|made| made.pixels.len() != shape.values()) {
        return None;
    }
    let pixels: Vec<u8> = made.iter().flat_map(|made| made.pixels.to_vec()).collect();
    let axis = |axis: &Axis| {
        let name = turns_name(i18n, room, axis).to_owned();
        (name, labels(i18n, room, axis))
    };
    let drawn = Labels {
        across: axis(&grid.across),
        down: grid.down.as_ref().map(axis),
        below: below(i18n, grid),
    }
    .draw(lampwork_pictures::grid_size(shape, SCALE, grid));
    let frame = drawn.as_ref().map(|drawn| lampwork_pictures::Frame {
        pixels: &drawn.pixels,
        width: drawn.width,
        left: drawn.left,
        top: drawn.top,
    });
    let file = lampwork_pictures::grid(&pixels, shape, SCALE, grid, frame);
    let what = format!("grid-{}", grid.base.model);
    Some((file_name(&what, &codec::encode_grid(grid)), file))
}

/// What all pictures of a grid have in common, in a line.
fn below(i18n: I18nContext<Locale>, grid: &Grid) -> String {
    let turned = |turns| {
        let axes = [Some(&grid.across), grid.down.as_ref()];
        let mut turned = axes
            .into_iter()
            .flatten()
            .map(|axis| Wish::for_axis(axis).turns);
        turned.any(|other| other == turns)
    };
    let mut parts = vec![];
    if !turned(Turns::Model) {
        parts.push(model_name(i18n, &grid.base.model));
    }
    parts.extend(grid.base.words.clone());
    if !turned(Turns::Seed) {
        parts.push(format!(
            "{} {}",
            t_string!(i18n, pictures.seed),
            grid.base.seed
        ));
    }
    parts.push("Lampwork".to_owned());
    parts.join(" · ")
}

/// What the address says of a grid that is opened.
pub fn state_of(grid: &Grid) -> Vec<(&'static str, Option<String>)> {
    let base = &grid.base;
    let sampling = base.sampling;
    vec![
        ("tool", Some("compare".to_owned())),
        ("model", Some(base.model.clone())),
        ("seed", Some(base.seed.to_string())),
        ("class", base.class.map(|class| class.to_string())),
        ("temperature", Some(base.temperature.to_string())),
        ("words", base.words.clone()),
        ("steps", sampling.map(|sampling| sampling.steps.to_string())),
        (
            "guidance",
            sampling.map(|sampling| sampling.guidance.to_string()),
        ),
        (
            "solver",
            sampling.map(|sampling| match sampling.solver {
                Solver::Euler => "euler".to_owned(),
                Solver::Heun => "heun".to_owned(),
                Solver::Shortcut => "shortcut".to_owned(),
            }),
        ),
        ("across", Some(Wish::for_axis(&grid.across).text())),
        (
            "down",
            grid.down.as_ref().map(|axis| Wish::for_axis(axis).text()),
        ),
        ("grid", None),
        ("pick", None),
    ]
}
