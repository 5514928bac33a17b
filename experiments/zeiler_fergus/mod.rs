//! Zeiler & Fergus 2013, *Visualizing and Understanding Convolutional Networks*: trained nets, photographs, and what excites, hides from and moves their feature maps.

mod ablation_claims;
mod ablations;
mod anatomy;
mod artefacts;
mod chosen;
mod claims;
mod correspondence_of_parts;
mod development;
mod excitation;
mod features;
mod from_scratch;
mod hidden_parts;
mod invariance_curves;
mod learning_curves;
mod listing;
mod objects_shown;
mod occluded;
mod parts_figure;
mod parts_table;
mod records;
mod squeezenet;
mod sweep;
mod training_data;
mod transfer;
mod transfer_rows;

pub use ablation_claims::{SeedErrors, page_on_ablations};
pub use ablations::{Entry, OTHER_GROUPS, UNCHANGED, WIDER, entries};
pub use anatomy::{Anatomy, record_power};
pub use artefacts::PAPER;
pub use chosen::Chosen;
pub use claims::{claims, page};
pub use correspondence_of_parts::{Finding, draws_of_five, examine};
pub use development::Development;
pub use excitation::{choose, maps_of, pictures, rank};
pub use features::{Features, LAYERS};
pub use from_scratch::{FromScratch, TRAINED_HERE};
pub use hidden_parts::{HiddenParts, Setting};
pub use invariance_curves::InvarianceCurves;
pub use learning_curves::{LearningCurve, learning_curves};
pub use listing::Listing;
pub use objects_shown::{Detected, ObjectsShown, VOC_ROWS};
pub use occluded::{Occluded, hide};
pub use parts_figure::parts_figure;
pub use parts_table::record;
pub use records::{consistencies, tests};
pub use squeezenet::{UNTRAINED, VERSIONS, Version, photographs};
pub use training_data::{TrainingData, load_training_data};
pub use transfer::{Collection, Draw, LAST, PRETRAINED, Reader, caltech};
pub use transfer_rows::{
    FOLDS_SHARE, NO_CALTECH256, OTHERS, PAPERS_LAYERS, PRETRAINED_ROW, SCRATCH_ROW, per_class,
};
