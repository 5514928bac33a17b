//! Stored tensors: every type and place they are read from, and sizes that lie.

use crate::made::{integer, model, net, node, stored};
use crate::proto::{ModelProto, StringStringEntryProto, TensorProto};
use crate::read::{read, read_sized};
use core_net::operations::Affine;
use core_net::{Net, Op};
use prost::Message;
use std::path::PathBuf;
use tensor::to_f64s;

/// `y = x + c` for a constant of two channels.
fn sum(c: TensorProto) -> ModelProto {
    model(vec![node("Add", "x c", "y", vec![])], vec![TensorProto { dims: vec![2, 1, 1], ..c }])
}

/// The sums' constants as the net has them.
fn read_back(model: &ModelProto) -> Result<Vec<f64>, String> {
    net(model).map(|net| shift(&net))
}

fn shift(net: &Net) -> Vec<f64> {
    match &net.nodes()[net.output()].op {
        Op::Affine(Affine { shift, .. }) => to_f64s(shift),
        other => panic!("expected a sum with a constant, got {other:?}"),
    }
}

/// Two scalars as raw data.
fn raw<const N: usize>(scalars: [[u8; N]; 2], tensor: TensorProto) -> TensorProto {
    TensorProto { raw_data: Some(scalars.concat().into()), ..tensor }
}

#[test]
fn floating_point_numbers_are_read_from_raw_bytes_and_from_typed_fields() {
    let c = |data_type| stored("c", &[], data_type);
    let cases = [
        TensorProto { float_data: vec![0.5, -3.0], ..c(1) },
        raw([0.5f32.to_le_bytes(), (-3f32).to_le_bytes()], c(1)),
        TensorProto { double_data: vec![0.5, -3.0], ..c(11) },
        raw([0.5f64.to_le_bytes(), (-3f64).to_le_bytes()], c(11)),
        // Half precision: sign, 5 bits of exponent, 10 of mantissa.
        TensorProto { int32_data: vec![0x3800, 0xC200], ..c(10) },
        raw([[0x00, 0x38], [0x00, 0xC2]], c(10)),
        // bfloat16: the upper half of an f32.
        raw([[0x00, 0x3F], [0x40, 0xC0]], c(16)),
    ];
    for case in cases {
        assert_eq!(read_back(&sum(case)), Ok(vec![0.5, -3.0]));
    }
}

#[test]
fn integers_are_read_from_raw_bytes_and_from_typed_fields() {
    let target = |data_type| stored("s", &[2], data_type);
    let cases = [
        TensorProto { int64_data: vec![0, -1], ..target(7) },
        raw([0i64.to_le_bytes(), (-1i64).to_le_bytes()], target(7)),
        TensorProto { int32_data: vec![0, -1], ..target(6) },
        raw([0i32.to_le_bytes(), (-1i32).to_le_bytes()], target(6)),
    ];
    for case in cases {
        let net = net(&model(vec![node("Reshape", "x s", "y", vec![])], vec![case])).expect("a reshape");
        assert_eq!(net.nodes()[net.output()].shape, [24]);
    }
}

#[test]
fn a_tensor_that_claims_more_than_it_has_takes_no_memory() {
    let refused = |dims: &[i64], message: &str| {
        let c = TensorProto { float_data: vec![1.0], ..stored("c", dims, 1) };
        let error = net(&model(vec![node("Add", "x c", "y", vec![])], vec![c])).expect_err("one scalar only");
        assert_eq!(error, format!("tensor c: expected {message}"));
    };
    refused(&[1 << 40], "4398046511104 bytes for Float [1099511627776], found 4 bytes");
    refused(&[2, 1, 1], "8 bytes for Float [2, 1, 1], found 4 bytes");
    refused(&[1 << 40, 1 << 40], "a tensor that fits into memory, found [1099511627776, 1099511627776]");
    refused(&[i64::MAX], "a tensor that fits into memory, found [9223372036854775807]");
    refused(&[-1], "a shape without negative sides, found [-1]");
}

#[test]
fn a_type_that_no_net_computes_in_is_refused_by_number() {
    let error = read_back(&sum(stored("c", &[2], 8))).expect_err("strings");
    let types = "float, double, float16, bfloat16, int32, int64 or bool";
    assert_eq!(error, format!("tensor c: expected {types}, found data type 8"));
}

#[test]
fn a_cast_to_the_type_that_is_computed_in_changes_nothing() {
    let nodes = vec![node("Cast", "c", "d", vec![integer("to", 1)]), node("Add", "x d", "y", vec![])];
    let c = TensorProto { int32_data: vec![0x3800, 0xC200], ..stored("c", &[2, 1, 1], 10) };
    assert_eq!(read_back(&model(nodes, vec![c])), Ok(vec![0.5, -3.0]));
}

/// A folder with a model whose constant lies in `weights.bin`, eight bytes from the fourth on.
struct Beside(PathBuf);

impl Beside {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("onnx-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a temporary folder");
        let scalars = [7f32, 0.5, -3.0].map(f32::to_le_bytes).concat();
        std::fs::write(folder.join("weights.bin"), scalars).expect("a temporary file");
        Self(folder)
    }

    fn read(&self, entries: &[(&str, &str)]) -> Result<Vec<f64>, String> {
        let entry = |(key, value): &(&str, &str)| StringStringEntryProto {
            key: Some((*key).into()),
            value: Some((*value).into()),
        };
        let external_data = entries.iter().map(entry).collect();
        let model = sum(TensorProto { data_location: Some(1), external_data, ..stored("c", &[], 1) });
        let path = self.0.join("model.onnx");
        std::fs::write(&path, model.encode_to_vec()).expect("a temporary file");
        read(&path).map(|net| shift(&net)).map_err(|error| error.to_string())
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).expect("the folder was made");
    }
}

