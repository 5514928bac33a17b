//! Shapes by their signed distance: negative inside, positive outside, in units of the shape's radius.

/// A shape around the origin.
pub(super) struct Shape {
    pub name: &'static str,
    pub distance: fn(y: f32, x: f32) -> f32,
}

pub(super) const SHAPES: [Shape; 10] = [
    Shape { name: "disk", distance: |y, x| y.hypot(x) - 1.0 },
    Shape { name: "ring", distance: |y, x| (y.hypot(x) - 0.8).abs() - 0.2 },
    Shape { name: "square", distance: |y, x| square(y, x) },
    Shape { name: "frame", distance: |y, x| (square(y, x) + 0.2).abs() - 0.2 },
    Shape { name: "diamond", distance: |y, x| (y.abs() + x.abs() - 1.0) * std::f32::consts::FRAC_1_SQRT_2 },
    Shape {
        name: "triangle",
        distance: |y, x| (0.894 * x.abs() + 0.447 * y - 0.447).max(-y - 1.0).max(y - 1.0),
    },
    Shape { name: "cross", distance: |y, x| square(y, x * 3.0).min(square(y * 3.0, x)) },
    Shape { name: "horizontal stripes", distance: |y, x| square(y, x).max(stripe(y)) },
    Shape { name: "vertical stripes", distance: |y, x| square(y, x).max(stripe(x)) },
    Shape { name: "checkerboard", distance: |y, x| square(y, x).max(checks(y, x)) },
];

/// A square whose side is twice the radius.
fn square(y: f32, x: f32) -> f32 {
    y.abs().max(x.abs()) - 1.0
}

/// Stripes half of which are inside, five to the diameter.
fn stripe(along: f32) -> f32 {
    let phase = (along * 2.5).rem_euclid(2.0);
    (phase - 1.0).abs() / 2.5 - 0.2
}

/// Fields inside where both stripes or neither is.
fn checks(y: f32, x: f32) -> f32 {
    let (a, b) = (stripe(y), stripe(x));
    a.max(b).min(-a.min(b))
}
