//! What is not exactly an IDX file of 28 × 28 images or of digits is refused, and the message says why.

mod idx_writer;

use datasets::{DataError, read_idx_images, read_idx_labels};
use idx_writer::{gzip, idx};
use std::fs;
use std::path::Path;

const IMAGES: [u32; 4] = [0x803, 2, 28, 28];
const LABELS: [u32; 2] = [0x801, 3];

/// What each reader says of these bytes; `Ok` gives the number of items.
fn read_as_images(path: &Path) -> Result<usize, DataError> {
    read_idx_images(path).map(|images| images.dims()[0])
}

fn read_as_labels(path: &Path) -> Result<usize, DataError> {
    read_idx_labels(path).map(|labels| labels.len())
}

type Read = fn(&Path) -> Result<usize, DataError>;

/// The message about a file of these bytes, without its path.
fn refusal(bytes: &[u8], read: Read) -> String {
    in_a_file(bytes, |path| {
        let message = read(path).expect_err("should be refused").to_string();
        message.strip_prefix(&format!("{}: ", path.display())).expect(&message).to_owned()
    })
}

fn in_a_file<T>(bytes: &[u8], read: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    fs::write(&path, bytes).unwrap();
    read(&path)
}

#[test]
fn right_files_are_read_compressed_or_not() {
    let images = idx(&IMAGES, &[7; 2 * 784]);
    let labels = idx(&LABELS, &[0, 9, 5]);
    for compress in [<[u8]>::to_vec, gzip] {
        assert_eq!(in_a_file(&compress(&images), read_as_images).unwrap(), 2);
        assert_eq!(in_a_file(&compress(&labels), read_as_labels).unwrap(), 3);
    }
}

#[test]
fn pixels_are_divided_by_255_row_by_row() {
    let body: Vec<u8> = (0..784).map(|i| (i % 256) as u8).collect();
    let images = in_a_file(&idx(&[0x803, 1, 28, 28], &body), read_idx_images).unwrap();
    assert_eq!(images.dims(), [1, 1, 28, 28]);
    let rows = images.squeeze(0).unwrap().squeeze(0).unwrap();
    let rows = rows.to_vec2::<f32>().unwrap();
    assert_eq!(rows[0][1], 1.0 / 255.0);
    assert_eq!(rows[1][0], 28.0 / 255.0);
    assert_eq!(rows[9][3], 1.0);
}

#[test]
fn wrong_contents_are_refused_compressed_or_not() {
    let body = [7; 2 * 784];
    let images = vec![
        (idx(&[0x801, 2, 28, 28], &body), "IDX magic number 0x00000803, found 0x00000801"),
        (idx(&[0x803, 2, 28, 27], &body), "images of 28 by 28 pixels, found 28 by 27"),
        (idx(&[0x803, 2, 1, 784], &body), "images of 28 by 28 pixels, found 1 by 784"),
        (idx(&IMAGES, &body[1..]), "1568 bytes of pixels, found 1567 (truncated?)"),
        (idx(&IMAGES, &[&body[..], &[0]].concat()), "1568 bytes of pixels, found more (trailing bytes)"),
        (idx(&[0x803, 2], &[]), "16 bytes of header, found 8 (truncated?)"),
        (
            idx(&[0x803, u32::MAX, 28, 28], &body),
            "at most 1048576 images, found a header that announces 4294967295",
        ),
        (idx(&[0x803, 1 << 20, 28, 28], &body), "822083584 bytes of pixels, found 1568 (truncated?)"),
    ];
    let labels = vec![
        (idx(&[0x803, 3], &[1, 2, 3]), "IDX magic number 0x00000801, found 0x00000803"),
        (idx(&LABELS, &[1, 2]), "3 labels, found 2 (truncated?)"),
        (idx(&LABELS, &[1, 2, 3, 4]), "3 labels, found more (trailing bytes)"),
        (idx(&LABELS, &[1, 10, 11]), "labels from 0 to 9, found 10 at index 1"),
        (idx(&LABELS, &vec![0; 50_000_000]), "3 labels, found more (trailing bytes)"),
        (vec![], "8 bytes of header, found 0 (truncated?)"),
    ];
    for (read, cases) in [(read_as_images as Read, images), (read_as_labels, labels)] {
        for (bytes, expected) in cases {
            let expected = format!("expected {expected}");
            assert_eq!(refusal(&bytes, read), expected);
            assert_eq!(refusal(&gzip(&bytes), read), expected, "compressed");
        }
    }
}

#[test]
fn damaged_compression_is_refused() {
    let whole = gzip(&idx(&LABELS, &[1, 2, 3]));
    let mut checksum = whole.clone();
    let crc = whole.len() - 8;
    checksum[crc] ^= 1;
    let mut size = whole.clone();
    size[crc + 4] ^= 1;
    let twice = [&whole[..], &whole].concat();
    let empty_second = [&whole[..], &gzip(&[])].concat();
    let zero_after = [&whole[..], &[0]].concat();
    let after = "expected one gzip stream, found: more bytes after its end";
    let damaged = "expected a whole gzip stream, found: ";
    let refused_after = [&twice, &empty_second, &zero_after].map(|bytes| (bytes, after));
    for (bytes, expected) in refused_after.into_iter().chain([(&checksum, damaged), (&size, damaged)]) {
        let said = refusal(bytes, read_as_labels);
        assert!(said.starts_with(expected), "{said}");
    }
}

#[test]
fn every_beginning_of_a_file_is_refused() {
    let labels = idx(&LABELS, &[1, 2, 3]);
    for whole in [labels.clone(), gzip(&labels)] {
        for end in 0..whole.len() {
            refusal(&whole[..end], read_as_labels);
        }
    }
}

#[test]
fn every_flipped_bit_of_a_header_is_refused() {
    let images = idx(&IMAGES, &[7; 2 * 784]);
    for bit in 0..16 * 8 {
        let mut flipped = images.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        refusal(&flipped, read_as_images);
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = read_as_labels(Path::new("nowhere/labels")).unwrap_err();
    let message = error.to_string();
    assert!(message.starts_with("nowhere/labels: expected a file"), "{message}");
    assert!(matches!(error, DataError::Io { .. }));
}
