//! Pictures on their way between two domains.

use burn::tensor::Device;
use lampwork_models::domains::Redrawing;
use lampwork_protocol::{
    DeviceKind, Event, Failure, ModelConfig, Payload, Progress, RedrawOrder, Way,
};

use crate::models::Models;

/// Pictures that are computed in one turn: few enough that a command is answered in time.
fn at_once(kind: DeviceKind) -> usize {
    match kind {
        DeviceKind::Cpu => 2,
        DeviceKind::WebGpu => 32,
    }
}

/// Checks an order and begins it.
pub(crate) fn begin(
    order: &RedrawOrder,
    pictures: Vec<u8>,
    models: &Models,
    kind: DeviceKind,
) -> Result<Redrawing, Failure> {
    let loaded = models.get(&order.model)?;
    let cannot = |reason: &str| Failure::CannotDo {
        model: order.model.clone(),
        reason: reason.to_owned(),
    };
    let (Some(nets), ModelConfig::Domains(config)) =
        (loaded.sampler.domains(), &loaded.info.card.recipe.model)
    else {
        return Err(cannot("it does not go between two sets of pictures"));
    };
    if order.weights != loaded.info.weights {
        return Err(Failure::OtherWeights {
            model: order.model.clone(),
        });
    }
    let bad = |knob: &str, reason: String| Failure::BadKnob {
        knob: knob.to_owned(),
        reason,
    };
    let most = RedrawOrder::MOST;
    if !(1..=most).contains(&order.count) {
        return Err(bad("count", format!("1 to {most} pictures are taken")));
    }
    let shape = config.shape();
    let wanted = order.count as usize * shape.values();
    if pictures.len() != wanted {
        return Err(Failure::Internal {
            reason: format!(
                "pictures of {} bytes came in place of {wanted}",
                pictures.len()
            ),
        });
    }
    let hands = config.to.len();
    let at_once = at_once(kind);
    Redrawing::new(nets, hands, order.way, shape, pictures, at_once).ok_or_else(|| {
        match order.way {
            Way::To(_) => bad("way", format!("it knows {hands} hands")),
            Way::Back => cannot("it has learned the way there alone, not the way back"),
        }
    })
}

/// A few of them, and what there is to say after it; the last is `Redrawn`.
pub(crate) async fn piece(
    redrawing: &mut Redrawing,
    device: &Device,
) -> Result<(Event, Payload), Failure> {
    let (_, count) = redrawing.progress();
    Ok(match redrawing.advance(device).await? {
        None => {
            let (done, total) = redrawing.progress();
            (Event::Working(Progress { done, total }), vec![])
        }
        Some(pictures) => {
            let count = count as u32;
            (Event::Redrawn { count }, vec![pictures])
        }
    })
}
