pub(crate) mod ensemble;
pub(crate) mod forest;
