//! A picture of any size, translated a piece at a time.

use burn::tensor::{Device, Tensor, TensorData};

use super::Generator;
use super::tiles::{Tile, tiles};
use crate::ModelError;
use crate::blocks::matrix;

/// A picture as bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pixels {
    /// Pixels across.
    pub width: usize,
    /// Pixels down.
    pub height: usize,
    /// 1 for grey, 3 for red, green and blue, 4 with opacity after them.
    pub channels: usize,
    /// `[height, width, channels]`.
    pub values: Vec<u8>,
}

/// A picture that is being translated, perhaps several times in a row.
///
/// What is transparent is shown to the net on white, as its training pictures were, and
/// the white is taken out of what it makes again; the opacity of a picture that is
/// enlarged goes through the net like a grey one. A net of grey pictures makes each
/// colour by itself.
#[derive(Debug, Clone)]
pub struct Translating {
    net: Generator,
    /// Weights of the styles; empty for the first.
    styles: Vec<f32>,
    /// Largest side of what is made at once, in pixels of the input.
    side: usize,
    /// Channels of the picture that came.
    channels: usize,
    /// Whether its opacity is translated, too.
    opacity: Opacity,
    now: Planes,
    made: Planes,
    tiles: Vec<Tile>,
    /// Tiles done of this time.
    at: usize,
    /// How far a picture is that goes through whole.
    under: Option<Under>,
    /// Times to go, this one included.
    times: u32,
    done: u64,
    total: u64,
}

/// A picture that goes through whole, layer by layer.
#[derive(Debug, Clone)]
struct Under {
    /// Steps done.
    stage: usize,
    hidden: Tensor<4>,
    shown: Tensor<4>,
    styles: Option<Tensor<2>>,
}

/// What becomes of the opacity.
#[derive(Debug, Clone)]
enum Opacity {
    /// There is none.
    None,
    /// Nothing is transparent.
    Full,
    /// It stays as it was.
    Kept(Vec<f32>),
    /// It is the last of the planes.
    Translated,
}

/// Channels one after another, `[planes, height, width]` in 0..1.
#[derive(Debug, Clone, Default)]
struct Planes {
    /// Down and across.
    size: [usize; 2],
    /// The size that counts; the rest repeats the last row and column.
    true_size: [usize; 2],
    values: Vec<f32>,
}

impl Translating {
    /// Begins to send a picture through a net, `times` in a row.
    ///
    /// `side` bounds what is computed in one go, in pixels of the input; a net with
    /// normalisation takes the whole picture whatever it is.
    ///
    /// # Panics
    /// The picture has no pixel, or not as many values as it says.
    pub fn new(
        net: Generator,
        styles: Vec<f32>,
        picture: &Pixels,
        times: u32,
        side: usize,
    ) -> Self {
        let Pixels {
            width,
            height,
            channels,
            ref values,
        } = *picture;
        assert!(width > 0 && height > 0, "a picture without pixels");
        assert_eq!(values.len(), width * height * channels, "as many values");
        let share = |value: u8| f32::from(value) / 255.0;
        let alphas: Vec<f32> = match channels {
            4 => values
                .chunks_exact(4)
                .map(|pixel| share(pixel[3]))
                .collect(),
            _ => vec![],
        };
        let mut planes = Vec::with_capacity(channels * width * height);
        for channel in 0..channels.min(3) {
            let colours = values
                .chunks_exact(channels)
                .map(|pixel| share(pixel[channel]));
            if alphas.is_empty() {
                planes.extend(colours);
            } else {
                let on_white = |(colour, alpha): (f32, &f32)| colour * alpha + 1.0 - alpha;
                planes.extend(colours.zip(&alphas).map(on_white));
            }
        }
        let opacity = if alphas.is_empty() {
            Opacity::None
        } else if net.factor() == 1 {
            // Noise and scratches lie in the colours.
            Opacity::Kept(alphas)
        } else if alphas.iter().all(|alpha| *alpha == 1.0) {
            Opacity::Full
        } else {
            planes.extend(&alphas);
            Opacity::Translated
        };
        let mut this = Self {
            styles,
            side,
            channels,
            opacity,
            now: Planes {
                size: [height, width],
                true_size: [height, width],
                values: planes,
            },
            made: Planes::default(),
            tiles: vec![],
            at: 0,
            under: None,
            times: times.max(1),
            done: 0,
            total: 0,
            net,
        };
        let mut size = [height, width];
        for _ in 0..this.times {
            this.total += match this.net.reach() {
                Some(_) => this.tiles_of(size).len() as u64,
                None => this.net.costs().iter().sum(),
            };
            size = size.map(|length| length * this.net.factor());
        }
        this.begin();
        this
    }

