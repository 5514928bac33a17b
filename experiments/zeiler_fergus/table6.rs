//! Zeiler & Fergus 2013, §5.2, Table 6: which objects an image of PASCAL VOC shows, read from the features of a net trained on ImageNet.
//!
//! Claim: features learned on images of one object serve for scenes with several, although less well than methods made for these.
//!
//! Unlike the paper, trained on `train` and tested on `val`, since the test images' objects are not public; without VOC 2012's folders on our split of VOC 2007.

use anyhow::Result;
use experiments::zeiler_fergus::{OTHERS, PRETRAINED_ROW, VOC_ROWS, VocClassification};
use lab::Run;
use statistics::average_precision;
use std::process::ExitCode;

const RIVALS: [&str; 2] = ["Sande et al. 2012", "Yan et al. 2012"];
const WON: &str = "the wins would be over methods that were tested on other images";

fn main() -> ExitCode {
    lab::main(
        "zeiler_fergus",
        "table6",
        "Which objects an image shows, read from the features of a net trained on ImageNet",
        table6,
    )
}

fn table6(run: &Run) -> Result<()> {
    let objects = VocClassification::read(run)?;
    run.stage("train and test");
    let (detected, decay) = objects.detect(run);
    run.remark("weight decay", &format!("{decay}, chosen on parts of the training images"));
    let mut table = run.table();
    table.caption(&objects.scale());
    let mut precisions = Vec::new();
    for (row, class) in VOC_ROWS {
        RIVALS.iter().for_each(|rival| table.not_run(row, rival, OTHERS));
        match detected.iter().find(|found| found.class == class) {
            Some(found) => {
                precisions.push(100.0 * average_precision(&found.scores, &found.relevant));
                table.average_precision_in_percent(row, PRETRAINED_ROW, &found.scores, &found.relevant);
            }
            None => table.not_run(row, PRETRAINED_ROW, "no such class in these images"),
        }
    }
    let others = detected.iter().filter(|found| VOC_ROWS.iter().all(|(_, class)| *class != found.class));
    for found in others {
        table.average_precision_in_percent(&found.class, PRETRAINED_ROW, &found.scores, &found.relevant);
    }
    for row in ["Mean", "# won"] {
        RIVALS.iter().for_each(|rival| table.not_run(row, rival, OTHERS));
    }
    table.not_run("# won", PRETRAINED_ROW, WON);
    match precisions.len() {
        0 => table.not_run("Mean", PRETRAINED_ROW, "no class of VOC in these images"),
        n => {
            table.mean("Mean", PRETRAINED_ROW, &precisions);
            table.note("Mean", PRETRAINED_ROW, &format!("over {n} classes, and so is the interval"));
        }
    }
    run.save_table(&table)
}
