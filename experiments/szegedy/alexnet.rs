//! The net of Table 5, where the user has it.

use anyhow::Result;
use core_net::{Net, zoo};
use lab::Run;

/// In the two groups of its own paper, or in one tower as torchvision has it.
const VERSIONS: [(&str, &str); 2] =
    [("alexnet_grouped", "alexnet/alexnet_grouped.safetensors"), ("alexnet", "alexnet/alexnet.safetensors")];

/// The first trained AlexNet in the data folder, and its name in the zoo; where there is none, the run says so.
///
/// Unlike the paper, whose AlexNet was not published.
///
/// # Errors
/// When a file does not fill the net.
pub fn alexnet(run: &Run) -> Result<Option<(&'static str, Net)>> {
    for (name, file) in VERSIONS {
        let empty = || zoo::by_name(name, 1000, None).expect("a net of the zoo");
        if let Some(net) = run.optional_weights(file, empty)? {
            run.remark("AlexNet", file);
            return Ok(Some((name, net)));
        }
    }
    let files = VERSIONS.map(|(_, file)| file).join(" nor ");
    run.remark(
        "AlexNet",
        &format!("neither {files} in the data folder: its rows show the paper's numbers alone"),
    );
    Ok(None)
}
