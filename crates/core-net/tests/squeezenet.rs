//! SqueezeNet's trained weights fill the zoo's nets.

use core_net::zoo;

#[test]
fn trained_weights_by_torchvision_s_names_fill_both_versions_and_not_each_other() {
    let files = ["squeezenet/squeezenet1_0.safetensors", "squeezenet/squeezenet1_1.safetensors"];
    let Some(data) = test_support::data(&files) else { return };
    let [v10, v11] = files.map(|file| data.join(file));
    let empty = |name| zoo::by_name(name, 1000, None).expect("in the zoo");
    for (name, path) in [("squeezenet1_0", &v10), ("squeezenet1_1", &v11)] {
        let net = empty(name).load(path).expect(name);
        assert_eq!(net.parameters().len(), 52, "{name}");
    }
    let error = empty("squeezenet1_0").load(&v11).expect_err("another net's weights").to_string();
    assert!(error.contains("expected features.0.weight [96, 3, 7, 7], found [64, 3, 3, 3] F32"), "{error}");
}
