//! One measured figure a row, printed as a table for people or as JSON for programs.

use serde::Serialize;

/// Which way a figure is good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Times and sizes.
    Less,
    /// Qualities and speeds.
    More,
}

/// A figure of ours, beside the peer's where there is one. The field names are a contract.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Name of the bench: `index`, `image`, `bm25`, `search`, `quality`.
    pub bench: &'static str,
    /// What was done, in words.
    pub case: String,
    /// What was measured: `wall`, `peak_rss`, `ndcg@10`.
    pub metric: String,
    /// Unit of `ours` and `theirs`: `s`, `ms`, `us`, `MB` (10^6 bytes); empty for a bare number.
    pub unit: &'static str,
    /// Our figure.
    pub ours: f64,
    /// Who it is compared with.
    pub peer: Option<String>,
    /// The peer's figure.
    pub theirs: Option<f64>,
    /// Above 1 where we are better.
    pub ratio: Option<f64>,
}

/// Prints rows as they come, so that a long bench shows its first figure early.
#[derive(Debug)]
pub struct Report {
    bench: &'static str,
    json: bool,
    headed: bool,
}

impl Report {
    /// A report of one bench; `json` prints one object a line instead of a table.
    pub fn new(bench: &'static str, json: bool) -> Self {
        Self { bench, json, headed: false }
    }

    /// A figure that has no peer.
    pub fn alone(&mut self, case: &str, metric: &str, unit: &'static str, ours: f64) {
        self.print(self.row(case, metric, unit, ours));
    }

    /// A figure beside a peer's.
    pub fn beside(
        &mut self,
        case: &str,
        (metric, unit, better): (&str, &'static str, Better),
        ours: f64,
        (peer, theirs): (&str, f64),
    ) {
        let ratio = match better {
            Better::Less => theirs / ours,
            Better::More => ours / theirs,
        };
        self.print(Row {
            peer: Some(peer.into()),
            theirs: Some(theirs),
            ratio: ratio.is_finite().then_some(ratio),
            ..self.row(case, metric, unit, ours)
        });
    }

    /// A remark for the reader of the table: what was measured on, what is missing. On stderr.
    pub fn remark(&self, text: &str) {
        eprintln!("{}: {text}", self.bench);
    }

    fn row(&self, case: &str, metric: &str, unit: &'static str, ours: f64) -> Row {
        Row {
            bench: self.bench,
            case: case.into(),
            metric: metric.into(),
            unit,
            ours,
            peer: None,
            theirs: None,
            ratio: None,
        }
    }

    fn print(&mut self, row: Row) {
        if self.json {
            println!("{}", serde_json::to_string(&row).unwrap_or_default());
            return;
        }
        if !self.headed {
            self.headed = true;
            println!(
                "{:<8} {:<44} {:<10} {:>10} {:>10} {:<5} {:<29} {:>7}",
                "bench", "case", "metric", "ours", "theirs", "unit", "peer", "ratio"
            );
        }
        let figure = |x: Option<f64>| x.map_or_else(String::new, digits);
        println!(
            "{:<8} {:<44} {:<10} {:>10} {:>10} {:<5} {:<29} {:>7}",
            row.bench,
            row.case,
            row.metric,
            digits(row.ours),
            figure(row.theirs),
            row.unit,
            row.peer.as_deref().unwrap_or_default(),
            row.ratio.map_or_else(String::new, |r| format!("{r:.2}")),
        );
    }
}

/// Four digits that matter, and no more.
fn digits(x: f64) -> String {
    let places = match x.abs() {
        x if x >= 1000.0 || x == 0.0 => 0,
        x if x >= 100.0 => 1,
        x if x >= 10.0 => 2,
        x if x >= 1.0 => 3,
        _ => 4,
    };
    format!("{x:.places$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_keep_four() {
        assert_eq!(digits(0.65432), "0.6543");
        assert_eq!(digits(14.0), "14.00");
        assert_eq!(digits(12_345.6), "12346");
    }
}
