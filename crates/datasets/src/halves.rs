//! SZ §4.2's P1 and P2: two disjoint training sets.

use rand::seq::SliceRandom;

/// Two disjoint halves of the indices below `n`, each sorted; of an odd `n` the second is one longer.
///
/// **Paper** SZ §4.2, Tables 3 and 4: P1 and P2, each 30,000 of MNIST's training images.
/// Unlike the paper, which does not say how it divided them, the halves are drawn from a recorded seed.
pub fn halves(n: usize, seed: u64) -> [Vec<usize>; 2] {
    let mut first: Vec<usize> = (0..n).collect();
    first.shuffle(&mut tensor::seeded(seed, "halves"));
    let mut second = first.split_off(n / 2);
    first.sort_unstable();
    second.sort_unstable();
    [first, second]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_share_nothing_and_leave_nothing_out() {
        for n in [0, 1, 7, 60_000] {
            let [first, second] = halves(n, 1);
            assert_eq!(first.len(), n / 2);
            assert!(first.is_sorted() && second.is_sorted());
            let mut all = [first, second].concat();
            all.sort_unstable();
            assert_eq!(all, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn halves_depend_on_the_seed_alone_and_are_mixed() {
        assert_eq!(halves(1000, 1), halves(1000, 1));
        assert_ne!(halves(1000, 1), halves(1000, 2));
        let early = halves(1000, 1)[0].iter().filter(|&&i| i < 500).count();
        assert!((200..300).contains(&early), "{early} of 500 in the first");
    }
}
