//! What is asked of the nets, and what comes of it.

use std::sync::Arc;

use lampwork_protocol::{
    Command, Event, Failure, Recipe, RedrawOrder, Shape, TranslateOrder, Way as Direction,
};

use crate::browser;
use crate::library::unexpected;
use crate::pictures::maker::Pixels;
use crate::pictures::room::Room;

/// What is done to a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// It is made larger, twice.
    Enlarge,
    /// Noise and scratches are taken out.
    Repair,
    /// It is drawn anew by the hands of other emoji.
    Hands,
}

impl Work {
    /// The work of a name in the address.
    pub fn named(name: &str) -> Option<Work> {
        [Work::Enlarge, Work::Repair, Work::Hands]
            .into_iter()
            .find(|work| work.name() == name)
    }

    /// Name in the address.
    pub fn name(self) -> &'static str {
        match self {
            Work::Enlarge => "enlarge",
            Work::Repair => "repair",
            Work::Hands => "hands",
        }
    }

    /// Which net does it.
    pub fn model(self) -> &'static str {
        match self {
            Work::Enlarge => "upscale",
            Work::Repair => "repair",
            Work::Hands => "cycle-emoji",
        }
    }
}

/// How a version came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By repeated pixels.
    Nearest,
    /// By bicubic interpolation.
    Bicubic,
    /// By the net.
    Enlarged,
    /// Nothing was done.
    AsItWas,
    /// By the net.
    Repaired,
    /// By the nets, in the flat hand of Fluent.
    Flat,
    /// By the nets, in its solid hand.
    Solid,
    /// By the nets, in the hand of Noto.
    Noto,
}

impl Way {
    /// Name in files.
    pub fn name(self) -> &'static str {
        match self {
            Way::Nearest => "nearest",
            Way::Bicubic => "bicubic",
            Way::Enlarged => "enlarged",
            Way::AsItWas => "as-it-was",
            Way::Repaired => "repaired",
            Way::Flat => "flat",
            Way::Solid => "solid",
            Way::Noto => "noto",
        }
    }
}

/// A picture made of another one.
#[derive(Debug, Clone)]
pub struct Version {
    /// How.
    pub way: Way,
    /// Pixels on a side.
    pub side: usize,
    /// `[side, side, 3]`.
    pub pixels: Pixels,
}

impl Version {
    fn new(way: Way, side: usize, pixels: Vec<u8>) -> Self {
        Self {
            way,
            side,
            pixels: pixels.into(),
        }
    }

    /// A file of it, with the recipe of the picture that it was made of.
    pub fn to_png(&self, recipe: &Recipe) -> Vec<u8> {
        let shape = Shape {
            side: self.side,
            ..Shape::COLOUR
        };
        lampwork_pictures::single(&self.pixels, shape, 1, Some(recipe))
    }

    /// What the file is called.
    pub fn file_name(&self) -> String {
        format!("lampwork-{}-{}.png", self.way.name(), self.side)
    }
}

/// Every version of a picture of [`Shape::COLOUR`]; none where it was given up.
pub async fn made(room: Room, work: Work, picture: Pixels) -> Result<Vec<Version>, Failure> {
    let side = Shape::COLOUR.side;
    match work {
        Work::Enlarge => {
            let mut versions = Vec::new();
            for times in 1..=2_u8 {
                let by = 1 << times;
                let to = side * by;
                let Some(enlarged) = translated(room, work, &picture, times).await? else {
                    return Ok(vec![]);
                };
                let nearest = lampwork_pictures::nearest(&picture, side, 3, by);
                let bicubic = lampwork_pictures::bicubic(&picture, side, 3, by);
                versions.push(Version::new(Way::Nearest, to, nearest));
                versions.push(Version::new(Way::Bicubic, to, bicubic));
                versions.push(Version::new(Way::Enlarged, to, enlarged));
            }
            Ok(versions)
        }
        Work::Hands => {
            let mut versions = vec![Version {
                way: Way::AsItWas,
                side,
                pixels: Arc::clone(&picture),
            }];
            for (way, direction) in [
                (Way::Flat, Direction::To(0)),
                (Way::Solid, Direction::To(1)),
                (Way::Noto, Direction::Back),
            ] {
                let Some(pixels) = redrawn(room, &picture, direction).await? else {
                    return Ok(vec![]);
                };
                versions.push(Version::new(way, side, pixels));
            }
            Ok(versions)
        }
        Work::Repair => Ok(match translated(room, work, &picture, 1).await? {
            None => vec![],
            Some(repaired) => vec![
                Version {
                    way: Way::AsItWas,
                    side,
                    pixels: Arc::clone(&picture),
                },
                Version::new(Way::Repaired, side, repaired),
            ],
        }),
    }
}

/// What the nets between hands make of it, one way.
async fn redrawn(room: Room, picture: &Pixels, way: Direction) -> Result<Option<Vec<u8>>, Failure> {
    let model = Work::Hands.model();
    for _ in 0..20 {
        let info = room.library.ready(model).await?;
        let order = RedrawOrder {
            model: model.to_owned(),
            weights: info.weights,
            count: 1,
            way,
        };
        let command = Command::Redraw { order };
        match room.link.ask(command, vec![picture.to_vec()]).await? {
            (Event::Redrawn { .. }, mut payload) if !payload.is_empty() => {
                return Ok(Some(payload.remove(0)));
            }
            (Event::Cancelled, _) => browser::sleep(50).await,
            (event, _) => return Err(unexpected(&event)),
        }
    }
    Ok(None)
}

/// What the net makes of it.
async fn translated(
    room: Room,
    work: Work,
    picture: &Pixels,
    times: u8,
) -> Result<Option<Vec<u8>>, Failure> {
    let side = Shape::COLOUR.side as u32;
    // Where another device takes over, the same is asked of that one.
    for _ in 0..20 {
        let info = room.library.ready(work.model()).await?;
        let order = TranslateOrder {
            model: work.model().to_owned(),
            weights: info.weights,
            width: side,
            height: side,
            channels: 3,
            times,
        };
        let command = Command::Translate { order };
        match room.link.ask(command, vec![picture.to_vec()]).await? {
            (Event::Translated { .. }, mut payload) if !payload.is_empty() => {
                return Ok(Some(payload.remove(0)));
            }
            (Event::Cancelled, _) => browser::sleep(50).await,
            (event, _) => return Err(unexpected(&event)),
        }
    }
    Ok(None)
}
