//! A web page in, a readable article out.