#[test]
fn external_data_are_read_from_their_place_in_their_file() {
    let beside = Beside::new("place");
    let place = [("location", "weights.bin"), ("offset", "4"), ("length", "8")];
    assert_eq!(beside.read(&place), Ok(vec![0.5, -3.0]));
    assert_eq!(beside.read(&[("location", "./weights.bin")]), Ok(vec![7.0, 0.5]));
}

#[test]
fn external_data_outside_the_folder_or_beyond_the_file_are_refused() {
    let beside = Beside::new("outside");
    let refused = |entries: &[(&str, &str)], message: &str| {
        let error = beside.read(entries).expect_err(message);
        assert!(error.contains("tensor c: expected ") && error.contains(message), "{error}");
    };
    for location in ["../weights.bin", "a/../../weights.bin", "/etc/hostname", ""] {
        refused(&[("location", location)], "a file in the model's folder, found location");
    }
    refused(&[("location", "nowhere.bin")], "nowhere.bin, found ");
    refused(&[("location", "weights.bin"), ("offset", "5")], "8 bytes at 5 in");
    refused(&[("location", "weights.bin"), ("offset", "18446744073709551615")], "found 12 bytes in all");
    refused(&[("location", "weights.bin"), ("offset", "-4")], "a number of bytes as offset, found \"-4\"");
    let too_long = [("location", "weights.bin"), ("length", "1000000000000")];
    refused(&too_long, "8 bytes, found length 1000000000000");
}

#[test]
#[cfg(unix)]
fn external_data_behind_a_link_out_of_the_folder_are_refused() {
    let (beside, elsewhere) = (Beside::new("linked"), Beside::new("elsewhere"));
    let link = |to: PathBuf, name: &str| std::os::unix::fs::symlink(to, beside.0.join(name)).expect("a link");
    link(beside.0.join("weights.bin"), "within.bin");
    link(elsewhere.0.join("weights.bin"), "out.bin");
    link(elsewhere.0.clone(), "folder");
    assert_eq!(beside.read(&[("location", "within.bin")]), Ok(vec![7.0, 0.5]));
    for location in ["out.bin", "folder/weights.bin"] {
        let error = beside.read(&[("location", location)]).expect_err(location);
        let advice = "a file in the model's folder (copy the model and its data into one folder";
        let found = format!("{location}, a link that leads out of it to ");
        assert!([advice, &found, "elsewhere"].iter().all(|part| error.contains(part)), "{error}");
    }
    // A cache of downloads: model and data are both links to files of other names in another folder.
    std::fs::remove_file(beside.0.join("model.onnx")).expect("a model");
    link(elsewhere.0.join("blob"), "model.onnx");
    assert_eq!(beside.read(&[("location", "out.bin")]), Ok(vec![7.0, 0.5]));
    let third = Beside::new("third");
    link(third.0.join("weights.bin"), "third.bin");
    let error = beside.read(&[("location", "third.bin")]).expect_err("two caches");
    assert!(error.contains("without links: cp -L"), "{error}");
    std::fs::remove_file(beside.0.join("out.bin")).expect("a link");
    std::fs::copy(elsewhere.0.join("weights.bin"), beside.0.join("out.bin")).expect("a copy");
    assert_eq!(beside.read(&[("location", "out.bin")]), Ok(vec![7.0, 0.5]));
}

#[test]
fn a_small_constant_beside_a_huge_image_takes_no_memory() {
    let sides = [None, Some(1), Some(16_000), Some(16_000)];
    let c = TensorProto { float_data: vec![0.5; 16_000], ..stored("c", &[16_000, 1], 1) };
    let mut model = model(vec![node("Mul", "x c", "y", vec![])], vec![c]);
    model.graph.as_mut().expect("a graph").input = vec![super::made::value("x", &sides)];
    let net = net(&model).expect("a product of a gigabyte, not yet computed");
    let Op::Affine(Affine { scale, .. }) = &net.nodes()[1].op else { panic!("expected a product") };
    assert_eq!((scale.dims(), &scale.stride()[1..]), (&[1, 16_000, 16_000][..], &[1, 0][..]));
    let sides = [None, Some(65_535), Some(65_535), Some(65_535)];
    model.graph.as_mut().expect("a graph").input = vec![super::made::value("x", &sides)];
    let error = super::made::net(&model).expect_err("no memory's size");
    assert!(error.contains("an image of 1 to 268435456 scalars"), "{error}");
}

#[test]
fn images_of_open_size_are_read_with_a_size_from_outside() {
    let beside = Beside::new("size");
    let path = beside.0.join("open.onnx");
    let mut open = model(vec![node("Relu", "x", "y", vec![])], vec![]);
    let sides = [None, Some(2), None, Some(3)];
    open.graph.as_mut().expect("a graph").input = vec![super::made::value("x", &sides)];
    std::fs::write(&path, open.encode_to_vec()).expect("a temporary file");
    assert_eq!(read_sized(&path, [5, 3]).expect("as wide as the file says").nodes()[1].shape, [2, 5, 3]);
    let message = read_sized(&path, [5, 4]).expect_err("another width").to_string();
    let expected = "images of size 4 along axis 3 as input x, found [open, 2, open, 3]";
    assert!(message.ends_with(expected), "{message}");
}
