//! The processes of this job, as `mpirun` started them.

use mpi::collective::SystemOperation;
use mpi::environment::Universe;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator as _, CommunicatorCollectives, Root};
use training::ProcessGroup;

/// Rank 0, which opens folders and writes outputs.
pub const ROOT: i32 = 0;

/// The processes of `MPI_COMM_WORLD`, seen from one of them.
///
/// Calls are collective: every process makes the same ones in the same order, from one thread at a time.
pub struct Communicator {
    // MPI ends with it.
    _universe: Universe,
}

impl Communicator {
    #[expect(
        clippy::unused_self,
        reason = "only valid after MPI was initialized; it cannot be shared between threads"
    )]
    fn all(&self) -> SimpleCommunicator {
        SimpleCommunicator::world()
    }

    /// Initializes MPI; `None` where it does not support calls from any one thread at a time.
    pub fn join() -> Option<Communicator> {
        let (universe, threading) = mpi::initialize_with_threading(mpi::Threading::Serialized)?;
        (threading >= mpi::Threading::Serialized).then(|| Communicator { _universe: universe })
    }

    /// Whether this is rank 0, which opens folders and writes outputs.
    pub fn is_root(&self) -> bool {
        self.all().rank() == ROOT
    }

    /// Waits until every process has called this.
    pub fn barrier(&self) {
        self.all().barrier();
    }

    /// The numbers of rank 0, in every process.
    pub fn broadcast(&self, mut numbers: Vec<u64>) -> Vec<u64> {
        let all = self.all();
        let root = all.process_at_rank(ROOT);
        let mut count = numbers.len() as u64;
        root.broadcast_into(&mut count);
        numbers.resize(count as usize, 0);
        root.broadcast_into(&mut numbers[..]);
        numbers
    }

    /// Ends all processes with an exit code.
    pub fn abort(&self, code: i32) -> ! {
        self.all().abort(code)
    }
}

impl ProcessGroup for Communicator {
    fn rank(&self) -> usize {
        self.all().rank() as usize
    }

    fn size(&self) -> usize {
        self.all().size() as usize
    }

    fn all_reduce(&self, values: &mut [f32]) {
        let own = values.to_vec();
        self.all().all_reduce_into(&own[..], values, SystemOperation::sum());
    }

    fn all_reduce_f64(&self, values: &mut [f64]) {
        let own = values.to_vec();
        self.all().all_reduce_into(&own[..], values, SystemOperation::sum());
    }
}
