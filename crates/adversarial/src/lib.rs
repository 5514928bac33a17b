//! Minimum distortions, their refinement, and their transfer between nets.
