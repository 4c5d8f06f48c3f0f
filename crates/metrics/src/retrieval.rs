//! Whether a thing is found by its description: its rank among all.

use crate::MetricsError;
use crate::rows::check_rows;

/// The rank, from 1, of each query's own key among all keys by their inner
/// product, the highest first. Keys that tie with the own one do not count
/// against it.
///
/// # Errors
///
/// Where rows are not whole or finite, or there is not one own key a query.
pub fn retrieval_ranks(
    queries: &[f32],
    keys: &[f32],
    dims: usize,
    own: &[usize],
) -> Result<Vec<usize>, MetricsError> {
    check_rows("the queries", queries, dims, 1)?;
    check_rows("the keys", keys, dims, 1)?;
    let (asked, count) = (queries.len() / dims, keys.len() / dims);
    if own.len() != asked {
        return Err(MetricsError::Unequal {
            left: "the queries",
            left_count: asked,
            right: "their own keys",
            right_count: own.len(),
        });
    }
    if let Some(&key) = own.iter().find(|&&key| key >= count) {
        return Err(MetricsError::BadParameter {
            name: "an own key",
            value: key as f64,
            wanted: "one of the keys",
        });
    }
    let product = |a: &[f32], b: &[f32]| -> f64 {
        a.iter()
            .zip(b)
            .map(|(&x, &y)| f64::from(x) * f64::from(y))
            .sum()
    };
    let ranks = queries.chunks_exact(dims).zip(own).map(|(query, &own)| {
        let wanted = product(query, &keys[own * dims..(own + 1) * dims]);
        1 + keys
            .chunks_exact(dims)
            .filter(|key| product(query, key) > wanted)
            .count()
    });
    Ok(ranks.collect())
}
