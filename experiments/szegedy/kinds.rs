//! Kinds of ImageNet's thousand classes, since of each class there is one photograph.

/// The first class of each run of one kind, in the order of the synsets: WordNet numbers animals by their descent, and things by the alphabet.
///
/// Source: the names in `labels.csv`, read in this order.
const RUNS: [(usize, &str); 22] = [
    (0, "fish"),
    (7, "bird"),
    (25, "amphibian or reptile"),
    (69, "arthropod"),
    (80, "bird"),
    (101, "other mammal"),
    (107, "other invertebrate"),
    (118, "arthropod"),
    (127, "bird"),
    (147, "other mammal"),
    (151, "dog"),
    (269, "other mammal"),
    (300, "arthropod"),
    (327, "other invertebrate"),
    (330, "other mammal"),
    (389, "fish"),
    (398, "artifact"),
    (923, "food"),
    (970, "place"),
    (981, "person"),
    (984, "plant or fungus"),
    (999, "artifact"),
];

/// For each label the first class of its kind; the labels as they are where the classes are not those of ImageNet.
pub fn kinds(labels: &[usize], classes: usize) -> Vec<usize> {
    if classes != 1000 {
        return labels.to_vec();
    }
    let first = |kind: &str| RUNS.iter().find(|run| run.1 == kind).expect("a run of this kind").0;
    let kind = |label: usize| RUNS[RUNS.partition_point(|run| run.0 <= label) - 1].1;
    labels.iter().map(|&label| first(kind(label))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_as_many_classes_as_imagenet_is_known_for() {
        let kinds = kinds(&(0..1000).collect::<Vec<_>>(), 1000);
        let count = |label: usize| kinds.iter().filter(|&&kind| kind == kinds[label]).count();
        let [tench, robin, pug, tabby, abacus] = [0, 15, 254, 281, 398].map(count);
        assert_eq!([tench, robin, pug, tabby, abacus], [16, 59, 118, 100, 526]);
        assert_eq!(super::kinds(&[0, 1, 2], 4), [0, 1, 2]);
    }
}
