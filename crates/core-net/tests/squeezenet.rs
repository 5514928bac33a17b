//! SqueezeNet's trained weights fill the zoo's nets; needs `GLASSBOX_DATA`.

use core_net::zoo;
use std::path::PathBuf;

/// A file of the data folder, if there is one.
fn data(file: &str) -> Option<PathBuf> {
    let path = PathBuf::from(std::env::var_os("GLASSBOX_DATA")?).join(file);
    path.exists().then_some(path)
}

#[test]
fn trained_weights_by_torchvision_s_names_fill_both_versions_and_not_each_other() {
    let [v10, v11] =
        ["squeezenet1_0", "squeezenet1_1"].map(|name| data(&format!("squeezenet/{name}.safetensors")));
    let (Some(v10), Some(v11)) = (v10, v11) else {
        return println!("skipped: no squeezenet/ in GLASSBOX_DATA");
    };
    let empty = |name| zoo::by_name(name, 1000, None).expect("in the zoo");
    for (name, path) in [("squeezenet1_0", &v10), ("squeezenet1_1", &v11)] {
        let net = empty(name).load(path).expect(name);
        assert_eq!(net.parameters().len(), 52, "{name}");
    }
    let error = empty("squeezenet1_0").load(&v11).expect_err("another net's weights").to_string();
    assert!(error.contains("expected features.0.weight [96, 3, 7, 7], found [64, 3, 3, 3] F32"), "{error}");
}