    /// Pieces done, and pieces in all; of a net that takes a picture whole, what its
    /// layers take, some longer than others.
    pub fn progress(&self) -> (u64, u64) {
        (self.done, self.total)
    }

    /// Makes one piece; the picture when it is whole. Of a net with normalisation a
    /// piece is a layer of the whole picture, as each depends on all of the one before.
    ///
    /// # Errors
    /// [`ModelError::Device`] where the device fails.
    pub async fn advance(&mut self, device: &Device) -> Result<Option<Pixels>, ModelError> {
        let tile = self.tiles[self.at];
        let made = match self.net.reach() {
            Some(_) => {
                self.done += 1;
                self.tile(tile, device)
            }
            None => match self.layer(tile, device).await? {
                Some(made) => made,
                None => return Ok(None),
            },
        };
        let made: Vec<f32> = made
            .into_data_async()
            .await?
            .try_into_vec()
            .map_err(|e| ModelError::Device(format!("{e:?}")))?;
        self.place(tile, &made);
        self.at += 1;
        if self.at < self.tiles.len() {
            return Ok(None);
        }
        self.now = std::mem::take(&mut self.made).trimmed();
        self.times -= 1;
        if self.times > 0 {
            self.begin();
            return Ok(None);
        }
        Ok(Some(self.pixels()))
    }

    /// Gets ready for a time through the net.
    fn begin(&mut self) {
        let size = self.fitting(self.now.true_size);
        self.tiles = self.tiles_of(self.now.true_size);
        self.at = 0;
        self.now = std::mem::take(&mut self.now).extended(size);
        let factor = self.net.factor();
        let planes = self.now.count();
        self.made = Planes {
            size: size.map(|length| length * factor),
            true_size: self.now.true_size.map(|length| length * factor),
            values: vec![0.0; planes * size[0] * size[1] * factor * factor],
        };
    }

    /// Sides that go through the net: multiples of its cell, and large enough that
    /// edges can be reflected.
    fn fitting(&self, size: [usize; 2]) -> [usize; 2] {
        let cell = self.net.cell();
        size.map(|length| length.max(self.net.least_side()).next_multiple_of(cell))
    }

    fn tiles_of(&self, size: [usize; 2]) -> Vec<Tile> {
        let (cell, reach) = (self.net.cell(), self.net.reach());
        tiles(self.fitting(size), self.side, cell, reach)
    }

    /// Sends the whole picture through one more layer; what the net makes of it after
    /// the last.
    async fn layer(
        &mut self,
        whole: Tile,
        device: &Device,
    ) -> Result<Option<Tensor<4>>, ModelError> {
        let under = match self.under.take() {
            Some(under) => under,
            None => {
                let (shown, styles) = self.shown(whole, device);
                Under {
                    stage: 0,
                    hidden: shown.clone(),
                    shown,
                    styles,
                }
            }
        };
        let Under {
            stage,
            hidden,
            shown,
            styles,
        } = under;
        let hidden = self.net.stage(stage, hidden, styles.as_ref());
        self.done += self.net.costs()[stage];
        if stage + 1 == self.net.stages() {
            let made = self.net.finished(hidden, shown);
            return Ok(Some(made.clamp(0.0, 1.0)));
        }
        // A number of it is waited for, so that a device which only notes down what is
        // to be done is no further than it says.
        let first = hidden.clone().slice([0..1, 0..1, 0..1, 0..1]);
        first.into_data_async().await?;
        self.under = Some(Under {
            stage: stage + 1,
            hidden,
            shown,
            styles,
        });
        Ok(None)
    }

    /// What the net makes of a tile, `[count, channels, height, width]`.
    fn tile(&self, tile: Tile, device: &Device) -> Tensor<4> {
        let (shown, styles) = self.shown(tile, device);
        self.net.forward(shown, styles.as_ref()).clamp(0.0, 1.0)
    }

