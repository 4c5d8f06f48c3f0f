//! Work side by side, each piece on a core of its own.
//!
//! Many small operations gain little from being split over all cores, as each
//! must wait for the slowest; whole chains of them, side by side, gain all.

/// `each` of the items, in their order; as many at once as there are cores. What
/// one of them computes is not split over cores any more.
///
/// Without the feature `rayon` it is one after the other.
pub fn side_by_side<T: Send, R: Send>(items: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    #[cfg(feature = "rayon")]
    if items.len() > 1 && rayon::current_num_threads() > 1 {
        return lanes(items, each);
    }
    items.into_iter().map(each).collect()
}

#[cfg(feature = "rayon")]
fn lanes<T: Send, R: Send>(items: Vec<T>, each: impl Fn(T) -> R + Sync) -> Vec<R> {
    use std::sync::OnceLock;

    use rayon::{ThreadPool, ThreadPoolBuilder};

    // Pools of one thread: whatever asks for all cores from within one gets that.
    static POOLS: OnceLock<Vec<ThreadPool>> = OnceLock::new();
    let pools = POOLS.get_or_init(|| {
        let one = |_| ThreadPoolBuilder::new().num_threads(1).build().ok();
        (0..rayon::current_num_threads()).filter_map(one).collect()
    });
    if pools.is_empty() {
        return items.into_iter().map(each).collect();
    }
    let mut results = Vec::with_capacity(items.len());
    let mut items = items.into_iter();
    while items.len() > 0 {
        std::thread::scope(|scope| {
            let each = &each;
            let at_work: Vec<_> = pools
                .iter()
                .zip(items.by_ref().take(pools.len()))
                .map(|(pool, item)| scope.spawn(move || pool.install(|| each(item))))
                .collect();
            for thread in at_work {
                match thread.join() {
                    Ok(result) => results.push(result),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }
    results
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let items: Vec<u64> = (0..7).collect();
        let slow_first = |item: u64| {
            std::thread::sleep(std::time::Duration::from_millis(7 - item));
            item * item
        };
        assert_eq!(side_by_side(items, slow_first), [0, 1, 4, 9, 16, 25, 36]);
        assert!(side_by_side(vec![], slow_first).is_empty());
    }

    #[test]
    #[should_panic(expected = "the third")]
    fn a_panic_is_passed_on() {
        side_by_side(vec![1, 2, 3], |item| assert!(item < 3, "the third"));
    }
}
