//! Zeiler & Fergus 2013, *Visualizing and Understanding Convolutional Networks*: trained nets, photographs, and the analyses of their feature maps.

mod ablation_claims;
mod ablations;
mod artefacts;
mod claims;
mod correspondence_of_parts;
mod excitation;
mod feature_evolution;
mod features;
mod first_layers;
mod from_scratch;
mod hidden_parts;
mod invariance_curves;
mod learning_curves;
mod occlusion_result;
mod parts_csv;
mod parts_figure;
mod parts_table;
mod patch_list;
mod sampled_images;
mod squeezenet;
mod training_data;
mod transfer;
mod transfer_rows;
mod transformation_sweep;
mod voc_classification;

pub use ablation_claims::{SeedErrors, page_on_ablations};
pub use ablations::{Entry, OTHER_GROUPS, UNCHANGED, WIDER, entries};
pub use artefacts::PAPER;
pub use claims::{claims, page};
pub use correspondence_of_parts::{Finding, draws_of_five, examine};
pub use excitation::{choose, maps_of, pictures, rank};
pub use feature_evolution::FeatureEvolution;
pub use features::{Features, LAYERS};
pub use first_layers::{FirstLayers, record_power};
pub use from_scratch::{FromScratch, TRAINED_HERE};
pub use hidden_parts::{HiddenParts, Setting};
pub use invariance_curves::InvarianceCurves;
pub use learning_curves::{LearningCurve, learning_curves};
pub use occlusion_result::{OcclusionResult, sensitivity_maps};
pub use parts_csv::{consistencies, tests};
pub use parts_figure::parts_figure;
pub use parts_table::record;
pub use patch_list::PatchList;
pub use sampled_images::SampledImages;
pub use squeezenet::{UNTRAINED, VERSIONS, Version, photographs};
pub use training_data::{TrainingData, load_training_data};
pub use transfer::{Collection, LAST, LayerProbe, PRETRAINED, SeededFold, caltech};
pub use transfer_rows::{
    FOLDS_SHARE, NO_CALTECH256, OTHERS, PAPERS_LAYERS, PRETRAINED_ROW, SCRATCH_ROW, per_class,
};
pub use voc_classification::{ClassScores, VOC_ROWS, VocClassification};
