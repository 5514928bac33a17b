//! The program `glassbox`.

use mimalloc::MiMalloc;
use std::process::ExitCode;

/// Activations are megabytes that live for milliseconds: the system's allocator would return their pages each time.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    cli::main()
}
