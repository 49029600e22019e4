//! The program: parses the command line, starts logging and runs the command.

mod commands;

use std::process::ExitCode;

// musl's allocator is several times slower with multiple threads.
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
