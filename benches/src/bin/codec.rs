//! The text codec: ratio, speed and memory, beside other codecs that keep records apart.
//!
//! A record's size is that of its bytes and of their count as a varint, for us as for the peers;
//! every record is decoded and compared. Each side learns from the same records of other projects
//! (of logs: from their first halves). What a record of text is, see [`records`].

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use clap::Parser;
use sigla_benches::{
    clock::{self, cpu_seconds},
    options::Options,
    records::{self, Change, GROUP, Halves, Log, RECORD_MAX, Text},
    report::{Better, Report},
};
use sigla_core::{
    bits::varint,
    glyph::{
        self, Base, Codebook, Decoder, Encoder, Memory, Phrase, Record, Spelling, Stage, train,
    },
    image::CHAIN_MAX,
};

/// What each kind gives to the mixed codebook, in bytes.
const SHARE: usize = 600_000;
/// What a changed function calls its base: that of another release is far.
const FAR: u32 = 1000;

/// The general codebook of the product.
static GENERAL: &[u8] = include_bytes!("../../../std-shell/src/general.codebook");

/// Brings the records of a kind.
type Read = fn() -> Result<Halves>;

/// Compare the codec of texts with its peers.
#[derive(Parser)]
struct Cli {
    /// A folder of *.log files [default: only the logs of this machine's package manager]
    #[arg(long, value_name = "DIR")]
    logs: Option<PathBuf>,
    /// Only these kinds: rust, python, prose, json, logs, data, changed; one codebook for all needs
    /// the first five [default: all]
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    kind: Vec<String>,
    #[command(flatten)]
    options: Options,
}

fn main() -> Result<()> {
    let cli = Cli::parse();
    let mut report = Report::new("codec", cli.options.json);
    report.alone("decoder", "memory", "B", (glyph::numbers(RECORD_MAX) * 2) as f64);
    let wants = |kind: &str| cli.kind.is_empty() || cli.kind.iter().any(|k| k == kind);
    let mut kinds = Vec::new();
    let texts: [(&'static str, Read); 4] = [
        ("rust", records::rust),
        ("python", records::python),
        ("prose", records::prose),
        ("json", records::json),
    ];
    for (name, halves) in texts {
        if wants(name) {
            kinds.push(measured(name, halves()?, &[], cli.options.rounds, &mut report)?);
        }
    }
    if wants("data") {
        measured("data", records::data_json()?, &[], cli.options.rounds, &mut report)?;
    }
    if wants("logs") {
        let logs = records::logs(cli.logs.as_deref())?;
        if cli.logs.is_none() {
            report.remark("few logs: --logs DIR, a folder of *.log files");
        }
        let names: Vec<_> =
            logs.iter().map(|log| format!("{} {}", log.name, log.test.len())).collect();
        report.remark(&format!("lines tested: {}", names.join(", ")));
        let of = |half: fn(&Log) -> &[Text]| logs.iter().flat_map(half).cloned().collect();
        let halves = Halves { train: of(|log| &log.train), test: of(|log| &log.test) };
        let pairs: Vec<_> = logs.iter().flat_map(|log| anchored(&log.train)).collect();
        let lines = measured("log lines", halves, &pairs, cli.options.rounds, &mut report)?;
        anchors(&logs, &lines, &mut report)?;
        kinds.push(lines);
    }
    if wants("changed") {
        changed(&mut report)?;
    }
    if let Ok(kinds) = <[Measured; 5]>::try_from(kinds) {
        general(&kinds, &mut report)?;
    }
    Ok(())
}

/// The codec over one codebook.
struct Ours<'b> {
    book: Codebook<'b>,
    encoder: Encoder<'b>,
    memory: Vec<u16>,
}

impl<'b> Ours<'b> {
    fn new(book: &'b [u8]) -> Result<Self> {
        let book = Codebook::open(book).ok().context("no codebook was learned")?;
        let memory = vec![0; glyph::numbers(RECORD_MAX)];
        Ok(Self { book, encoder: Encoder::new(book, RECORD_MAX), memory })
    }

