//! The styles of a picture, on their way.

use lampwork_models::sample::Net;
use lampwork_models::style::Projecting;
use lampwork_protocol::{Event, Failure, Payload, Progress, ProjectOrder, Shape};

use crate::models::{Models, read_pictures};

/// Turns from one look at the picture to the next.
const SHOWN_EVERY: usize = 8;

/// Checks an order and begins it.
pub(crate) fn begin(
    order: &ProjectOrder,
    picture: &[u8],
    models: &Models,
) -> Result<Projecting, Failure> {
    let loaded = models.get(&order.model)?;
    let Net::Style(generator) = loaded.sampler.net() else {
        return Err(Failure::CannotDo {
            model: order.model.clone(),
            reason: "it has no styles".to_owned(),
        });
    };
    if order.weights != loaded.info.weights {
        return Err(Failure::OtherWeights {
            model: order.model.clone(),
        });
    }
    let (least, most) = (ProjectOrder::FEWEST, ProjectOrder::MOST);
    if !(least..=most).contains(&order.steps) {
        return Err(Failure::BadKnob {
            knob: "steps".to_owned(),
            reason: format!("it goes from {least} to {most}"),
        });
    }
    debug_assert_eq!(picture.len(), Shape::COLOUR.values());
    let pixels: Vec<f32> = picture.iter().map(|&p| f32::from(p) / 255.0).collect();
    let latent = loaded.sampler.space().dimensions;
    let steps = usize::from(order.steps);
    Ok(Projecting::new(
        generator,
        latent,
        &pixels,
        steps,
        order.grain,
    ))
}

/// One turn, and what there is to say after it; the last is `Projected`.
pub(crate) async fn piece(projecting: &mut Projecting) -> Result<(Event, Payload), Failure> {
    if let Some(found) = projecting.advance().await? {
        let event = Event::Projected {
            latent: found.latent,
            psnr: found.psnr,
        };
        return Ok((event, vec![]));
    }
    let (done, total) = projecting.progress();
    let shown = done.is_multiple_of(SHOWN_EVERY);
    if let Some(picture) = projecting.picture().filter(|_| shown) {
        let event = Event::Preview {
            first: 0,
            count: 1,
            step: done as u16,
            steps: total as u16,
        };
        return Ok((event, vec![read_pictures(picture).await?]));
    }
    let (done, total) = (done as u64, total as u64);
    Ok((Event::Working(Progress { done, total }), vec![]))
}
