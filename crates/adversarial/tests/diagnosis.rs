//! Nets built to provoke each warning, and sound ones that provoke none.

use adversarial::diagnosis::{AttackObservations, Evidence, Symptom, Warning, conclude, diagnose, examine};
use adversarial::{Attack, min_distortion, random_targets};
use core_net::operations::Reshape;
use core_net::{Builder, ElementWise, Net, Op, zoo};
use tensor::{DType, Tensor, seeded, tensor_of, uniform};

const CLASSES: usize = 5;
const IMAGES: usize = 12;

fn images() -> Tensor {
    (uniform(&mut seeded(4, "images"), &[IMAGES, 1, 6, 6], 0.5, DType::F64) + 0.5).expect("a shift")
}

/// 36 pixels to this many outputs, with random weights and every bias the same.
fn dense(net: Builder, name: &str, outputs: usize, bias: f64) -> Builder {
    let inputs = net.shape().iter().product();
    let weight = uniform(&mut seeded(3, name), &[outputs, inputs], 2.0, DType::F64);
    net.linear(name, weight, tensor_of(vec![bias; outputs], &[outputs]))
}

/// A hidden layer of sigmoids with this bias, below what may come.
fn hidden(bias: f64) -> Builder {
    dense(Builder::new(&[1, 6, 6]).flatten("flatten"), "hidden", 20, bias).sigmoid("sigmoid")
}

/// A net that has nothing wrong with it.
fn sound() -> Builder {
    dense(hidden(0.0), "logits", CLASSES, 0.0)
}

/// The sound hidden layer, and logits of which class 0's is shut out by its bias.
fn shut(below: Builder) -> Net {
    let weight = uniform(&mut seeded(3, "logits"), &[CLASSES, 20], 1.0, DType::F64);
    let bias = tensor_of(vec![-50.0, 0.0, 0.0, 0.0, 0.0], &[CLASSES]);
    below.linear("logits", weight, bias).build().expect("it fits")
}

/// The warnings of an attack at these targets, or else at random ones.
fn warnings(net: &Net, targets: Option<&[usize]>, attack: &Attack) -> Vec<Warning> {
    let images = images();
    let read = net.to_dtype(DType::F64).predict(&images);
    let random = random_targets(&read, net.nodes()[net.output()].shape[0], 5);
    diagnosed(net, attack, &images, Some(&read), targets.unwrap_or(&random))
}

/// The warnings of an attack.
fn diagnosed(
    net: &Net,
    attack: &Attack,
    images: &Tensor,
    labels: Option<&[usize]>,
    targets: &[usize],
) -> Vec<Warning> {
    let outcomes = min_distortion(net, images, targets, attack);
    diagnose(&Evidence { net, attack, images, labels, targets, outcomes: &outcomes })
}

fn in_f32() -> Attack {
    Attack { dtype: DType::F32, ..Attack::default() }
}

fn built(net: Builder) -> Net {
    net.build().expect("it fits")
}

#[test]
fn a_sound_net_provokes_no_warning_in_either_precision() {
    for attack in [Attack::default(), in_f32()] {
        for net in [built(sound()), built(sound().node("log", Op::LogSoftmax))] {
            assert_eq!(warnings(&net, None, &attack), []);
        }
    }
}

#[test]
fn a_convolutional_net_with_its_first_weights_provokes_no_warning() {
    let net = zoo::untrained("lenet", 10, [28, 28], 1);
    let images = uniform(&mut seeded(7, "images"), &[4, 1, 28, 28], 0.5, DType::F32);
    let images = (images + 0.5).expect("a shift");
    let (read, attack) = (net.predict(&images), Attack::for_photographs());
    assert_eq!(diagnosed(&net, &attack, &images, Some(&read), &random_targets(&read, 10, 1)), []);
}

#[test]
fn saturated_sigmoids_leave_no_gradient_to_follow() {
    // Above its largest input a sigmoid is exactly 1 and its derivative exactly 0; far below, the derivative only vanishes.
    for (bias, exactly) in [(800.0, IMAGES), (-60.0, 0)] {
        let net = built(dense(hidden(bias), "logits", CLASSES, 0.0));
        for attack in [Attack::default(), in_f32()] {
            let found = warnings(&net, None, &attack);
            let expected = Warning { symptom: Symptom::ZeroGradient { exactly }, images: IMAGES, of: IMAGES };
            assert_eq!(found, [expected], "bias {bias}");
        }
    }
}

#[test]
fn an_image_without_gradient_is_counted_alone() {
    // One pixel decides whether the only unit is dead.
    let [weight, bias] = [tensor_of(vec![1.0f64], &[1, 1]), tensor_of(vec![-0.5], &[1])];
    let logits = tensor_of(vec![0.0, 4.0], &[2, 1]);
    let net = Builder::new(&[1]).linear("unit", weight, bias).relu("relu");
    let net = built(net.linear("logits", logits, tensor_of(vec![0.2, 0.0], &[2])));
    let images = tensor_of(vec![0.52, 0.4, 0.51], &[3, 1]);
    let expected = Warning { symptom: Symptom::ZeroGradient { exactly: 1 }, images: 1, of: 3 };
    assert_eq!(diagnosed(&net, &Attack::default(), &images, None, &[1; 3]), [expected]);
}

