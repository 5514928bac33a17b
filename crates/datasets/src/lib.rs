//! Real and generated image data, read strictly.
