//! What a file holds, by its first bytes.

use image::ImageFormat;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// So many first bytes are looked at: a tar archive's first header.
pub(crate) const LOOKED_AT: usize = 512;

/// The formats of pictures that are read.
pub(crate) const PICTURES: &str = "JPEG, PNG, WebP, BMP, TIFF or GIF";

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Picture(ImageFormat),
    /// A tar archive, or gzip, in which there may be one.
    Archive,
    /// Something else, in words.
    Other(&'static str),
    Unknown,
}

const NPY: &str = "a .npy array";

/// What files begin with.
const BEGINNINGS: [(&[u8], Content); 19] = [
    (b"\xff\xd8\xff", Content::Picture(ImageFormat::Jpeg)),
    (b"\x89PNG\r\n\x1a\n", Content::Picture(ImageFormat::Png)),
    (b"GIF87a", Content::Picture(ImageFormat::Gif)),
    (b"GIF89a", Content::Picture(ImageFormat::Gif)),
    (b"II*\0", Content::Picture(ImageFormat::Tiff)),
    (b"MM\0*", Content::Picture(ImageFormat::Tiff)),
    (b"\x1f\x8b", Content::Archive),
    (b"\x93NUMPY", Content::Other(NPY)),
    (
        b"PK\x03\x04",
        Content::Other(
            "a .npz archive of arrays or another .zip archive, expected one array: np.save(\"x.npy\", …)",
        ),
    ),
    (b"version https://git-lfs", Content::Other("a Git LFS pointer, not the file: run `git lfs pull`")),
    (b"<!doctype html", Content::Other("an HTML page, not the file")),
    (b"<html", Content::Other("an HTML page, not the file")),
    (b"<svg", Content::Other("an SVG drawing: save it as PNG")),
    (b"<?xml", Content::Other("an XML file")),
    (b"%PDF", Content::Other("a PDF file")),
    (b"\0\0\0\x0cJXL ", Content::Other("a JPEG XL picture: save it as PNG")),
    (b"\0\0\0\x0cjP  ", Content::Other("a JPEG 2000 picture: save it as PNG")),
    (b"P6", Content::Other("a PPM picture: save it as PNG")),
    (b"P5", Content::Other("a PGM picture: save it as PNG")),
];

impl Content {
    /// The content of a file that begins with these bytes, up to [`LOOKED_AT`] of them.
    pub fn from_bytes(bytes: &[u8]) -> Content {
        let text = bytes.trim_ascii_start();
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        let begins = |beginning: &&(&[u8], Content)| {
            let length = beginning.0.len();
            let of_text = beginning.0[0] == b'<' && text.len() >= length;
            bytes.starts_with(beginning.0) || of_text && text[..length].eq_ignore_ascii_case(beginning.0)
        };
        if let Some((_, content)) = BEGINNINGS.iter().find(begins) {
            return *content;
        }
        match bytes {
            [] => Content::Other("an empty file"),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => {
                Content::Picture(ImageFormat::WebP)
            }
            [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_heif(brand) => {
                Content::Other("a HEIC or AVIF picture: save it as JPEG or PNG")
            }
            [b'B', b'M', rest @ ..] if is_bitmap(rest) => Content::Picture(ImageFormat::Bmp),
            _ if is_tar(bytes) => Content::Archive,
            _ => Content::Unknown,
        }
    }

    /// The content of a file.
    pub fn of_file(path: &Path) -> io::Result<Content> {
        let mut bytes = Vec::new();
        File::open(path)?.take(LOOKED_AT as u64).read_to_end(&mut bytes)?;
        Ok(Content::from_bytes(&bytes))
    }

    pub fn is_npy(self) -> bool {
        self == Content::Other(NPY)
    }

    /// What it is, for messages.
    pub fn name(self) -> &'static str {
        match self {
            Content::Picture(format) => picture_name(format),
            Content::Archive => "a gzip or tar archive",
            Content::Other(name) => name,
            Content::Unknown => "another kind of file",
        }
    }
}

/// What a format's pictures are called.
pub(crate) fn picture_name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "a JPEG image",
        ImageFormat::Png => "a PNG image",
        ImageFormat::WebP => "a WebP image",
        ImageFormat::Bmp => "a BMP image",
        ImageFormat::Tiff => "a TIFF image",
        ImageFormat::Gif => "a GIF image",
        _ => "an image",
    }
}

fn is_heif(brand: &[u8]) -> bool {
    [&b"heic"[..], b"heix", b"hevc", b"mif1", b"avif", b"avis"].iter().any(|known| brand.starts_with(known))
}

/// Whether what follows `BM` is a header: its reserved bytes, and the size of the second header.
fn is_bitmap(rest: &[u8]) -> bool {
    matches!(rest.get(12..16), Some([12 | 40 | 52 | 56 | 64 | 108 | 124, 0, 0, 0]))
}

/// Whether the first header's check sum is right: also archives older than their magic number.
fn is_tar(bytes: &[u8]) -> bool {
    const SUM: std::ops::Range<usize> = 148..156;
    let Some(header) = bytes.get(..LOOKED_AT) else { return false };
    let digits =
        header[SUM].iter().skip_while(|&&byte| byte == b' ').take_while(|byte| byte.is_ascii_digit());
    let claimed = digits.fold(0u32, |sum, digit| sum * 8 + u32::from(digit - b'0'));
    let blank = |(at, &byte): (usize, &u8)| u32::from(if SUM.contains(&at) { b' ' } else { byte });
    header[0] != 0 && header.iter().enumerate().map(blank).sum::<u32>() == claimed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_their_first_bytes() {
        let bmp = [&b"BM"[..], &[0; 12], &[40, 0, 0, 0]].concat();
        let cases: [(&[u8], &str); 14] = [
            (b"\xff\xd8\xff\xe0", "a JPEG image"),
            (b"RIFF\x10\0\0\0WEBPVP8 ", "a WebP image"),
            (&bmp, "a BMP image"),
            (b"BM is a text", "another kind of file"),
            (b"II*\0\x08\0", "a TIFF image"),
            (b"GIF89a..", "a GIF image"),
            (b"", "an empty file"),
            (
                b"version https://git-lfs.github.com/spec/v1\n",
                "a Git LFS pointer, not the file: run `git lfs pull`",
            ),
            (b"\n  <!DOCTYPE html>", "an HTML page, not the file"),
            (b"<HTML>", "an HTML page, not the file"),
            (b"\0\0\0\x18ftypheic", "a HEIC or AVIF picture: save it as JPEG or PNG"),
            (b"\x1f\x8b\x08", "a gzip or tar archive"),
            (b"hello", "another kind of file"),
            (&[0; 512], "another kind of file"),
        ];
        for (bytes, name) in cases {
            assert_eq!(Content::from_bytes(bytes).name(), name);
        }
    }

    #[test]
    fn an_archive_is_known_by_its_check_sum() {
        let mut header = tar::Header::new_old();
        header.set_path("cat.jpg").expect("a short name");
        header.set_size(3);
        header.set_cksum();
        assert_eq!(Content::from_bytes(header.as_bytes()), Content::Archive);
        let mut other = *header.as_bytes();
        other[0] += 1;
        assert_eq!(Content::from_bytes(&other), Content::Unknown);
    }
}
