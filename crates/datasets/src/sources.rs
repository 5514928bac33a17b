//! The files that can be downloaded: the rows of `data/SOURCES.csv`.

/// A file on the network, and how to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// Where it belongs, relative to the data folder: `mnist/train-images-idx3-ubyte.gz`.
    pub file: String,
    /// Its addresses, in the order in which they are tried.
    pub mirrors: Vec<String>,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// The rows of `data/SOURCES.csv`, as they were when this program was built.
///
/// MNIST's are those whose `file` starts with `mnist/`.
pub fn sources() -> Vec<Download> {
    let mut table = csv::Reader::from_reader(include_str!("../../../data/SOURCES.csv").as_bytes());
    let rows = table.records().map(|row| {
        let row = row.expect("data/SOURCES.csv has four columns");
        Download {
            file: row[0].into(),
            mirrors: row[1].split('|').map(String::from).collect(),
            bytes: row[2].parse().expect("data/SOURCES.csv gives sizes"),
            sha256: row[3].into(),
        }
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_a_relative_file_two_mirrors_of_it_a_size_and_a_digest() {
        for row in sources() {
            let (folder, name) = row.file.split_once('/').expect("a folder");
            assert!(!folder.is_empty() && !name.contains(['/', '\\']), "{row:?}");
            assert!(row.mirrors.len() >= 2, "{row:?}");
            let named = |mirror: &String| mirror.starts_with("https://") && mirror.ends_with(name);
            assert!(row.mirrors.iter().all(named), "{row:?}");
            assert!(row.bytes > 0, "{row:?}");
            let digit = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
            assert!(row.sha256.len() == 64 && row.sha256.chars().all(digit), "{row:?}");
        }
    }

    #[test]
    fn mnist_is_four_files() {
        let names: Vec<String> = sources().into_iter().map(|row| row.file).collect();
        let mnist = names.iter().filter(|name| name.starts_with("mnist/"));
        assert_eq!(mnist.count(), 4);
    }
}
