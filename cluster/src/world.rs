//! The processes of this job, as `mpirun` started them.

use mpi::collective::SystemOperation;
use mpi::environment::Universe;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator, CommunicatorCollectives, Root};
use training::ProcessGroup;

/// Rank 0, which opens folders and writes outputs.
pub const ROOT: i32 = 0;

/// All processes, seen from one of them.
///
/// Calls are collective: every process makes the same ones in the same order, from one thread at a time.
pub struct World {
    // MPI ends with it.
    _universe: Universe,
}

impl World {
    #[expect(
        clippy::unused_self,
        reason = "only who has joined may ask for it; it cannot be shared between threads"
    )]
    fn all(&self) -> SimpleCommunicator {
        SimpleCommunicator::world()
    }

    /// Joins the others; none where MPI cannot be used.
    pub fn join() -> Option<World> {
        let (universe, threading) = mpi::initialize_with_threading(mpi::Threading::Serialized)?;
        (threading >= mpi::Threading::Serialized).then(|| World { _universe: universe })
    }

    /// Whether this process opens folders and writes outputs.
    pub fn is_root(&self) -> bool {
        self.all().rank() == ROOT
    }

    /// Waits for all.
    pub fn wait_for_all(&self) {
        self.all().barrier();
    }

    /// What rank 0 says, in every process.
    pub fn told(&self, mut numbers: Vec<u64>) -> Vec<u64> {
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

impl ProcessGroup for World {
    fn rank(&self) -> usize {
        self.all().rank() as usize
    }

    fn size(&self) -> usize {
        self.all().size() as usize
    }

    fn sum(&self, values: &mut [f32]) {
        let own = values.to_vec();
        self.all().all_reduce_into(&own[..], values, SystemOperation::sum());
    }

    fn total(&self, values: &mut [f64]) {
        let own = values.to_vec();
        self.all().all_reduce_into(&own[..], values, SystemOperation::sum());
    }
}
