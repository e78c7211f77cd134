//! Searches an image: `cargo run --example search -- IMAGE QUERY`.

use sigla_core::image::{Image, Segment};
use sigla_core::search::{Hit, Limits, Query, Searcher, needs};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let (Some(path), Some(query)) = (args.next(), args.next()) else {
        return Err("give an image and a query: search docs.sigla 'retry with backoff'".into());
    };
    let bytes = std::fs::read(path)?;
    let segments = [Segment::new(Image::open(&bytes)?)];
    let mut scratch = vec![0; needs(&Limits::FULL)];
    let mut searcher = Searcher::new(&segments, Limits::FULL, &mut scratch)?;
    let mut plan = searcher.plan(&Query::new(query.as_bytes()))?;
    let mut hits = [Hit::NONE; 10];
    let answer = plan.search(&mut hits)?;
    for hit in hits.iter().take(answer.hits) {
        let key: Vec<u8> = plan.key(hit)?.bytes().collect();
        let snippet = plan.snippet(hit, 3)?;
        println!("{}:{}", String::from_utf8_lossy(&key), snippet.line);
        println!("{}", String::from_utf8_lossy(snippet.text));
    }
    Ok(())
}
