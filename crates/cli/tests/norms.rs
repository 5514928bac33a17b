//! Operator norms on the command line.

mod workbench;

use adversarial::norms::{Boundary, lipschitz_bounds, operation_norm};
use core_net::{Net, zoo};
use workbench::Workbench;

const HEADER: &str = "node,kind,norm,upper_bound,reshaped_norm";

fn rows(bench: &Workbench) -> Vec<Vec<String>> {
    let text = std::fs::read_to_string(bench.path("norms.csv")).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some(HEADER));
    lines.map(|line| line.split(',').map(String::from).collect()).collect()
}

/// Whether the file says what the method finds.
fn agrees(rows: &[Vec<String>], net: &Net, boundary: Boundary) {
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
    agrees(&rows(&bench), &bench.net, Boundary::Zero);
    let norms: Vec<_> =
        (0..bench.net.nodes().len()).map(|node| operation_norm(&bench.net, node, Boundary::Zero)).collect();
    let bound = lipschitz_bounds(&bench.net, &norms)[bench.net.output()];
    assert!(text.ends_with(&format!("\nthe output moves by at most {bound:.4} times the image\n")), "{text}");
    assert!(
        bench.net.nodes().iter().skip(1).all(|node| text.contains(&format!("\n{} ", node.name))),
        "{text}"
    );

    bench.lenet("norms", "--boundary circular -o norms.csv").well();
    agrees(&rows(&bench), &bench.net, Boundary::Circular);
    assert_eq!(bench.files(), ["lenet.safetensors", "norms.csv"]);
}

#[test]
fn a_net_of_any_size_has_the_norms_of_the_size_that_is_asked_for() {
    let bench = Workbench::new();
    let net = zoo::squeezenet1_1(5, [33, 40], 2);
    std::fs::write(bench.path("net.safetensors"), net.to_safetensors()).unwrap();
    let model = ["norms", "net.safetensors", "--arch", "squeezenet1_1", "--classes", "5", "-o", "norms.csv"];
    bench.run(&[&model[..], &["--size", "33,40"]].concat()).well();
    agrees(&rows(&bench), &net, Boundary::Zero);
    let line = bench.run(&[&model[..], &["--size", "4"]].concat()).refused(1);
    assert!(
        line.starts_with("--size: expected images large enough for squeezenet1_1, found: node "),
        "{line}"
    );
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
    let line = bench.run(&["norms", "fc.safetensors", "--arch", "fc3"]).refused(1);
    assert!(line.starts_with("fc.safetensors: expected finite weights, found NaN in fc1."), "{line}");
    let line = bench.run(&["norms", "fc.safetensors", "--arch", "fc3", "--size", "27"]).refused(2);
    assert_eq!(line, "--size: expected that of fc3's images, [1, 28, 28], found [27, 27]");
}
