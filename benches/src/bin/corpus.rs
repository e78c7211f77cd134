//! Fetches and lays out the speed corpus, and says what it holds.

use anyhow::Result;
use clap::Parser;
use sigla_benches::corpus;

/// Fetch and lay out the corpus that the speed benches run on.
#[derive(Parser)]
struct Options {
    /// Also lay out the tree that is ten times larger (1.3 GB).
    #[arg(long)]
    tenfold: bool,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let (all, parsed) = (corpus::all()?, corpus::parsed()?);
    println!("{}: {}", all.root.display(), all.describe());
    println!("{}: {}", parsed.root.display(), parsed.describe());
    if options.tenfold {
        let tenfold = corpus::tenfold()?;
        println!("{}: {}", tenfold.root.display(), tenfold.describe());
    }
    Ok(())
}
