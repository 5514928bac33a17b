//! A run: arguments, data and models by name, tables beside the paper's numbers, figures, manifest.