    /// The record of a text, and which of the bases it has.
    fn encode(&mut self, text: &[u8], bases: &[Base<'_>]) -> (Vec<u8>, Option<usize>) {
        let mut record = Vec::new();
        let encoded = self.encoder.encode(text, bases, &mut record);
        (record, encoded.base)
    }

    /// Decodes the last record of a chain, and compares. A line tells its own end.
    fn check(&mut self, chain: &[(&[u8], &[u8])]) -> Result<()> {
        let text = chain.last().map_or(&[][..], |&(_, text)| text);
        let mut decoder = Decoder::new(&mut self.memory, RECORD_MAX).context("the memory")?;
        let records: Vec<_> = chain.iter().map(|&(bytes, text)| record(bytes, text)).collect();
        let mut out = [0; RECORD_MAX];
        let length = decoder.decode(&self.book, &records, &mut out)?;
        ensure!(out.get(..length) == Some(text), "another text came back");
        Ok(())
    }
}

fn record<'a>(bytes: &'a [u8], text: &[u8]) -> Record<'a> {
    match text.iter().position(|&b| b == b'\n') {
        Some(end) if end + 1 == text.len() => Record { bytes, length: RECORD_MAX, line: true },
        _ => Record { bytes, length: text.len(), line: false },
    }
}

/// What a record takes: its bytes and their count.
fn size(record: &[u8]) -> usize {
    record.len() + varint::encode(record.len() as u32).1
}

/// Bytes of all texts.
fn bytes(texts: &[Text]) -> usize {
    texts.iter().map(Vec::len).sum()
}

/// A kind of records with the codebook learned for it.
struct Measured {
    name: &'static str,
    halves: Halves,
    book: Vec<u8>,
    /// What its test takes in this codebook.
    used: usize,
    #[cfg(feature = "peers")]
    peer: f64,
}

/// What the tests take in a codebook.
fn used(book: &[u8], tests: &[Text]) -> Result<usize> {
    let mut ours = Ours::new(book)?;
    let mut used = 0;
    for text in tests {
        let (record, _) = ours.encode(text, &[]);
        ours.check(&[(&record, text)])?;
        used += size(&record);
    }
    Ok(used)
}

/// Learns a codebook, and measures it and the peers on the same halves.
fn measured(
    name: &'static str,
    halves: Halves,
    based: &[(&[u8], &[u8])],
    rounds: usize,
    report: &mut Report,
) -> Result<Measured> {
    report.remark(&format!("{name}: {}", halves.describe()));
    let (seconds, book) = cpu_seconds(|| Ok(learned(&halves.train, based)))?;
    report.alone(&format!("{name}, codebook"), "size", "B", book.len() as f64);
    report.alone(&format!("{name}, learning it"), "cpu", "s", seconds);
    let used = used(&book, &halves.test)?;
    let all = bytes(&halves.test) as f64;
    let longer = used + 2 * halves.test.len();
    report.alone(name, "ratio", "", all / used as f64);
    report.alone(&format!("{name}, with 2 more bytes a record"), "ratio", "", all / longer as f64);
    let measured = Measured {
        name,
        halves,
        book,
        used,
        #[cfg(feature = "peers")]
        peer: 0.0,
    };
    #[cfg(feature = "peers")]
    let measured = measured.beside(report)?;
    measured.speeds(rounds, report)?;
    measured.stages(report)?;
    Ok(measured)
}

fn learned(records: &[Text], based: &[(&[u8], &[u8])]) -> Vec<u8> {
    let records: Vec<&[u8]> = records.iter().map(Vec::as_slice).collect();
    train::train(&records, based, &train::Plan::default())
}

impl Measured {
    /// The sizes of the peers.
    #[cfg(feature = "peers")]
    fn beside(mut self, report: &mut Report) -> Result<Self> {
        use sigla_benches::peers::codecs;

        let all = bytes(&self.halves.test) as f64;
        let ours = all / self.used as f64;
        let (mut record, mut out) = (Vec::new(), [0; RECORD_MAX]);
        for (at, mut peer) in codecs::all(&self.halves.train)?.into_iter().enumerate() {
            let mut used = 0;
            for text in &self.halves.test {
                peer.encode(text, &mut record)?;
                let length = peer.decode(&record, &mut out)?;
                ensure!(out.get(..length) == Some(text), "{} gave another text", peer.name());
                used += size(&record);
            }
            let theirs = all / used as f64;
            report.beside(self.name, ("ratio", "", Better::More), ours, (peer.name(), theirs));
            if at == 0 {
                self.peer = theirs;
                let smaller = 100.0 * (1.0 - theirs / ours);
                let case = format!("{}, smaller than zstd-19", self.name);
                report.alone(&case, "size", "%", smaller);
            }
        }
        let whole = all / codecs::whole(&self.halves.test.concat())? as f64;
        let peer = ("zstd-19, all in one", whole);
        report.beside(self.name, ("ratio", "", Better::More), ours, peer);
        Ok(self)
    }

