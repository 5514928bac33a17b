//! The provenance of images, named in every table and manifest.

use crate::hex::hex;
use sha2::{Digest, Sha256};
use std::fmt;
use std::path::PathBuf;

/// Raised whenever the drawn images change, so that no model trained on the old ones passes for one of the new.
const GENERATOR: u32 = 1;

/// A data set that experiments know by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// MNIST; drawn digits stand in for it.
    Mnist,
    /// One ImageNet image of each of its thousand classes; drawn scenes stand in for them.
    ImageNetSample,
    /// Dogs with marked eyes and noses: 17 of the ImageNet images, and 8 frontal faces; drawn faces stand in for them.
    Dogs,
    /// 40,000 and 5,000 images of half of Tiny-ImageNet's classes, with labels; drawn scenes stand in for them.
    TinyImageNet,
    /// ImageNet 2012; nothing stands in for it.
    ImageNet,
    /// 40,000 images of half of Tiny-ImageNet's classes, without labels, and VOC 2007 with what each image shows; drawn scenes stand in for them.
    Objects,
    /// Caltech-101; drawn scenes in class folders stand in for it.
    Caltech101,
    /// Caltech-256; nothing stands in for it.
    Caltech256,
    /// VOC 2007 with what each image shows; the same drawn scenes as for [`Objects`](Self::Objects) stand in for it.
    Voc2007,
    /// VOC 2012 in its official folders; VOC 2007 stands in for it.
    Voc2012,
}

impl Set {
    /// The SHA-256 of the official files, uncompressed; none where they are not known.
    const fn official(self) -> &'static [&'static str] {
        match self {
            Set::Mnist => &[
                "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
                "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
                "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
                "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
            ],
            Set::ImageNetSample => &[
                "58acf350d4a402c41c2e42d23763515e36812de806e13dbd216d150c578013e6",
                "b8fd736c67dab1619fe7cf597d676b11f3a59455ea0b97366f2db9009b5ead62",
            ],
            Set::Dogs => &[
                "58acf350d4a402c41c2e42d23763515e36812de806e13dbd216d150c578013e6",
                "83d59d34754e1a8ed84ad4702cbb8d1d989e3db1528a4e9c22f4636ee4bca7bd",
                "95d12311193eeced85dfba46908b3df6175f7d55840857c0331137a0cc0c3239",
                "63cbd0c74959db006753d4195b273b4de8edd6262cf7e15e805aea7aa9fc1140",
            ],
            Set::TinyImageNet => &[
                "2ac5d507478b52441825aedb827f7ee872cd893194299060fd8236b058bd3947",
                "bb872ae91390117646de00033e0660204bb5f0c504bfc735291de7339678197f",
                "08b58d490b92dc961da3e8f6f9d86fc56b26e5bf6973c0afcabc7eb855390297",
            ],
            Set::Objects => &[
                "2ac5d507478b52441825aedb827f7ee872cd893194299060fd8236b058bd3947",
                "d0e474a8f9ade34c9890d619078eb7313910587b9d9eeeb45fd8e868d36e1e40",
                "ed846b9c8e782282d45bdbc647a116f567d1dac0615a6e545373b3e369f71b95",
            ],
            Set::Caltech101 => &["3148c88fa502dcc094642a36a024120f48ae4416e5bac8bd4b476be5542b5c33"],
            Set::Voc2007 => &[
                "d0e474a8f9ade34c9890d619078eb7313910587b9d9eeeb45fd8e868d36e1e40",
                "ed846b9c8e782282d45bdbc647a116f567d1dac0615a6e545373b3e369f71b95",
            ],
            // Not at hand; and ImageNet is too large for a digest of its bytes: its listing alone does not make it official.
            Set::ImageNet | Set::Caltech256 | Set::Voc2012 => &[],
        }
    }

    fn words(self) -> Words {
        let [slug, title, content] = match self {
            Set::Mnist => ["mnist", "MNIST", "digits"],
            Set::ImageNetSample => ["imagenet-sample", "1,000 ImageNet images", "scenes"],
            Set::Dogs => ["dogs", "25 dogs with marked parts", "faces"],
            Set::TinyImageNet => ["tiny-imagenet", "Tiny-ImageNet (100 classes)", "small scenes"],
            Set::ImageNet => ["imagenet", "ImageNet 2012", "photographs"],
            Set::Objects => ["tiny-imagenet-voc2007", "Tiny-ImageNet (100 classes) and VOC 2007", "objects"],
            Set::Caltech101 => ["caltech101", "Caltech-101", "scenes in class folders"],
            Set::Caltech256 => ["caltech256", "Caltech-256", "scenes in class folders"],
            Set::Voc2007 => ["voc2007", "VOC 2007", "objects"],
            Set::Voc2012 => ["voc2012", "VOC 2012", "objects"],
        };
        Words { slug, title, content }
    }
}

/// What outputs call a set.
struct Words {
    /// For folders and file names.
    slug: &'static str,
    /// For tables.
    title: &'static str,
    /// What it shows.
    content: &'static str,
}

