//! Turns a path into an open file that can be read to its end.
//!
//! Knows nothing of bounds: whether a path may be followed is asked before.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::Path;

/// Opens a plain file. Nothing else is opened: a pipe without a writer would be waited for, a device may do something. A
/// path that becomes a pipe in between is opened without waiting, and given back unread.
///
/// # Errors
/// The file is not there, may not be read, or is none.
pub(super) fn open(path: &Path) -> io::Result<(File, Metadata)> {
    check(&fs::metadata(path)?)?;
    open_at_once(path)
}

fn open_at_once(path: &Path) -> io::Result<(File, Metadata)> {
    let file = options().open(path)?;
    let data = file.metadata()?;
    check(&data)?;
    Ok((file, data))
}

fn check(data: &Metadata) -> io::Result<()> {
    if data.is_dir() {
        Err(ErrorKind::IsADirectory.into())
    } else if data.is_file() {
        Ok(())
    } else {
        Err(io::Error::other("it is a pipe, a device or a socket"))
    }
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK | libc::O_NOCTTY);
    options
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_became_a_pipe_is_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        let device = Path::new("/dev/zero");
        let (sender, receiver) = std::sync::mpsc::channel();
        std::thread::spawn(move || sender.send([open(&pipe), open_at_once(&pipe)]).is_ok());
        let [first, second] = receiver.recv_timeout(std::time::Duration::from_secs(30)).unwrap();
        for said in [first, second, open(&socket), open(device), open_at_once(device)] {
            assert_eq!(said.unwrap_err().to_string(), "it is a pipe, a device or a socket");
        }
        assert_eq!(open(folder.path()).unwrap_err().kind(), ErrorKind::IsADirectory);
    }
}
