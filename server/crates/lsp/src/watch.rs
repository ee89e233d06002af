//! The client's process: when it dies, the server must not outlive it (LSP 3.17, `InitializeParams.processId`).

use std::time::Duration;

/// How often the process is looked at.
const INTERVAL: Duration = Duration::from_secs(1);

/// Returns when the process is gone. Never returns for one that can't be seen from here to begin with, as in another
/// container: then only the end of the input tells.
pub(crate) async fn wait_for_end(process: u32) {
    if !is_alive(process) {
        std::future::pending::<()>().await;
    }
    while is_alive(process) {
        tokio::time::sleep(INTERVAL).await;
    }
}

#[cfg(unix)]
fn is_alive(process: u32) -> bool {
    let Some(pid) = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw) else {
        return false;
    };
    match rustix::process::test_kill_process(pid) {
        Ok(()) => !is_zombie(process),
        Err(error) => error == rustix::io::Errno::PERM,
    }
}

/// Whether it has ended and only its parent does not know yet.
#[cfg(unix)]
fn is_zombie(process: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{process}/stat"))
        .ok()
        .and_then(|stat| Some(stat.rsplit_once(')')?.1.trim_start().starts_with('Z')))
        .unwrap_or(false)
}

/// Other systems close the input of a dead client's children, which ends the session as well.
#[cfg(not(unix))]
fn is_alive(_process: u32) -> bool {
    true
}

#[cfg(all(test, unix))]
mod tests {
    use super::is_alive;

    #[test]
    fn sees_whether_a_process_is_there() {
        assert!(is_alive(std::process::id()));
        let mut child = std::process::Command::new("true").spawn().unwrap();
        child.wait().unwrap();
        assert!(!is_alive(child.id()));
    }
}