/// The provenance of images.
///
/// It displays as what it is: `MNIST`, `generated digits (seed 1)`, of files with MNIST's names and other contents `other digits 0123abcd`,
/// and, where the digest of the official files is not known, `Caltech-256 0123abcd`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Files on this machine.
    Files {
        /// What their names promise.
        set: Set,
        /// The folder that holds them.
        folder: PathBuf,
        /// File name without `.gz`, and the SHA-256 of its uncompressed bytes: the same images have the same digest, however compressed.
        digests: Vec<(String, String)>,
    },
    /// Drawn by this program.
    Generated {
        /// In the place of what.
        set: Set,
        /// The seed of every random choice.
        seed: u64,
    },
}

impl Source {
    /// A short name for folders, tables and manifests: `mnist`, `generated-1`, `other-0123abcd`.
    pub fn name(&self) -> String {
        match self {
            Source::Files { set, .. } if self.is_official() => set.words().slug.into(),
            Source::Files { .. } => format!("other-{}", &self.digest()[..8]),
            Source::Generated { seed, .. } => format!("generated-{seed}"),
        }
    }

    /// 64 hexadecimal digits that differ when the images differ.
    ///
    /// Of drawn images it says the seed and the version of the generator; how many were drawn is for the caller to record.
    pub fn digest(&self) -> String {
        let mut sha256 = Sha256::new();
        match self {
            Source::Files { digests, .. } => {
                for (name, digest) in digests {
                    sha256.update(format!("{digest}  {name}\n"));
                }
            }
            Source::Generated { set, seed } => {
                sha256.update(format!("generated {} {GENERATOR} seed {seed}", set.words().content));
            }
        }
        hex(&sha256.finalize())
    }

    /// Whether these are the published files, byte for byte.
    pub fn is_official(&self) -> bool {
        match self {
            Source::Files { set, digests, .. } => digests.iter().map(|(_, digest)| digest).eq(set.official()),
            Source::Generated { .. } => false,
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Files { set, .. } if self.is_official() => write!(f, "{}", set.words().title),
            Source::Files { set, .. } if set.official().is_empty() => {
                write!(f, "{} {}", set.words().title, &self.digest()[..8])
            }
            Source::Files { set, .. } => write!(f, "other {} {}", set.words().content, &self.digest()[..8]),
            Source::Generated { set, seed } => write!(f, "generated {} (seed {seed})", set.words().content),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFICIAL: [&str; 4] = *Set::Mnist.official().first_chunk().expect("four files");

    fn files(digests: [&str; 4]) -> Source {
        let names = ["a", "b", "c", "d"].map(String::from);
        Source::Files {
            set: Set::Mnist,
            folder: "somewhere".into(),
            digests: names.into_iter().zip(digests.map(String::from)).collect(),
        }
    }

    #[test]
    fn only_the_official_bytes_are_called_mnist() {
        assert_eq!(files(OFFICIAL).to_string(), "MNIST");
        assert_eq!(files(OFFICIAL).name(), "mnist");
        let mut other = OFFICIAL;
        other.swap(1, 3);
        let other = files(other);
        assert!(other.to_string().starts_with("other digits "));
        assert_eq!(other.name(), format!("other-{}", &other.digest()[..8]));
    }

    #[test]
    fn files_of_which_no_official_digest_is_known_go_by_the_sets_name_and_their_digest() {
        let digests = vec![("a".to_owned(), "1".to_owned())];
        let source = Source::Files { set: Set::Caltech256, folder: "somewhere".into(), digests };
        assert_eq!(source.to_string(), format!("Caltech-256 {}", &source.digest()[..8]));
        assert!(!source.is_official());
    }

    #[test]
    fn drawn_digits_say_so_and_say_their_seed() {
        let [one, two] = [1, 2].map(|seed| Source::Generated { set: Set::Mnist, seed });
        assert_eq!(one.to_string(), "generated digits (seed 1)");
        assert_eq!(two.name(), "generated-2");
        assert_ne!(one.digest(), two.digest());
        assert_eq!(one.digest().len(), 64);
    }

    #[test]
    fn digits_drawn_otherwise_need_another_version_of_the_generator() {
        let digits = crate::Mnist::generate(1, 20, 20).train;
        let sum = digits.images.sum_all().unwrap().to_scalar::<f32>();
        // The sum of the first 20 digits of version 1; other machines round a few pixels otherwise.
        let change = (sum.unwrap() - 2204.1).abs();
        assert!(change < 0.05, "raise GENERATOR: the sum is {change} off");
    }

    #[test]
    fn the_digest_does_not_depend_on_the_folder() {
        let Source::Files { digests, .. } = files(OFFICIAL) else { unreachable!("files") };
        let elsewhere = Source::Files { set: Set::Mnist, folder: "elsewhere".into(), digests };
        assert_eq!(elsewhere.digest(), files(OFFICIAL).digest());
    }
}
