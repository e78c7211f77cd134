//! Hands the linker the board's memory map, and the compiler the image that goes into flash.
use std::{env, error::Error, fs, path::PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::copy("mps2-an386.x", out.join("memory.x"))?;
    println!("cargo::rerun-if-changed=mps2-an386.x");
    println!("cargo::rustc-link-search={}", out.display());
    println!("cargo::rustc-link-arg-bins=-Tlink.x");
    println!("cargo::rustc-link-arg-bins=--nmagic");

    println!("cargo::rerun-if-env-changed=SIGLA_IMAGE");
    let image = env::var("SIGLA_IMAGE")
        .map_err(|_| "SIGLA_IMAGE must name the image to put into flash; `cargo xtask mcu` makes one and sets it")?;
    println!("cargo::rerun-if-changed={image}");
    println!("cargo::rustc-env=SIGLA_IMAGE={image}");
    Ok(())
}