#[test]
fn probabilities_that_are_taken_as_logits_are_a_second_softmax() {
    let twice = || sound().node("softmax", Op::Softmax);
    let nets = [
        twice(),
        twice().identity("output"),
        twice().node("output", Reshape(vec![CLASSES])),
        twice().affine("mean", tensor_of(vec![0.5; 5], &[5]), tensor_of(vec![0.1; 5], &[5])),
    ];
    for net in nets.map(built) {
        for attack in [Attack::default(), in_f32()] {
            let found = warnings(&net, None, &attack);
            let expected = Warning { symptom: Symptom::ProbabilitiesAsLogits, images: IMAGES, of: IMAGES };
            assert!(found.contains(&expected), "{found:?}");
        }
    }
    let sigmoids = warnings(&built(sound().sigmoid("not a softmax")), None, &Attack::default());
    assert!(sigmoids.iter().all(|warning| warning.symptom != Symptom::ProbabilitiesAsLogits), "{sigmoids:?}");
}

#[test]
fn a_class_that_another_always_precedes_is_out_of_reach_by_proof() {
    let mut targets = vec![1; IMAGES];
    targets[..4].fill(0);
    let found = warnings(&shut(hidden(0.0)), Some(&targets), &Attack::default());
    let symptom = Symptom::UnreachableTarget { dominated: vec![[0, 1]] };
    assert_eq!(found, [Warning { symptom, images: 4, of: IMAGES }]);
}

#[test]
fn a_class_that_no_image_arrived_at_is_named_where_nothing_is_proven() {
    // What a leaky rectifier leaves has no range that its operation tells.
    let net = shut(hidden(0.0).node("leaky", ElementWise::LeakyRelu { slope: 0.1 }));
    let mut targets = vec![1; IMAGES];
    targets[..4].fill(0);
    let unreached = |classes: &[usize], penalized, images| Warning {
        symptom: Symptom::UnreachedTarget { classes: classes.to_vec(), penalized },
        images,
        of: IMAGES,
    };
    assert_eq!(warnings(&net, Some(&targets), &Attack::default()), [unreached(&[0], 0, 4)]);
    let held = Attack { first_c: 1e6, most_growths: 0, ..Attack::default() };
    assert_eq!(warnings(&net, Some(&targets), &held), [unreached(&[0, 1], 12, 12)]);
}

#[test]
fn a_net_that_reads_labels_no_better_than_chance_is_named_and_a_trained_one_is_not() {
    let (net, images, attack) = (built(sound()), images(), Attack::default());
    let read = net.predict(&images);
    let targets = random_targets(&read, CLASSES, 5);
    let warnings_of = |labels: &[usize]| diagnosed(&net, &attack, &images, Some(labels), &targets);
    let labels: Vec<usize> = (0..IMAGES).map(|image| (read[image] + image) % CLASSES).collect();
    let symptom = Symptom::AtChance { classes: CLASSES };
    assert_eq!(warnings_of(&labels), [Warning { symptom, images: 3, of: IMAGES }]);
    assert_eq!(warnings_of(&read), []);
}

#[test]
fn numbers_that_are_none_are_named_and_nothing_else_is_concluded_from_them() {
    let mut weights = vec![0.0; 2 * 36];
    (weights[7], weights[8]) = (f64::INFINITY, f64::NEG_INFINITY);
    let net = Builder::new(&[1, 6, 6]).flatten("flatten");
    let net = net.linear("fc1", tensor_of(weights, &[2, 36]), tensor_of(vec![0.0, 0.0], &[2]));
    let found = warnings(&built(net), Some(&[1; IMAGES]), &Attack::default());
    assert_eq!(found, [Warning { symptom: Symptom::NotFinite, images: IMAGES, of: IMAGES }]);
}

#[test]
fn warnings_do_not_depend_on_the_number_of_threads() {
    let net = shut(hidden(0.0).node("leaky", ElementWise::LeakyRelu { slope: 0.1 }));
    let [one, four] = [1, 4].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(|| warnings(&net, Some(&[0; IMAGES]), &Attack::default()))
    });
    assert_eq!(one, four);
    assert_eq!(one.len(), 1);
}

#[test]
fn an_attack_in_parts_whose_observations_were_kept_in_files_ends_in_the_same_warnings() {
    let (net, images, attack) =
        (shut(hidden(0.0).node("leaky", ElementWise::LeakyRelu { slope: 0.1 })), images(), Attack::default());
    let (targets, labels) = ([0; IMAGES], [3; IMAGES]);
    let outcomes = min_distortion(&net, &images, &targets, &attack);
    let part = |from: usize, n: usize| {
        let images = images.narrow(0, from, n).expect("within the batch");
        let kept = examine(&Evidence {
            net: &net,
            attack: &attack,
            images: &images,
            labels: Some(&labels[from..from + n]),
            targets: &targets[from..from + n],
            outcomes: &outcomes[from..from + n],
        });
        serde_json::from_str::<Vec<AttackObservations>>(&serde_json::to_string(&kept).unwrap()).unwrap()
    };
    let whole = conclude(&net, &part(0, IMAGES));
    assert_eq!(conclude(&net, &[part(0, 5), part(5, 1), part(6, 6)].concat()), whole);
    assert!(whole.iter().any(|warning| warning.symptom.name() == "unreached_target"), "{whole:?}");
    assert_eq!(conclude(&net, &part(0, 0)), []);
}