    /// What the net is shown of a tile, `[count, channels, height, width]`, and in which
    /// styles.
    fn shown(&self, tile: Tile, device: &Device) -> (Tensor<4>, Option<Tensor<2>>) {
        let [rows, columns] = tile.shown;
        let [height, width] = self.now.size;
        let mut shown = Vec::new();
        let planes = self.now.values.chunks_exact(height * width);
        let colours = self.channels.min(3);
        for (index, plane) in planes.enumerate() {
            // Opacity, and a grey picture, look like grey to a net of colours.
            let alone = index >= colours || colours == 1;
            let repeats = if alone { self.net.channels() } else { 1 };
            for _ in 0..repeats {
                for row in rows.from..rows.to {
                    let from = row * width;
                    shown.extend_from_slice(&plane[from + columns.from..from + columns.to]);
                }
            }
        }
        let channels = self.net.channels();
        let count = shown.len() / (channels * rows.len() * columns.len());
        let shape = [count, channels, rows.len(), columns.len()];
        let shown = Tensor::from_data(TensorData::new(shown, shape), device);
        let styles = (!self.styles.is_empty()).then(|| {
            let each = self.styles.len();
            matrix(self.styles.repeat(count), count, each, device)
        });
        (shown, styles)
    }

    /// Keeps what was made of a tile.
    fn place(&mut self, tile: Tile, made: &[f32]) {
        let factor = self.net.factor();
        let channels = self.net.channels();
        let colours = self.channels.min(3);
        let [rows, columns] = tile.shown.map(|span| span.len() * factor);
        let [height, width] = self.made.size;
        let [top, left] =
            [0, 1].map(|side| (tile.kept[side].from - tile.shown[side].from) * factor);
        let [tall, wide] = tile.kept.map(|span| span.len() * factor);
        let mut at = 0;
        let planes = self.made.values.chunks_exact_mut(height * width);
        for (index, plane) in planes.enumerate() {
            let alone = index >= colours || colours == 1;
            let repeats = if alone { channels } else { 1 };
            for row in 0..tall {
                let to = (tile.kept[0].from * factor + row) * width + tile.kept[1].from * factor;
                let from = (top + row) * columns + left;
                for (offset, value) in plane[to..to + wide].iter_mut().enumerate() {
                    // Of a grey one the channels are all but the same: their mean.
                    let values = (0..repeats)
                        .map(|repeat| made[(at + repeat) * rows * columns + from + offset]);
                    *value = values.sum::<f32>() / repeats as f32;
                }
            }
            at += repeats;
        }
    }

    /// The picture that was made.
    fn pixels(&self) -> Pixels {
        let [height, width] = self.now.true_size;
        let area = height * width;
        let planes: Vec<&[f32]> = self.now.values.chunks_exact(area).collect();
        let colours = self.channels.min(3);
        let alphas = match &self.opacity {
            Opacity::None | Opacity::Full => None,
            Opacity::Kept(alphas) => Some(&alphas[..]),
            Opacity::Translated => planes.last().copied(),
        };
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        let mut values = Vec::with_capacity(self.channels * area);
        for pixel in 0..area {
            let alpha = alphas.map_or(1.0, |alphas| alphas[pixel]);
            for plane in &planes[..colours] {
                let on_white = plane[pixel];
                values.push(byte(match alpha > 0.0 {
                    true => (on_white - (1.0 - alpha)) / alpha,
                    false => 1.0,
                }));
            }
            if self.channels == 4 {
                values.push(byte(alpha));
            }
        }
        Pixels {
            width,
            height,
            channels: self.channels,
            values,
        }
    }
}

impl Planes {
    fn count(&self) -> usize {
        self.values.len() / (self.size[0] * self.size[1])
    }

    /// Of this size, by repeating the last row and column.
    fn extended(self, size: [usize; 2]) -> Self {
        if size == self.size {
            return self;
        }
        let [height, width] = self.size;
        let mut values = Vec::with_capacity(self.count() * size[0] * size[1]);
        for plane in self.values.chunks_exact(height * width) {
            for row in 0..size[0] {
                let from = row.min(height - 1) * width;
                let row = &plane[from..from + width];
                values.extend_from_slice(row);
                values.extend(std::iter::repeat_n(row[width - 1], size[1] - width));
            }
        }
        Self {
            size,
            true_size: self.true_size,
            values,
        }
    }

    /// Of its true size.
    fn trimmed(self) -> Self {
        if self.size == self.true_size {
            return self;
        }
        let ([height, width], [tall, wide]) = (self.size, self.true_size);
        let mut values = Vec::with_capacity(self.count() * tall * wide);
        for plane in self.values.chunks_exact(height * width) {
            for row in plane.chunks_exact(width).take(tall) {
                values.extend_from_slice(&row[..wide]);
            }
        }
        Self {
            size: self.true_size,
            true_size: self.true_size,
            values,
        }
    }
}
