//! A router that records its routes, from which `tests/golden/routes.txt` is written.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{MethodRouter, get, post};

use crate::app::App;

/// A router that records its routes.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    list: Vec<(Method, &'static str)>,
}

impl Routes {
    /// Creates an empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a handler for GET and HEAD.
    pub fn get<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::GET, path, get(handler))
    }

    /// Adds a handler for POST.
    pub fn post<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::POST, path, post(handler))
    }

    /// Adds a handler for POST that limits the body itself, to explain the limit in its form.
    pub fn post_upload<H: Handler<T, App>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.add(Method::POST, path, post(handler).layer(DefaultBodyLimit::disable()))
    }

    /// Adds the routes of another list.
    pub fn merge(mut self, other: Self) -> Self {
        self.list.extend(other.list);
        Self { router: self.router.merge(other.router), list: self.list }
    }

    /// Returns the router.
    pub fn into_router(self) -> Router<App> {
        self.router
    }

    /// Returns method and path of each route, in the order added.
    pub fn into_list(self) -> Vec<(Method, &'static str)> {
        self.list
    }

    fn add(mut self, method: Method, path: &'static str, handler: MethodRouter<App>) -> Self {
        self.list.push((method, path));
        Self { router: self.router.route(path, handler), list: self.list }
    }
}
