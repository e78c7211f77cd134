//! Words to search for, from the rarest to the commonest.

use anyhow::Result;

/// Some `count` of the words, evenly spread over the logarithm of how often each comes; fewer where
/// there are not as many.
pub fn spread(
    often: impl IntoIterator<Item = (Vec<u8>, u32)>,
    count: usize,
) -> Result<Vec<String>> {
    let mut order: Vec<(u32, Vec<u8>)> = often.into_iter().map(|(word, n)| (n, word)).collect();
    order.sort();
    let commonest = order.last().map_or(1, |(n, _)| *n);
    let mut words = Vec::new();
    for step in 0..count {
        let share = step as f64 / (count - 1) as f64;
        let wanted = f64::from(commonest).powf(share).round() as u32;
        // Any of those that come as often, or of the next commoner.
        let first = order.partition_point(|(n, _)| *n < wanted);
        let Some(&(often, _)) = order.get(first) else { break };
        let end = order.partition_point(|(n, _)| *n <= often);
        words.push(String::from_utf8(order.remove(first + step * 7919 % (end - first)).1)?);
    }
    Ok(words)
}
