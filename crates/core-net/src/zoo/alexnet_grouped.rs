//! AlexNet: Krizhevsky, Sutskever & Hinton 2012, Fig. 2, whose two halves lived on two machines.

use super::layers::{Layers, filters};
use super::widths::{Widths, from_layer_3};
use tensor::{ResponseNorm, Rounding};

/// **Paper** §3.3: k = 2, n = 5, α = 1e-4, β = 0.75; its α multiplies the sum of squares, ours their mean over the n channels.
const NORM: ResponseNorm = ResponseNorm { size: 5, alpha: 5.0 * 1e-4, beta: 0.75, kappa: 2.0 };

/// The paper's 224 × 224 images do not give its 55 × 55 maps; 227 × 227 ones do.
pub(super) fn with_widths(images: Layers, classes: usize, widths: &Widths) -> Layers {
    let pool2 = images
        .conv_relu(1, filters(widths.maps[0], 11).stride(4))
        .node("norm1", NORM)
        .max_pool("pool1", 3, 2)
        .conv_relu(2, filters(widths.maps[1], 5).padding(2).groups(2))
        .node("norm2", NORM)
        .max_pool("pool2", 3, 2);
    from_layer_3(pool2, classes, widths, 2, Rounding::Floor)
}
