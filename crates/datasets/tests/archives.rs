//! Names and sizes in an archive are claims of whoever wrote it: long names are read, and what leads astray is refused.

mod photos;

use datasets::{BrokenImages, ImageFolder};
use photos::{jpeg, png, tar, write_folder, write_gzip};
use std::fs;
use std::path::Path;
use tar::{Builder, EntryType, Header};

fn header(kind: EntryType, size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_cksum();
    header
}

/// What is said of an archive of these bytes, plain and compressed.
fn refusals(bytes: &[u8]) -> [String; 2] {
    let root = tempfile::tempdir().unwrap();
    write_folder(root.path(), &[("a.tar", bytes.to_vec())]);
    write_gzip(&root.path().join("a.tar.gz"), bytes);
    ["a.tar", "a.tar.gz"].map(|name| {
        let path = root.path().join(name);
        let message = ImageFolder::open(&path).expect_err("should be refused").to_string();
        message.strip_prefix(&format!("{}: ", path.display())).expect("the file first").to_owned()
    })
}

/// A header, and the empty blocks that end an archive.
fn ended(header: &Header) -> Vec<u8> {
    [header.as_bytes().as_slice(), &[0; 1024]].concat()
}

#[test]
fn names_that_stand_in_front_of_their_members_are_read() {
    let root = tempfile::tempdir().unwrap();
    let image = png([1, 2, 3], 4, 3);
    let long = format!("b/{}.png", "long".repeat(60));
    let mut archive = Builder::new(Vec::new());
    let put = |archive: &mut Builder<Vec<u8>>, name: &str| {
        archive.append_data(&mut header(EntryType::Regular, image.len() as u64), name, &image[..]).unwrap();
    };
    put(&mut archive, &long);
    archive.append_pax_extensions([("path", &b"c/pax.png"[..]), ("comment", b"none")]).unwrap();
    put(&mut archive, "short.png");
    put(&mut archive, "./a/last.png");
    let path = root.path().join("images.tar");
    fs::write(&path, archive.into_inner().unwrap()).unwrap();
    let images = ImageFolder::open(&path).unwrap();
    assert_eq!(images.names().collect::<Vec<_>>(), [&long, "c/pax.png", "a/last.png"]);
    assert_eq!(images.classes(), ["a", "b", "c"]);
    let mut pictures = images.images(BrokenImages::Refuse).unwrap().map(Result::unwrap);
    assert!(pictures.all(|picture| picture.image.dimensions() == (4, 3)));
}

#[test]
fn names_that_lead_out_of_the_archive_are_refused() {
    for name in ["../x.png", "a/../../x.png", "/etc/x.png", "./../x.png", "..\\x.png"] {
        let mut header = header(EntryType::Regular, 0);
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_cksum();
        for refusal in refusals(&ended(&header)) {
            let expected = format!("expected a whole tar archive, found: {name:?}, which leads out of it");
            assert_eq!(refusal, expected);
        }
    }
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("dots.tar");
    fs::write(&path, tar(&[("a..b/x..jpg", jpeg(8))])).unwrap();
    assert_eq!(ImageFolder::open(&path).unwrap().names().next(), Some("a..b/x..jpg"));
}

#[test]
fn a_name_without_end_and_a_name_without_its_file_are_refused() {
    for refusal in refusals(&ended(&header(EntryType::GNULongName, 1 << 40))) {
        assert_eq!(refusal, "expected a whole tar archive, found: a name of 1099511627776 bytes");
    }
    let alone =
        [header(EntryType::GNULongName, 3).as_bytes().as_slice(), b"a.p", &[0; 509], &[0; 1024]].concat();
    for refusal in refusals(&alone) {
        assert_eq!(refusal, "expected a whole tar archive, found: \"a.p\" without its file");
    }
}

#[test]
fn files_of_more_bytes_than_there_are_numbers_are_refused() {
    let mut sparse = header(EntryType::GNUSparse, 1);
    let gnu = sparse.as_gnu_mut().unwrap();
    gnu.sparse[0].offset.copy_from_slice(&[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]);
    gnu.sparse[0].numbytes.copy_from_slice(b"00000000001\0");
    gnu.realsize.copy_from_slice(&[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    sparse.set_cksum();
    let archives = [ended(&sparse), ended(&header(EntryType::Regular, u64::MAX - 600))];
    for refusal in archives.iter().flat_map(|archive| refusals(archive)) {
        assert!(refusal.starts_with("expected "), "{refusal}");
    }
    let pax = |size: &[u8]| {
        let mut archive = Builder::new(Vec::new());
        archive.append_pax_extensions([("size", size)]).unwrap();
        archive.append_data(&mut header(EntryType::Regular, 1), Path::new("a.png"), &b"x"[..]).unwrap();
        archive.into_inner().unwrap()
    };
    for refusal in refusals(&pax(b"18446744073709551615")) {
        let expected = "found: a file of 18446744073709551615 bytes whose header says 1";
        assert!(refusal.ends_with(expected), "{refusal}");
    }
}

#[test]
fn an_image_file_beyond_every_image_is_refused_before_it_is_read() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("huge.tar");
    let mut name = header(EntryType::Regular, 600 << 20);
    name.as_old_mut().name[..5].copy_from_slice(b"a.png");
    name.set_cksum();
    fs::write(&path, name.as_bytes()).unwrap();
    let file = fs::File::options().append(true).open(&path).unwrap();
    file.set_len(512 + (600 << 20) + 1024).unwrap();
    let mut images = ImageFolder::open(&path).unwrap().images(BrokenImages::Refuse).unwrap();
    let error = images.next().unwrap().unwrap_err().to_string();
    let expected = "expected images' files of at most 512 MiB, found: one of 629145600 bytes at byte 512";
    assert!(error.ends_with(expected), "{error}");
}
