//! The folder of real data.

use std::path::{Path, PathBuf};

/// `$GLASSBOX_DATA`, or `../shared/data` beside the checkout; none where neither is a folder.
pub fn data_folder() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let folder = std::env::var_os("GLASSBOX_DATA").map_or_else(beside, PathBuf::from);
    folder.is_dir().then_some(folder)
}
