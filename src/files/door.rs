//! Opens doors: ports of this machine to listen on, and a browser to show what is behind them.

use std::net::{Ipv4Addr, TcpListener};

use crate::Error;

/// Listens on a port of this machine that nobody else can reach; on a free one unless given.
///
/// # Errors
/// The port is taken, or not for this user.
pub fn listen(port: Option<u16>) -> Result<TcpListener, Error> {
    let port = port.unwrap_or(0);
    let name = if port == 0 { "a port".to_owned() } else { format!("port {port}") };
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|cause| Error::new("cannot listen on", name, cause))
}

/// Has the browser that the system would use show an address. Does not wait for it.
///
/// # Errors
/// There is none that the system knows of.
pub fn show(address: &str) -> Result<(), Error> {
    open::that_detached(address).map_err(|cause| Error::new("cannot open", address, cause))
}
