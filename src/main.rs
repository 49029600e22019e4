//! Commands, settings, run.

mod commands;

use std::process::ExitCode;

// musl's own allocator is several times slower under threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = commands::Cli::from_args();
    let result = broadsheet::ops::logging::start(&cli.settings).and_then(|()| {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
        runtime.block_on(commands::run(cli))
    });
    result.unwrap_or_else(|error| {
        eprintln!("broadsheet: {error:#}");
        ExitCode::FAILURE
    })
}
