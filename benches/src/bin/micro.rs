//! Micro-benchmarks of the core's inner loops over this project's own sources: the analyser, the
//! outline, runs of numbers, posting lists, and texts as glyphs.
//!
//! For who works on one of them, and wants to know in a minute whether it has become slower:
//! criterion compares with the run before. How sigla stands beside its peers say the other benches.

use std::{hint::black_box, path::Path};

use anyhow::{Context, Result, anyhow};
use criterion::{BenchmarkId, Criterion, Throughput};
use sigla_benches::body::{self, Body};
use sigla_core::{
    bits::pack::{self, BLOCK},
    build::{Codec, Options, seal},
    glyph::Spelling,
    image::{Cursor, Decoded, DocId, Image, List},
    outline, text,
};

/// Widths of numbers in bits: of codes, of usual gaps, of rare ones.
const WIDTHS: [u32; 4] = [2, 5, 9, 17];
/// Ids that a seek passes over.
const STRIDE: u32 = 64;

fn main() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the project")?;
    let bodies = Body::read(&root.join("core"))?;
    let plain = body::build_with(&bodies, Options { text: true, grams: false })?;
    let mut packed = Vec::new();
    seal(&open(&plain)?, Some(&Codec::default()), None, &mut packed)
        .map_err(|error| anyhow!("{error}"))?;

    let criterion = &mut Criterion::default().configure_from_args();
    analyser(criterion, &bodies);
    lines(criterion, &bodies);
    runs(criterion);
    postings(criterion, &open(&plain)?)?;
    decode(criterion, &open(&packed)?)?;
    criterion.final_summary();
    Ok(())
}

fn open(image: &[u8]) -> Result<Image<'_>> {
    Image::open(image).map_err(|error| anyhow!("{error}"))
}

fn bytes(bodies: &[Body]) -> Throughput {
    Throughput::Bytes(bodies.iter().map(|body| body.text.len() as u64).sum())
}

/// Text to terms.
fn analyser(criterion: &mut Criterion, bodies: &[Body]) {
    let mut group = criterion.benchmark_group("analyser");
    group.throughput(bytes(bodies)).bench_function("terms", |bencher| {
        bencher.iter(|| {
            let mut taken = 0;
            for body in bodies {
                for word in text::words(&body.text) {
                    text::terms(word.bytes, &mut |term, _| taken += term.len());
                }
            }
            taken
        });
    });
}

/// Text to definitions and chunks.
fn lines(criterion: &mut Criterion, bodies: &[Body]) {
    let mut group = criterion.benchmark_group("outline");
    group.throughput(bytes(bodies)).bench_function("chunks", |bencher| {
        bencher.iter(|| {
            let mut steps = 0;
            for body in bodies {
                outline::chunks(body.lang, &body.text, &mut |_| steps += 1);
            }
            steps
        });
    });
}

/// A run of numbers to bytes and back.
fn runs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("runs");
    group.throughput(Throughput::Elements(BLOCK as u64));
    for width in WIDTHS {
        let values: Vec<u32> =
            (0..BLOCK as u32).map(|at| at.wrapping_mul(0x9e37_79b9) >> (32 - width)).collect();
        let mut packed = Vec::new();
        pack::pack(&values, width, &mut packed);
        group.bench_function(BenchmarkId::new("pack", width), |bencher| {
            let mut out = Vec::new();
            bencher.iter(|| {
                out.clear();
                pack::pack(black_box(&values), width, &mut out);
                out.len()
            });
        });
        group.bench_function(BenchmarkId::new("unpack", width), |bencher| {
            let mut out = [0; BLOCK];
            bencher.iter(|| {
                let done = pack::unpack(black_box(&packed), BLOCK, width, &mut out);
                (done, out.last().copied())
            });
        });
    }
}

/// The longest list from its start to its end: posting by posting with and without room for a
/// block, and in leaps.
fn postings(criterion: &mut Criterion, image: &Image<'_>) -> Result<()> {
    let mut terms = image.lexicon().terms();
    let mut longest = List::default();
    while let Some(term) = terms.next()? {
        longest = [longest, term.words].into_iter().max_by_key(|list| list.count).context("two")?;
    }
    let bytes = image.postings();
    let mut slot = Decoded::EMPTY;
    let mut group = criterion.benchmark_group("postings");
    group.throughput(Throughput::Elements(u64::from(longest.count)));
    group.bench_function("scan", |bencher| {
        bencher.iter(|| scan(longest, bytes, Some(&mut slot)));
    });
    group.bench_function("scan without room", |bencher| {
        bencher.iter(|| scan(longest, bytes, None));
    });
    group.bench_function("seek", |bencher| bencher.iter(|| leap(longest, bytes, &mut slot)));
    Ok(())
}

fn scan(list: List, postings: &[u8], mut slot: Option<&mut Decoded>) -> Result<u64> {
    let mut cursor = Cursor::new(list, postings, slot.as_deref_mut())?;
    let mut sum = 0;
    while cursor.id != Cursor::END {
        sum += u64::from(cursor.id) + u64::from(cursor.code(postings)?);
        cursor.next(postings, slot.as_deref_mut())?;
    }
    Ok(sum)
}

fn leap(list: List, postings: &[u8], slot: &mut Decoded) -> Result<u64> {
    let mut cursor = Cursor::new(list, postings, Some(slot))?;
    let mut sum = 0;
    while cursor.id != Cursor::END {
        sum += u64::from(cursor.id);
        cursor.seek(postings, cursor.id.saturating_add(STRIDE), Some(slot))?;
    }
    Ok(sum)
}

/// Glyphs to text: phrases walked as a small machine does, and spelt out once.
fn decode(criterion: &mut Criterion, image: &Image<'_>) -> Result<()> {
    let book = image.glyphs().context("an image with glyphs")?.book();
    let spelling = Spelling::new(&book);
    let mut group = criterion.benchmark_group("decode");
    group.throughput(Throughput::Bytes(image.meta().text_bytes));
    for (name, image) in [("walked", *image), ("spelt", image.spelt(&spelling))] {
        let documents = image.meta().documents;
        let lengths = (0..documents).map(|id| image.text_length(DocId(id)));
        let most = lengths.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or(0);
        let (mut memory, mut out) = (vec![0; image.read_numbers()], vec![0; most]);
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                (0..documents).map(|id| image.read(DocId(id), &mut memory, &mut out)).sum::<Result<
                    usize,
                    _,
                >>(
                )
            });
        });
    }
    Ok(())
}
