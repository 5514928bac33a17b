//! Nets as data: forward passes that leave a trace, signals pulled back, training, weight files.
