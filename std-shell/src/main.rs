//! The `sigla` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    sigla::commands::main()
}
