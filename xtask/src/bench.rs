//! Comparisons with the peers.

use anyhow::{Result, bail};

#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: Args) -> Result<()> {
    bail!("no bench yet")
}
