//! The memory limit of a trial.
//!
//! The operating system limits the address space, so the limit holds for any allocator and counts untouched memory;
//! an allocation beyond it ends the process, which its parent counts as a failure.
//! Only on Linux; elsewhere the trials run without a limit.

/// Allowance for any file; allocators take memory in pieces of tens of MiB.
const PER_FILE: u64 = 192 << 20;

/// Further allowance for each byte of the file.
const PER_BYTE: u64 = 20;

/// Limits the address space of this process and of its children.
///
/// # Panics
/// When the operating system refuses.
pub fn limit_memory(bytes: u64) {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::As);
        limit.current = Some(bytes);
        setrlimit(Resource::As, limit).expect("a limit of memory");
    }
    #[cfg(not(target_os = "linux"))]
    let _ = bytes;
}

/// A limit relative to the address space before the first trial.
pub struct MemoryLimit {
    base: u64,
}

impl MemoryLimit {
    /// A limit relative to the present address space.
    ///
    /// # Panics
    /// When `/proc/self/status` cannot be read.
    pub fn new() -> MemoryLimit {
        MemoryLimit { base: address_space() }
    }

    /// Sets the limit for a file of this length.
    ///
    /// # Panics
    /// When the operating system refuses.
    pub fn set_for(&self, length: usize) {
        limit_memory(self.base + PER_FILE + PER_BYTE * length as u64);
    }
}

/// In bytes.
#[cfg(target_os = "linux")]
fn address_space() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("the process's status");
    let size =
        status.lines().find_map(|line| line.strip_prefix("VmSize:")?.strip_suffix("kB")?.trim().parse().ok());
    size.map(|kilobytes: u64| kilobytes << 10).expect("a number of kB")
}

#[cfg(not(target_os = "linux"))]
fn address_space() -> u64 {
    0
}
