//! The trained nets read a thousand photographs as another implementation does.

use core_net::{Net, zoo};
use datasets::{BrokenImages, ImageFolder, Labels, Preprocessing};
use tensor::to_f64s;

/// How many images have their label among the first and among the first five classes, in percent.
fn accuracy(net: &Net, images: &ImageFolder, preprocessing: Preprocessing) -> [f64; 2] {
    let mut right = [0; 2];
    for batch in images.batches(50, preprocessing, BrokenImages::Refuse).expect("images") {
        let batch = batch.expect("whole images");
        let logits = to_f64s(&net.output_of(&batch.images));
        for (logits, label) in logits.chunks(1000).zip(&batch.labels) {
            let label = label.expect("a labeled image");
            let before = logits.iter().filter(|&&other| other > logits[label]).count();
            right[0] += usize::from(before < 1);
            right[1] += usize::from(before < 5);
        }
    }
    right.map(|count| 100.0 * f64::from(count as u32) / images.len() as f64)
}

#[test]
#[ignore = "most of a minute, with data: .ci/run runs it"]
fn squeezenet_of_both_versions_has_the_accuracy_of_the_reference() {
    let Some(data) = test_support::data(&["imagenet-sample", "squeezenet"]) else { return };
    let labels = Labels::read(&data.join("imagenet-sample/labels.csv")).expect("labels");
    let images = ImageFolder::open(&data.join("imagenet-sample/images.tar")).expect("an archive");
    let images = images.with_labels(&labels).expect("labels for every image");
    let net = |name: &str| {
        let path = data.join(format!("squeezenet/{name}.safetensors"));
        zoo::by_name(name, 1000, Some([227, 227])).expect("a net").load(&path).expect("its weights")
    };
    let cases = [
        ("squeezenet1_0", Preprocessing::SQUEEZENET1_0, [63.1, 83.5]),
        ("squeezenet1_1", Preprocessing::SQUEEZENET1_1, [61.7, 84.0]),
    ];
    for (name, preprocessing, reference) in cases {
        let ours = accuracy(&net(name), &images, preprocessing);
        println!("{name}: top-1 {:.1} %, top-5 {:.1} %", ours[0], ours[1]);
        for (ours, reference) in ours.into_iter().zip(reference) {
            assert!((ours - reference).abs() <= 0.3, "{name}: {ours} %, the reference {reference} %");
        }
    }
}
