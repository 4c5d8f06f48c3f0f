//! A picture on its way through a net from picture to picture.

use burn::tensor::Device;
use lampwork_models::translate::{Pixels, Translating};
use lampwork_protocol::{DeviceKind, Event, Failure, Payload, Progress, TranslateOrder};

use crate::models::Models;

/// Largest side, in pixels, of what is computed in one turn: small enough that a command
/// is answered in time.
fn side(kind: DeviceKind) -> usize {
    match kind {
        DeviceKind::Cpu => 48,
        DeviceKind::WebGpu => 256,
    }
}

/// Checks an order and begins it.
pub(crate) fn begin(
    order: &TranslateOrder,
    values: Vec<u8>,
    models: &Models,
    kind: DeviceKind,
) -> Result<Translating, Failure> {
    let TranslateOrder {
        width,
        height,
        channels,
        times,
        ..
    } = *order;
    let loaded = models.get(&order.model)?;
    let net = loaded
        .sampler
        .translator()
        .ok_or_else(|| Failure::CannotDo {
            model: order.model.clone(),
            reason: "it makes pictures of its own and changes none".to_owned(),
        })?;
    if order.weights != loaded.info.weights {
        return Err(Failure::OtherWeights {
            model: order.model.clone(),
        });
    }
    let bad = |knob: &str, reason: String| Failure::BadKnob {
        knob: knob.to_owned(),
        reason,
    };
    if !matches!(channels, 1 | 3 | 4) {
        return Err(bad("channels", "1, 3 or 4 are taken".to_owned()));
    }
    let most = TranslateOrder::MOST_TIMES;
    if !(1..=most).contains(&times) {
        return Err(bad("times", format!("it goes from 1 to {most}")));
    }
    // A net that enlarges may be asked for no more than a picture can be shown as.
    let grows = net.factor().pow(u32::from(times)) as u32;
    let most = TranslateOrder::MOST_SIDE.min(TranslateOrder::MOST_MADE / grows);
    for (knob, side) in [("width", width), ("height", height)] {
        if !(1..=most).contains(&side) {
            let reason = format!("a side of 1 to {most} pixels is taken");
            return Err(bad(knob, reason));
        }
    }
    check_styles(&order.styles, net.styles())?;
    let wanted = width as usize * height as usize * usize::from(channels);
    if values.len() != wanted {
        return Err(Failure::Internal {
            reason: format!(
                "a picture of {} bytes came in place of {wanted}",
                values.len()
            ),
        });
    }
    let picture = Pixels {
        width: width as usize,
        height: height as usize,
        channels: usize::from(channels),
        values,
    };
    let net = net.clone();
    let times = u32::from(times);
    let styles = order.styles.clone();
    Ok(Translating::new(net, styles, &picture, times, side(kind)))
}

/// How far the weights of styles may be from one together: they come as decimals.
const ROUNDED: f32 = 1e-3;

/// Checks the weights of a net's styles.
fn check_styles(weights: &[f32], styles: usize) -> Result<(), Failure> {
    let reason = if styles < 2 {
        if weights.is_empty() {
            return Ok(());
        }
        "this model has no styles".to_owned()
    } else if weights.len() != styles {
        format!("a weight for each of the {styles} styles is taken")
    } else if !weights.iter().all(|weight| (0.0..=1.0).contains(weight)) {
        "each weight goes from 0 to 1".to_owned()
    } else if (weights.iter().sum::<f32>() - 1.0).abs() > ROUNDED {
        "the weights must sum to 1".to_owned()
    } else {
        return Ok(());
    };
    Err(Failure::BadKnob {
        knob: "styles".to_owned(),
        reason,
    })
}

/// One piece, and what there is to say after it; the last is `Translated`.
pub(crate) async fn piece(
    translating: &mut Translating,
    device: &Device,
) -> Result<(Event, Payload), Failure> {
    let made = translating.advance(device).await?;
    let Some(picture) = made else {
        let (done, total) = translating.progress();
        return Ok((Event::Working(Progress { done, total }), vec![]));
    };
    let event = Event::Translated {
        width: picture.width as u32,
        height: picture.height as u32,
        channels: picture.channels as u8,
    };
    Ok((event, vec![picture.values]))
}
