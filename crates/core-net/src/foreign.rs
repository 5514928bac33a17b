//! Content that is not what a file's name says: called what it is, with what to do.

/// What a file is expected to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// An ONNX model.
    Onnx,
    /// A safetensors file.
    Safetensors,
}

/// Beginnings of files, and what they are.
const BEGINNINGS: [(&[u8], &str); 9] = [
    (b"version https://git-lfs", "a Git LFS pointer, not the file: run `git lfs pull`"),
    (b"\x1f\x8b", "a gzip file: unpack it with gunzip"),
    (b"\x89HDF\r\n", "an HDF5 file, as Keras writes them: export the model with tf2onnx"),
    (b"\x93NUMPY", "a .npy array"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GGUF", "a GGUF file of a language model"),
    (b"ustar", "a tar archive: unpack it"),
    (b"{", "a JSON file"),
];

const PYTORCH: &str = "a PyTorch file (.pt or .pth): in PyTorch, write it with torch.onnx.export, or its weights \
                       with safetensors.torch.save_file";

/// What the bytes of a whole file are, where they are known not to be of this format.
pub fn foreign_content(bytes: &[u8], expected: FileFormat) -> Option<String> {
    if bytes.is_empty() {
        return Some("an empty file".into());
    }
    let known = BEGINNINGS.iter().find(|(beginning, _)| bytes.starts_with(beginning));
    if let Some((_, name)) = known {
        return Some((*name).into());
    }
    if let Some(name) = web_page(bytes).or_else(|| zip(bytes)).or_else(|| pickle(bytes)) {
        return Some(name.into());
    }
    match expected {
        FileFormat::Onnx if is_safetensors(bytes) => {
            Some("a safetensors file: call it .safetensors, and name its architecture with --arch".into())
        }
        FileFormat::Safetensors if is_onnx(bytes) => Some("an ONNX model: call it .onnx".into()),
        _ => text(bytes),
    }
}

fn web_page(bytes: &[u8]) -> Option<&'static str> {
    let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).trim_start().to_lowercase();
    let is_page = ["<!doctype", "<html", "<?xml", "<head"].iter().any(|tag| start.starts_with(tag));
    is_page.then_some("an HTML page, not the file: download the file itself, by its raw or resolve link")
}

fn zip(bytes: &[u8]) -> Option<&'static str> {
    if !bytes.starts_with(b"PK\x03\x04") {
        return None;
    }
    // The first entry's name stands after 30 bytes; PyTorch's are in a folder, with the pickle first.
    let name = bytes.get(30..).map_or(vec![], |rest| rest[..rest.len().min(100)].to_vec());
    let contains = |text: &[u8]| name.windows(text.len()).any(|part| part == text);
    Some(if contains(b"data.pkl") || contains(b"/version") || contains(b"/byteorder") {
        PYTORCH
    } else if contains(b".npy") {
        "a .npz archive of arrays"
    } else {
        "a zip archive: unpack it"
    })
}

fn pickle(bytes: &[u8]) -> Option<&'static str> {
    (bytes[0] == 0x80 && bytes.get(1).is_some_and(|protocol| (2..=5).contains(protocol))).then_some(PYTORCH)
}

/// Eight bytes with the length of a header in JSON, which follows.
fn is_safetensors(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map(|&length| u64::from_le_bytes(length));
    let fits = length.is_some_and(|length| (2..bytes.len() as u64).contains(&length));
    fits && bytes.get(8) == Some(&b'{')
}

/// A version of the format as the first field, then another field.
fn is_onnx(bytes: &[u8]) -> bool {
    matches!(bytes, [0x08, 1..=20, 0x12 | 0x1a | 0x22 | 0x2a | 0x32 | 0x3a | 0x42, ..])
}

/// A short text, such as the answer of a server that has no such file.
fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).ok().filter(|text| text.len() < 2000)?;
    let is_text = text.chars().all(|c| !c.is_control() || c.is_whitespace());
    let line = text.lines().next().unwrap_or_default();
    let start: String = line.chars().take(40).collect();
    is_text.then(|| format!("a text that begins with {start:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_content_is_called_what_it_is() {
        let cases: [(&[u8], &str); 9] = [
            (b"", "an empty file"),
            (b"version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 5\n", "run `git lfs pull`"),
            (b"\n <!DOCTYPE html><html>", "an HTML page"),
            (b"\x1f\x8b\x08\x00", "a gzip file"),
            (b"PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaarchive/data.pkl", "a PyTorch file"),
            (b"PK\x03\x04aaaaaaaaaaaaaaaaaaaaaaaaaaarr_0.npy", "a .npz archive"),
            (b"\x80\x02\x8a\x0al", "a PyTorch file"),
            (b"Entry not found", "a text that begins with \"Entry not found\""),
            (b"{\"weight_map\": {}}", "a JSON file"),
        ];
        for (bytes, expected) in cases {
            for format in [FileFormat::Onnx, FileFormat::Safetensors] {
                let found = foreign_content(bytes, format).expect(expected);
                assert!(found.contains(expected), "{found}");
            }
        }
    }

    #[test]
    fn each_format_is_foreign_to_the_other_only() {
        let weights = crate::zoo::fully_connected(&[1, 1, 2], &[2], 1).to_safetensors();
        assert_eq!(foreign_content(&weights, FileFormat::Safetensors), None);
        assert!(foreign_content(&weights, FileFormat::Onnx).expect("foreign").contains("--arch"));
        let model = [0x08, 0x08, 0x12, 0x07, b'p', b'y', b't', b'o', b'r', b'c', b'h', 0xff];
        assert_eq!(foreign_content(&model, FileFormat::Onnx), None);
        assert!(foreign_content(&model, FileFormat::Safetensors).expect("foreign").contains(".onnx"));
    }
}
