//! Functions of one scalar: a table with a row for each.

use super::{Description, Operation, Reach, Shape, Step};
use serde::Deserialize;
use tensor::{
    Tensor, clip, clip_gradient, leaky_relu, leaky_relu_gradient, relu, relu_gradient, sigmoid,
    sigmoid_gradient, tanh, tanh_gradient,
};

/// Writes [`ElementWise`] and a function for each column of the table. A key of a function has a value for tests.
macro_rules! table {
    ($(
        $(#[$doc:meta])+
        $function:ident $({ $($(#[$key_doc:meta])+ $key:ident = $example:literal),+ })?: $kind:literal {
            value: |$x:ident| $value:expr,
            derivative: |$signal:ident, $input:ident, $output:ident| $derivative:expr,
            range: |$low:ident, $high:ident| $range:expr,
            lipschitz: $lipschitz:expr,
            rectifier: $rectifier:expr,
        }
    )+) => {
        /// A function of one scalar.
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub enum ElementWise {
            $($(#[$doc])+ $function $({ $($(#[$key_doc])+ $key: f64),+ })?),+
        }

        #[allow(unused_variables)]
        impl ElementWise {
            fn value(self, x: &Tensor) -> Tensor {
                match self {
                    $(Self::$function $({ $($key),+ })? => { let $x = x; $value })+
                }
            }

            /// The signal times the derivative.
            fn gradient(self, step: &Step) -> Tensor {
                match self {
                    $(Self::$function $({ $($key),+ })? => {
                        let ($signal, $input, $output) = (step.signal, step.input, step.output);
                        $derivative
                    })+
                }
            }

            /// An interval that holds all values of arguments in this one.
            pub fn range(self, [low, high]: [f64; 2]) -> [f64; 2] {
                match self {
                    $(Self::$function $({ $($key),+ })? => { let ($low, $high) = (low, high); $range })+
                }
            }

            /// The smallest Lipschitz constant: the steepest slope.
            fn steepest_slope(self) -> f64 {
                match self {
                    $(Self::$function $({ $($key),+ })? => $lipschitz),+
                }
            }

            /// Whether it is a rectifier, perhaps one with an upper limit.
            pub fn is_rectifier(self) -> bool {
                match self {
                    $(Self::$function $({ $($key),+ })? => $rectifier),+
                }
            }

            fn name(self) -> &'static str {
                match self {
                    $(Self::$function $({ $($key: _),+ })? => $kind),+
                }
            }

            /// The values of its keys.
            fn settings(self) -> Vec<f64> {
                match self {
                    $(Self::$function $({ $($key),+ })? => vec![$($($key),+)?]),+
                }
            }

            fn described() -> Vec<Description> {
                vec![$(Description::new($kind, &[example(&[$($((stringify!($key), $example)),+)?])], |keys, _| {
                    #[derive(Deserialize)]
                    #[serde(deny_unknown_fields)]
                    struct Keys { $($($key: f64),+)? }
                    let Keys { $($($key),+)? } = keys.try_into()?;
                    Ok(ElementWise::$function $({ $($key),+ })?.into())
                })),+]
            }
        }
    };
}

table! {
    /// `max(x, 0)`
    Relu: "relu" {
        value: |x| relu(x),
        derivative: |signal, x, y| relu_gradient(signal, y),
        range: |low, high| [low.max(0.0), high.max(0.0)],
        lipschitz: 1.0,
        rectifier: true,
    }
    /// `1 / (1 + exp(−x))`
    Sigmoid: "sigmoid" {
        value: |x| sigmoid(x),
        derivative: |signal, x, y| sigmoid_gradient(signal, y),
        range: |low, high| [0.0, 1.0],
        lipschitz: 0.25,
        rectifier: false,
    }
    /// `tanh x`
    Tanh: "tanh" {
        value: |x| tanh(x),
        derivative: |signal, x, y| tanh_gradient(signal, y),
        range: |low, high| [-1.0, 1.0],
        lipschitz: 1.0,
        rectifier: false,
    }
    /// `x` where it is positive, `slope · x` elsewhere.
    LeakyRelu {
        /// Where `x` is not positive.
        slope = 0.2
    }: "leaky_relu" {
        value: |x| leaky_relu(x, slope),
        derivative: |signal, x, y| leaky_relu_gradient(signal, x, slope),
        range: |low, high| [f64::NEG_INFINITY, f64::INFINITY],
        lipschitz: slope.abs().max(1.0),
        rectifier: false,
    }
    /// `x`, but at least `low` and at most `high`.
    Clip {
        /// The least value.
        low = -0.4,
        /// The greatest value.
        high = 0.6
    }: "clip" {
        value: |x| clip(x, low, high),
        derivative: |signal, x, y| clip_gradient(signal, x, low, high),
        range: |lowest, highest| [low, high],
        lipschitz: if low < high { 1.0 } else { 0.0 },
        rectifier: low == 0.0,
    }
}

/// `slope = 0.2`
fn example(keys: &[(&str, f64)]) -> String {
    keys.iter().map(|(key, value)| format!("{key} = {value:?}")).collect::<Vec<_>>().join(", ")
}

impl Operation for ElementWise {
    fn kind(&self) -> &'static str {
        self.name()
    }

    fn output_shape(&self, inputs: &[&[usize]]) -> Shape {
        Ok(inputs[0].to_vec())
    }

    fn forward(&self, inputs: &[&Tensor]) -> Tensor {
        self.value(inputs[0])
    }

    fn adjoint(&self, step: &Step) -> Tensor {
        step.signal.clone()
    }

    fn derivative(&self, step: &Step) -> Tensor {
        self.gradient(step)
    }

    fn reach(&self) -> Reach {
        Reach::Place
    }

    fn lipschitz_constant(&self, _: &[&[usize]]) -> Option<f64> {
        Some(self.steepest_slope())
    }

    /// `leaky relu 0.1`, `clip 0 to 6`
    fn summary(&self) -> String {
        let settings: Vec<String> = self.settings().iter().map(f64::to_string).collect();
        format!("{} {}", self.name().replace('_', " "), settings.join(" to ")).trim_end().into()
    }

    fn descriptions() -> Vec<Description> {
        Self::described()
    }
}

#[cfg(test)]
mod tests {
    use crate::operations::{Op, examples};
    use tensor::{tensor_of, to_f64s};

    #[test]
    fn each_function_stays_in_its_range_and_attains_its_steepest_slope() {
        let x: Vec<f64> = (-3000..=3000).map(|step| f64::from(step) / 1000.0).collect();
        for example in examples() {
            let Op::ElementWise(function) = example.op else { continue };
            let y = to_f64s(&function.value(&tensor_of(x.clone(), &[1, x.len()])));
            let [low, high] = function.range([-3.0, 3.0]);
            assert!(y.iter().all(|y| (low..=high).contains(y)), "{function:?}");
            assert!(!function.is_rectifier() || y.iter().all(|y| *y >= 0.0), "{function:?}");
            let slopes = x.windows(2).zip(y.windows(2)).map(|(x, y)| ((y[1] - y[0]) / (x[1] - x[0])).abs());
            let share = slopes.fold(0.0, f64::max) / function.steepest_slope();
            assert!(share > 0.999 && share < 1.0 + 1e-9, "{function:?}: {share} of its steepest slope");
        }
    }
}