    /// The encoder's memory, and its time by stage.
    fn stages(&self, report: &mut Report) -> Result<()> {
        let mut encoder = Ours::new(&self.book)?.encoder.timed(clock::nanoseconds);
        let mut record = Vec::new();
        for text in &self.halves.test {
            record.clear();
            encoder.encode(text, &[], &mut record);
        }
        let Memory { codebook, tables, scratch, pool } = encoder.memory();
        for (kind, bytes) in
            [("codebook", codebook), ("tables", tables), ("scratch", scratch), ("pool", pool)]
        {
            report.alone(&format!("{}, encoder's {kind}", self.name), "memory", "B", bytes as f64);
        }
        let stats = encoder.stats().context("the times")?;
        for (name, stage) in [("parse", Stage::Parse), ("code", Stage::Code)] {
            let times = stats.of(stage);
            let us = |nanoseconds: u64| nanoseconds as f64 / 1e3;
            report.remark(&format!(
                "{}, {name}: {} records, total {:.1} ms; min {:.1}, mean {:.1}, p95 {:.1}, max {:.1} us",
                self.name,
                times.count(),
                us(times.total()) / 1e3,
                us(times.min()),
                us(times.mean()),
                us(times.p95()),
                us(times.max()),
            ));
        }
        Ok(())
    }

    /// Encoding and decoding, in turns with the peers, in CPU time of this thread.
    fn speeds(&self, rounds: usize, report: &mut Report) -> Result<()> {
        let tests = &self.halves.test;
        let mut ours = Ours::new(&self.book)?;
        let records: Vec<_> = tests.iter().map(|text| ours.encode(text, &[]).0).collect();
        let Ours { book, mut encoder, mut memory } = ours;
        let spelling = Spelling::new(&book);
        let book = book.spelt(&spelling);
        let mut decoder = Decoder::new(&mut memory, RECORD_MAX).context("the memory")?;
        let mut out = [0; RECORD_MAX];
        let mut decode = || {
            let all = || {
                for (bytes, text) in records.iter().zip(tests) {
                    let record = Record { bytes, length: text.len(), line: false };
                    decoder.decode(&book, &[record], &mut out)?;
                }
                Ok(())
            };
            Ok(cpu_seconds(all)?.0)
        };
        let mut written = Vec::new();
        let mut encode = || {
            let all = || {
                for text in tests {
                    written.clear();
                    encoder.encode(text, &[], &mut written);
                }
                Ok(())
            };
            Ok(cpu_seconds(all)?.0)
        };
        #[cfg(feature = "peers")]
        {
            use sigla_benches::peers::codecs::{self, Codec, Lz4, Zstd};

            let dictionary = codecs::dictionary(&self.halves.train)?;
            let mut fast = Zstd::new("zstd-3 + 64 KB dictionary", 3, &dictionary)?;
            let mut small = Zstd::new("zstd-19 + 64 KB dictionary", 19, &dictionary)?;
            let mut lz4 = Lz4::new(&dictionary);
            report.alone(
                &format!("{}, zstd's decoder", self.name),
                "memory",
                "B",
                fast.memory() as f64,
            );
            let (of_fast, of_lz4) = (encoded(&mut fast, tests)?, encoded(&mut lz4, tests)?);
            let taken = clock::in_turns(
                rounds,
                &mut [
                    &mut decode,
                    &mut || decoding(&mut fast, &of_fast),
                    &mut || decoding(&mut lz4, &of_lz4),
                    &mut encode,
                    &mut || Ok(cpu_seconds(|| encoded(&mut small, tests))?.0),
                ],
            )?;
            let [decode, fastest, lz4s, encode, smallest] = taken[..] else { return Ok(()) };
            self.speed(report, "decode", decode, &[(fast.name(), fastest), (lz4.name(), lz4s)]);
            self.speed(report, "encode", encode, &[(small.name(), smallest)]);
        }
        #[cfg(not(feature = "peers"))]
        {
            let taken = clock::in_turns(rounds, &mut [&mut decode, &mut encode])?;
            let [decode, encode] = taken[..] else { return Ok(()) };
            self.speed(report, "decode", decode, &[]);
            self.speed(report, "encode", encode, &[]);
        }
        Ok(())
    }

