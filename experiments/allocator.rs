//! The allocator of the programs of this package.
//!
//! A layer's activations are megabytes that live for milliseconds.
//! The system's allocator returns such pages at once, and has them faulted in again for the next layer.

use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;
