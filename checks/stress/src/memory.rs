//! How much memory a file may cost.
//!
//! The operating system sets the limit, as an address space that does not grow: so whatever allocator a program links is held to it,
//! memory that is taken but never touched counts, and what asks for too much ends the process, which its parent counts as a failure.
//! Only Linux does so; elsewhere the trials run without a limit.

/// What any file may cost; allocators take their memory in pieces of some tens of MiB.
const ANY: u64 = 192 << 20;

/// What each of its bytes may cost besides.
const EACH_BYTE: u64 = 20;

/// Limits the address space of this process and of those that it starts.
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

/// The address space that this process has before the first trial.
pub struct Memory {
    base: u64,
}

impl Memory {
    /// What the process has now, all that it keeps between files included.
    ///
    /// # Panics
    /// When Linux does not say it.
    pub fn now() -> Memory {
        Memory { base: address_space() }
    }

    /// Lets the process have as much more as a file of this length may cost.
    ///
    /// # Panics
    /// When the operating system refuses.
    pub fn allow(&self, length: usize) {
        limit_memory(self.base + ANY + EACH_BYTE * length as u64);
    }
}

/// In bytes.
#[cfg(target_os = "linux")]
fn address_space() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux says what a process has");
    let size =
        status.lines().find_map(|line| line.strip_prefix("VmSize:")?.strip_suffix("kB")?.trim().parse().ok());
    size.map(|kilobytes: u64| kilobytes << 10).expect("a number of kB")
}

#[cfg(not(target_os = "linux"))]
fn address_space() -> u64 {
    0
}
