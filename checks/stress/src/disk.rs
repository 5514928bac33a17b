//! Disks that are small or take nothing, for one command.

use std::path::Path;
use std::process::{Command, Stdio};

/// What a folder is for a command.
#[derive(Clone, Copy, Debug)]
pub enum Disk {
    /// It has room for so many KiB.
    Small(usize),
    /// It can only be read.
    ReadOnly,
}

/// `$1` becomes the disk, with what lay in it; what lies in it in the end is copied to `$2`.
const SMALL: &str =
    r#"cp -a "$1/." "$2" && mount -t tmpfs -o size="$3" none "$1" && cp -a "$2/." "$1" || exit 99"#;

const READ_ONLY: &str = r#"mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" || exit 99"#;

const RUN: &str =
    r#"disk=$1 left=$2; shift 3; "$@"; code=$?; rm -rf "$left"; cp -a "$disk" "$left"; exit $code"#;

impl Disk {
    /// Whether this system lets us make such disks: in a namespace of its own, as Linux may.
    pub fn can_be_made() -> bool {
        let mut command = Command::new("unshare");
        let made = command.args(["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]);
        made.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// The program with its arguments, for which `folder` is such a disk; the disk is gone with it, but not what it holds, which is then in the folder `left`.
    pub fn around(self, program: &Path, arguments: &[&str], folder: &Path, left: &Path) -> Command {
        let (mount, size) = match self {
            Disk::Small(kib) => (SMALL, format!("{kib}k")),
            Disk::ReadOnly => (READ_ONLY, String::new()),
        };
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &format!("{mount}\n{RUN}"), "sh"]).args([folder, left]).arg(size);
        command.arg(program).args(arguments);
        command
    }
}
