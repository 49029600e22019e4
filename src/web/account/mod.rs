//! Logging in, creating the first account, changing the password.

pub mod login;
pub mod login_notice;
pub mod password;
pub mod setup;

use crate::web::shell::Routes;

/// Returns the routes that need no login.
pub fn public_routes() -> Routes {
    Routes::new()
        .get("/login", login::show)
        .post("/login", login::log_in)
        .post("/logout", login::log_out)
        // The first account: by the setup link in the log, or from this computer.
        .get("/setup", setup::show)
        .post("/setup", setup::create_owner)
}

pub fn routes() -> Routes {
    Routes::new()
        .get("/settings/password", password::show)
        .post("/settings/password", password::change)
        .post("/login-notice/dismiss", login_notice::dismiss)
}
