//! Small and read-only disks for one command.

use std::path::Path;
use std::process::{Command, Stdio};

/// A disk in the place of a folder.
#[derive(Clone, Copy, Debug)]
pub enum Disk {
    /// A disk of this many KiB.
    Small(usize),
    /// A read-only disk.
    ReadOnly,
}

/// Mounts a disk of size `$3` at `$1`, with the files of `$1` on it.
const SMALL: &str =
    r#"cp -a "$1/." "$2" && mount -t tmpfs -o size="$3" none "$1" && cp -a "$2/." "$1" || exit 99"#;

const READ_ONLY: &str = r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99"#;

const RUN: &str =
    r#"disk=$1 copy=$2; shift 3; "$@"; code=$?; rm -rf "$copy"; cp -a "$disk" "$copy"; exit $code"#;

impl Disk {
    /// Whether the system allows mounts in a namespace, as Linux may.
    pub fn is_supported() -> bool {
        let mut command = Command::new("unshare");
        let made = command.args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]);
        made.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// A command that runs the program with the disk mounted at `folder`, and copies the disk's content to `copy` at the end.
    pub fn command(self, program: &Path, arguments: &[&str], folder: &Path, copy: &Path) -> Command {
        let (mount, size) = match self {
            Disk::Small(kib) => (SMALL, format!("{kib}k")),
            Disk::ReadOnly => (READ_ONLY, String::new()),
        };
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &format!("{mount}\n{RUN}"), "sh"]).args([folder, copy]).arg(size);
        command.arg(program).args(arguments);
        command
    }
}
