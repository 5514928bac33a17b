//! Downloads of files from the first mirror that has the expected bytes.
//!
//! Each goes to a temporary file beside its place and is checked on the way; all are renamed into place when the last one is right.
//! A download that was broken off therefore leaves nothing that could pass for data.

#[cfg(test)]
mod loopback;

use crate::hex::hex;
use crate::{DataError, Download};
use durable::{StagedFile, publish};
use sha2::{Digest, Sha256};
use std::io::{self, Read, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use ureq::Agent;
use ureq::config::{Config, ConfigBuilder};
use ureq::typestate::AgentScope;

/// The timeout for resolving, connecting, answering and each read.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Downloads `files` into the folder `data`; files that exist stay as they are.
///
/// `received` counts the bytes as they come, so that another thread can show the progress.
///
/// # Errors
/// When no mirror has a file right, with each mirror's reason, or when `data` cannot be written; then none of the files is there.
pub fn download(files: &[Download], data: &Path, received: &AtomicU64) -> Result<(), DataError> {
    let agent = Agent::new_with_config(config(TIMEOUT).build());
    download_by(&agent, files, data, received)
}

fn config(timeout: Duration) -> ConfigBuilder<AgentScope> {
    Config::builder()
        .timeout_resolve(Some(timeout))
        .timeout_connect(Some(timeout))
        .timeout_recv_response(Some(timeout))
        .timeout_per_read(Some(timeout))
}

fn download_by(
    agent: &Agent,
    files: &[Download],
    data: &Path,
    received: &AtomicU64,
) -> Result<(), DataError> {
    let missing = files.iter().filter(|file| !data.join(&file.file).exists());
    let fetched = missing.map(|file| fetch(agent, file, data, received));
    let fetched: Vec<StagedFile> = fetched.collect::<Result<_, _>>()?;
    publish(&fetched).map_err(|error| {
        let path = error.path().to_owned();
        unwritable(&path, error.into_io())
    })
}

/// The file from the first mirror that has it right, under a temporary name.
fn fetch(agent: &Agent, file: &Download, data: &Path, received: &AtomicU64) -> Result<StagedFile, DataError> {
    let path = data.join(&file.file);
    let mut found = Vec::new();
    for mirror in &file.mirrors {
        let staged = StagedFile::with_contents(&path, b"");
        let mut staged = staged.map_err(|error| unwritable(&path, error.into_io()))?;
        let before = received.load(Ordering::Relaxed);
        match receive(agent, mirror, file, &mut staged, received) {
            Ok(()) => return Ok(staged),
            Err(Refusal::Disk(error)) => return Err(unwritable(&path, error)),
            Err(Refusal::Mirror(reason)) => found.push((mirror.clone(), reason)),
        }
        received.store(before, Ordering::Relaxed);
    }
    Err(DataError::NoMirror { path, bytes: file.bytes, sha256: file.sha256.clone(), found })
}

/// Why a mirror's file is not there.
enum Refusal {
    /// What is wrong with the mirror: another one may be right.
    Mirror(String),
    /// The disk takes no more, from no mirror.
    Disk(io::Error),
}

impl From<String> for Refusal {
    fn from(reason: String) -> Refusal {
        Refusal::Mirror(reason)
    }
}

/// Copies what `mirror` sends to `out`.
fn receive(
    agent: &Agent,
    mirror: &str,
    file: &Download,
    out: &mut impl Write,
    received: &AtomicU64,
) -> Result<(), Refusal> {
    let response = agent.get(mirror).call().map_err(|e| e.to_string())?;
    let mut body = response.into_body().into_reader().take(file.bytes + 1);
    let mut sha256 = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    let mut size = 0;
    loop {
        let n = body
            .read(&mut buffer)
            .map_err(|e| format!("expected {} bytes, found {size}, then: {e}", file.bytes))?;
        if n == 0 {
            return Ok(check(file, size, &hex(&sha256.finalize()))?);
        }
        sha256.update(&buffer[..n]);
        out.write_all(&buffer[..n]).map_err(Refusal::Disk)?;
        size += n as u64;
        received.fetch_add(n as u64, Ordering::Relaxed);
    }
}

fn check(file: &Download, size: u64, sha256: &str) -> Result<(), String> {
    if size > file.bytes {
        Err(format!("expected {} bytes, found more", file.bytes))
    } else if size < file.bytes {
        Err(format!("expected {} bytes, found {size}", file.bytes))
    } else if sha256 != file.sha256 {
        Err(format!("expected SHA-256 {}, found {sha256}", file.sha256))
    } else {
        Ok(())
    }
}

fn unwritable(path: &Path, found: io::Error) -> DataError {
    DataError::Io { path: path.to_owned(), expected: "a file that can be written", found }
}

#[cfg(test)]
mod tests {
    use super::loopback::{Answer, closed_port, serve};
    use super::*;
    use std::fs;

    const BODY: &[u8] = b"the bytes of a file that is long enough to be cut in two";

    fn file(name: &str, mirrors: &[String]) -> Download {
        Download {
            file: format!("set/{name}"),
            mirrors: mirrors.to_vec(),
            bytes: BODY.len() as u64,
            sha256: hex(&Sha256::digest(BODY)),
        }
    }

    /// Downloads without the proxy that the environment may name, from mirrors that answer at once or never.
    fn try_download(files: &[Download], data: &Path) -> (Result<(), DataError>, u64) {
        let received = AtomicU64::new(0);
        let config = config(Duration::from_secs(1)).proxy(None).build();
        let agent = Agent::new_with_config(config);
        let result = download_by(&agent, files, data, &received);
        (result, received.into_inner())
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Every way in which a mirror can be wrong, and what is said of it.
    fn bad_mirrors() -> Vec<(String, &'static str)> {
        let mut changed = BODY.to_vec();
        changed[7] ^= 1;
        let mut longer = BODY.to_vec();
        longer.push(b'!');
        vec![
            (closed_port(), "refused"),
            ("http://nowhere.invalid/file".into(), ""),
            (serve(Answer::Silence), "timeout"),
            (serve(Answer::Status(404)), "404"),
            (serve(Answer::Body(changed)), "expected SHA-256 "),
            (serve(Answer::Body(BODY[..20].to_vec())), "found 20"),
            (serve(Answer::Body(longer)), "found more"),
            (serve(Answer::BrokenOff(BODY.to_vec())), "expected 56 bytes"),
        ]
    }

    #[test]
    fn each_bad_mirror_is_passed_over_for_the_next() {
        for (bad, _) in bad_mirrors() {
            let data = tempfile::tempdir().unwrap();
            let good = serve(Answer::Body(BODY.to_vec()));
            let (result, received) = try_download(&[file("a", &[bad.clone(), good])], data.path());
            result.unwrap_or_else(|e| panic!("after {bad}: {e}"));
            assert_eq!(fs::read(data.path().join("set/a")).unwrap(), BODY);
            assert_eq!(names(&data.path().join("set")), ["a"]);
            assert_eq!(received, BODY.len() as u64, "after {bad}");
        }
    }

    #[test]
    fn when_all_mirrors_fail_the_error_names_each_with_its_reason_and_nothing_is_left() {
        let (mirrors, reasons): (Vec<String>, Vec<&str>) = bad_mirrors().into_iter().unzip();
        let data = tempfile::tempdir().unwrap();
        let (result, received) = try_download(&[file("a", &mirrors)], data.path());
        let message = result.unwrap_err().to_string();
        for (mirror, reason) in mirrors.iter().zip(reasons) {
            let after = message.split_once(mirror.as_str()).expect(mirror).1;
            let said = after.split("; ").next().unwrap();
            assert!(said.contains(reason), "{mirror}: {said}");
        }
        assert!(message.contains("set/a: expected 56 bytes"), "{message}");
        assert_eq!(names(&data.path().join("set")), [""; 0]);
        assert_eq!(received, 0);
    }

    #[test]
    fn one_file_that_cannot_be_had_keeps_the_others_away() {
        let data = tempfile::tempdir().unwrap();
        let good = serve(Answer::Body(BODY.to_vec()));
        let files = [file("a", &[good]), file("b", &[closed_port()])];
        let (result, _) = try_download(&files, data.path());
        assert!(result.unwrap_err().to_string().contains("set/b: "));
        assert_eq!(names(&data.path().join("set")), [""; 0]);
    }

    #[test]
    fn a_file_already_there_is_left_alone() {
        let data = tempfile::tempdir().unwrap();
        fs::create_dir(data.path().join("set")).unwrap();
        fs::write(data.path().join("set/a"), "mine").unwrap();
        let good = serve(Answer::Body(BODY.to_vec()));
        let files = [file("a", &[closed_port()]), file("b", &[good])];
        try_download(&files, data.path()).0.unwrap();
        assert_eq!(fs::read(data.path().join("set/a")).unwrap(), b"mine");
        assert_eq!(fs::read(data.path().join("set/b")).unwrap(), BODY);
    }

    #[test]
    fn a_compressed_file_arrives_compressed_whatever_the_server_calls_it() {
        let data = tempfile::tempdir().unwrap();
        let labeled = serve(Answer::CalledGzip(BODY.to_vec()));
        try_download(&[file("a", &[labeled])], data.path()).0.unwrap();
        assert_eq!(fs::read(data.path().join("set/a")).unwrap(), BODY);
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named() {
        let data = tempfile::tempdir().unwrap();
        fs::write(data.path().join("set"), "in the way").unwrap();
        let good = serve(Answer::Body(BODY.to_vec()));
        let (result, _) = try_download(&[file("a", &[good])], data.path());
        let error = result.unwrap_err();
        assert!(matches!(error, DataError::Io { .. }), "{error}");
        assert!(error.to_string().contains("set/a: expected a file that can be written"));
    }

    #[test]
    fn a_disk_that_is_full_is_no_fault_of_the_mirror() {
        let agent = Agent::new_with_config(config(Duration::from_secs(1)).proxy(None).build());
        let (mut room, received) = ([0; 20], AtomicU64::new(0));
        let good = serve(Answer::Body(BODY.to_vec()));
        let refusal = receive(&agent, &good, &file("a", &[]), &mut &mut room[..], &received);
        assert!(matches!(refusal, Err(Refusal::Disk(_))));
    }
}
