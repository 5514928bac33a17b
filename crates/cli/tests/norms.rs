//! Operator norms on the command line.

mod workbench;

use adversarial::norms::{Boundary, lipschitz_bounds, operation_norm};
use core_net::{Net, Node, zoo};
use workbench::Workbench;

/// Checks that the file says what the method finds.
fn check(bench: &Workbench, net: &Net, boundary: Boundary) {
    let rows = bench.rows("norms.csv", "node,kind,norm,upper_bound,reshaped_norm");
    assert_eq!(rows.len(), net.nodes().len() - 1);
    for (row, node) in rows.iter().zip(1..) {
        let norm = operation_norm(net, node, boundary);
        assert_eq!(row[..2], [&*net.nodes()[node].name, net.nodes()[node].op.kind()]);
        assert_eq!(row[2].parse().ok(), norm.norm, "{row:?}");
        assert_eq!(row[3].parse(), Ok(norm.upper_bound), "{row:?}");
        assert_eq!(row[4].parse().ok(), norm.reshaped, "{row:?}");
    }
}

#[test]
fn norms_are_written_and_printed_with_the_bound_of_the_net() {
    let bench = Workbench::new();
    let text = bench.lenet("norms", "--size 28,28 -o norms.csv").well();
    check(&bench, &bench.net, Boundary::Zero);
    let norms: Vec<_> =
        (0..bench.net.nodes().len()).map(|node| operation_norm(&bench.net, node, Boundary::Zero)).collect();
    let bound = lipschitz_bounds(&bench.net, &norms)[bench.net.output()];
    let sentence =
        |times: f64, what: &str| format!("\nthe output moves by at most {times:.4} times the {what}\n");
    assert!(text.contains(&sentence(bound, "image as the net reads it")), "{text}");
    assert!(text.contains(&sentence(bound, "pixels from 0 to 1")), "{text}");
    assert!(text.contains("no change of the pixels smaller than "), "{text}");
    // An image that is divided by its deviation moves by more than its pixels do.
    let text = bench.lenet("norms", "--std 0.25 --mean 0.5").well();
    assert!(text.contains(&sentence(4.0 * bound, "pixels from 0 to 1")), "{text}");
    let is_listed = |node: &Node| text.contains(&format!("\n{} ", node.name));
    assert!(bench.net.nodes().iter().skip(1).all(is_listed), "{text}");

    bench.lenet("norms", "--boundary circular -o norms.csv").well();
    check(&bench, &bench.net, Boundary::Circular);
    assert_eq!(bench.files(), ["lenet.safetensors", "norms.csv"]);
}

#[test]
fn a_net_of_any_size_has_the_norms_of_the_size_that_is_asked_for() {
    let bench = Workbench::new();
    let net = zoo::untrained("squeezenet1_1", 5, [33, 40], 2);
    bench.write_net("net", &net);
    let norms = |size: &str| {
        bench.run(&format!(
            "norms net.safetensors --arch squeezenet1_1 --classes 5 -o norms.csv --size {size}"
        ))
    };
    norms("33,40").well();
    check(&bench, &net, Boundary::Zero);
    let line = norms("4").refused(1);
    let expected = "--size: expected images large enough for squeezenet1_1, found: node ";
    assert!(line.starts_with(expected), "{line}");
}

#[test]
fn what_is_wrong_is_said_in_a_line() {
    let bench = Workbench::new();
    let line = bench.lenet("norms", "-o norms.txt").refused(2);
    assert_eq!(line, "norms.txt: expected an output that ends in .csv");
    let line = bench.lenet("norms", "--size 20").refused(1);
    assert!(line.starts_with("lenet.safetensors: expected fc"), "{line}");
    let line = bench.lenet("norms", "-o gone/norms.csv").refused(1);
    assert!(line.starts_with("gone/norms.csv: expected a file that can be written, found"), "{line}");

    let fully_connected = zoo::fully_connected(&[1, 28, 28], &[3], 1);
    let mut bytes = fully_connected.to_safetensors();
    let last = bytes.len() - 4;
    bytes[last..].copy_from_slice(&f32::NAN.to_le_bytes());
    std::fs::write(bench.path("fc.safetensors"), bytes).unwrap();
    let line = bench.run("norms fc.safetensors --arch fc3").refused(1);
    assert!(line.starts_with("fc.safetensors: expected finite weights, found NaN in fc1."), "{line}");
    let line = bench.run("norms fc.safetensors --arch fc3 --size 27").refused(2);
    assert_eq!(line, "--size: expected that of fc3's images, [1, 28, 28], found [27, 27]");
}