    /// The rows of one direction, of the seconds that the whole test took.
    fn speed(&self, report: &mut Report, what: &str, ours: f64, peers: &[(&str, f64)]) {
        let tests = &self.halves.test;
        let case = format!("{}, {what}", self.name);
        let a_kilobyte = |seconds: f64| seconds * 1e6 / (bytes(tests) as f64 / 1024.0);
        let a_second = |seconds: f64| tests.len() as f64 / seconds;
        report.alone(&case, "cpu", "us/KB", a_kilobyte(ours));
        report.alone(&case, "records/s", "", a_second(ours));
        for &(peer, theirs) in peers {
            let theirs = (peer, a_kilobyte(theirs));
            report.beside(&case, ("cpu", "us/KB", Better::Less), a_kilobyte(ours), theirs);
        }
    }
}

/// The records of one peer.
#[cfg(feature = "peers")]
fn encoded(
    codec: &mut dyn sigla_benches::peers::codecs::Codec,
    tests: &[Text],
) -> Result<Vec<Vec<u8>>> {
    let encode = |text: &Text| {
        let mut record = Vec::new();
        codec.encode(text, &mut record)?;
        Ok(record)
    };
    tests.iter().map(encode).collect()
}

/// The CPU seconds that a peer takes for all records.
#[cfg(feature = "peers")]
fn decoding(
    codec: &mut dyn sigla_benches::peers::codecs::Codec,
    records: &[Vec<u8>],
) -> Result<f64> {
    let mut out = [0; RECORD_MAX];
    let all = || {
        for record in records {
            std::hint::black_box(codec.decode(record, &mut out)?);
        }
        Ok(())
    };
    Ok(cpu_seconds(all)?.0)
}

/// Each line with the latest before it in its group that has the same template, or with the first.
fn anchored(lines: &[Text]) -> impl Iterator<Item = (&[u8], &[u8])> {
    lines.chunks(GROUP).flat_map(|group| {
        let bases = group.iter().enumerate().skip(1).map(move |(at, line)| {
            let alike = || group.get(..at)?.iter().rev().find(|b| template(b) == template(line));
            (alike().or(group.first()), line)
        });
        bases.filter_map(|(base, line)| Some((base?.as_slice(), line.as_slice())))
    })
}

/// A line's words; those with a digit are alike.
fn template(line: &[u8]) -> Vec<&[u8]> {
    line.split(|b| !b.is_ascii_alphanumeric())
        .map(|word| if word.iter().any(u8::is_ascii_digit) { b"0" } else { word })
        .collect()
}

/// A line of a group as it was written.
struct Line<'t> {
    text: &'t [u8],
    record: Vec<u8>,
    said: Vec<Phrase>,
    base: Option<usize>,
    /// Records that it is decoded from, itself included.
    chain: usize,
}

/// Lines with a base: the first of their group, or any of it that has the same template.
fn anchors(logs: &[Log], lines: &Measured, report: &mut Report) -> Result<()> {
    let mut ours = Ours::new(&lines.book)?;
    let all = bytes(&lines.halves.test) as f64;
    for (case, fixed) in
        [("log lines, base: first of 32", true), ("log lines, base: best before of 32", false)]
    {
        let (mut used, mut by_log) = (0, Vec::new());
        for log in logs {
            let before = used;
            for group in log.test.chunks(GROUP) {
                used += grouped(&mut ours, group, fixed)?;
            }
            let ratio = bytes(&log.test) as f64 / (used - before) as f64;
            by_log.push(format!("{} {ratio:.1}", log.name));
        }
        report.alone(case, "ratio", "", all / used as f64);
        #[cfg(feature = "peers")]
        {
            let peer = ("zstd-19 + 64 KB dictionary, no base", lines.peer);
            report.beside(case, ("ratio", "", Better::More), all / used as f64, peer);
        }
        report.remark(&format!("{case}: {}", by_log.join(", ")));
    }
    Ok(())
}

/// What the lines of one group take.
fn grouped(ours: &mut Ours<'_>, group: &[Text], fixed: bool) -> Result<usize> {
    let mut written: Vec<Line<'_>> = Vec::with_capacity(group.len());
    for text in group {
        let own = template(text);
        let wanted = |&(at, line): &(usize, &Line<'_>)| {
            let wanted = at == 0 || (!fixed && template(line.text) == own);
            wanted && !line.said.is_empty() && line.chain < CHAIN_MAX
        };
        let bases: Vec<(usize, Base<'_>)> = written
            .iter()
            .enumerate()
            .filter(wanted)
            .map(|(at, line)| (at, Base { number: at as u32, bits: 0, phrases: &line.said }))
            .collect();
        let (places, bases): (Vec<_>, Vec<_>) = bases.into_iter().unzip();
        let (record, base) = ours.encode(text, &bases);
        let base = base.and_then(|base| places.get(base).copied());
        let chain = base.and_then(|at| written.get(at)).map_or(0, |line| line.chain) + 1;
        let said = ours.encoder.said().to_vec();
        let best = Line { text, record, said, base, chain };
        let mut chain = vec![(best.record.as_slice(), best.text)];
        let mut base = best.base;
        while let Some(line) = base.and_then(|at| written.get(at)) {
            chain.push((&line.record, line.text));
            base = line.base;
        }
        chain.reverse();
        ours.check(&chain)?;
        written.push(best);
    }
    Ok(written.iter().map(|line| size(&line.record)).sum())
}

/// Functions that changed between two releases, the old one as base. What a based record is like
/// is learned from the other packages, the codebook from neither.
fn changed(report: &mut Report) -> Result<()> {
    let packages = records::changed()?;
    let halves = records::python_besides(|project| packages.contains_key(project))?;
    for (name, changes) in &packages {
        let others = packages.iter().filter(|(other, _)| *other != name);
        let pairs: Vec<(&[u8], &[u8])> =
            others.flat_map(|(_, changes)| changes).map(|c| (&c.old[..], &c.new[..])).collect();
        let book = learned(&halves.train, &pairs);
        let mut ours = Ours::new(&book)?;
        let (mut all, mut alone, mut based) = (0, 0, 0);
        for Change { old, new } in changes {
            let (of_new, _) = ours.encode(new, &[]);
            ours.check(&[(&of_new, new)])?;
            let (of_old, _) = ours.encode(old, &[]);
            let said = ours.encoder.said().to_vec();
            let base = Base { number: FAR, bits: 0, phrases: &said };
            let (record, from) = ours.encode(new, &[base]);
            match from {
                Some(_) => ours.check(&[(&of_old, old), (&record, new)])?,
                None => ours.check(&[(&record, new)])?,
            }
            all += new.len();
            alone += size(&of_new);
            based += size(&record);
        }
        let ratio = |used: usize| all as f64 / used as f64;
        report.remark(&format!("{name}: {} changed functions, {all} bytes", changes.len()));
        report.alone(&format!("changed functions of {name}, no base"), "ratio", "", ratio(alone));
        let case = format!("changed functions of {name}");
        #[cfg(feature = "peers")]
        {
            use sigla_benches::peers::codecs;

            let dictionary = codecs::dictionary(&halves.train)?;
            let mut theirs = 0;
            for Change { old, new } in changes {
                let used = codecs::based(&dictionary, old, new)?;
                theirs += used + varint::encode(used as u32).1;
            }
            let peer = ("zstd-19, 64 KB and the old one", ratio(theirs));
            report.beside(&case, ("ratio", "", Better::More), ratio(based), peer);
        }
        #[cfg(not(feature = "peers"))]
        report.alone(&case, "ratio", "", ratio(based));
    }
    Ok(())
}

/// One codebook for all kinds beside those of each: of equal parts of what those are learned from,
/// and the one that the product brings along.
fn general(kinds: &[Measured], report: &mut Report) -> Result<()> {
    let each = kinds.iter().map(|kind| bytes(&kind.halves.train)).min().unwrap_or(0);
    let each = each.min(SHARE);
    let mut mixed = Vec::new();
    for kind in kinds {
        let train = &kind.halves.train;
        // Evenly, as lines of a log are in the order of their time.
        let (all, mut seen, mut taken) = (bytes(train).max(1), 0, 0);
        for text in train {
            seen += text.len();
            if taken * all < seen * each {
                taken += text.len();
                mixed.push(text.clone());
            }
        }
    }
    report.remark(&format!("mixed codebook: {each} bytes of each kind"));
    let mixed = learned(&mixed, &[]);
    for kind in kinds {
        for (name, book) in [("mixed", &mixed[..]), ("general", GENERAL)] {
            let all = bytes(&kind.halves.test) as f64;
            let used = used(book, &kind.halves.test)?;
            let case = format!("{}, {name} codebook", kind.name);
            report.beside(
                &case,
                ("ratio", "", Better::More),
                all / used as f64,
                ("its own codebook", all / kind.used as f64),
            );
            let larger = 100.0 * (used as f64 / kind.used as f64 - 1.0);
            report.alone(&format!("{case}: larger"), "size", "%", larger);
            #[cfg(feature = "peers")]
            {
                let peer = ("zstd-19 + 64 KB dictionary", kind.peer);
                report.beside(&case, ("ratio", "", Better::More), all / used as f64, peer);
            }
        }
    }
    Ok(())
}
