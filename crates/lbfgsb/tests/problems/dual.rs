//! Numbers that carry their gradient (forward differentiation), so that a test problem is written once, as its formula.

use std::iter::Sum;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// The most variables a problem may have.
pub const MOST: usize = 64;

/// A value and its gradient.
#[derive(Clone, Copy)]
pub struct Dual {
    pub value: f64,
    pub gradient: [f64; MOST],
}

impl Dual {
    pub fn constant(value: f64) -> Self {
        Self { value, gradient: [0.0; MOST] }
    }

    pub fn variables(x: &[f64]) -> Vec<Self> {
        let variable = |(i, &value): (usize, &f64)| {
            let mut x = Self::constant(value);
            x.gradient[i] = 1.0;
            x
        };
        x.iter().enumerate().map(variable).collect()
    }

    fn map(self, value: f64, slope: f64) -> Self {
        Self { value, gradient: self.gradient.map(|g| g * slope) }
    }

    pub fn powi(self, n: i32) -> Self {
        self.map(self.value.powi(n), f64::from(n) * self.value.powi(n - 1))
    }

    pub fn powf(self, p: f64) -> Self {
        self.map(self.value.powf(p), p * self.value.powf(p - 1.0))
    }

    pub fn square(self) -> Self {
        self.powi(2)
    }

    pub fn exp(self) -> Self {
        self.map(self.value.exp(), self.value.exp())
    }

    pub fn ln(self) -> Self {
        self.map(self.value.ln(), 1.0 / self.value)
    }

    pub fn sin(self) -> Self {
        self.map(self.value.sin(), self.value.cos())
    }

    pub fn cos(self) -> Self {
        self.map(self.value.cos(), -self.value.sin())
    }

    pub fn atan(self) -> Self {
        self.map(self.value.atan(), 1.0 / (1.0 + self.value * self.value))
    }
}

fn combine(a: &Dual, b: &Dual, value: f64, (da, db): (f64, f64)) -> Dual {
    let mut gradient = a.gradient;
    for (g, b) in gradient.iter_mut().zip(b.gradient) {
        *g = *g * da + b * db;
    }
    Dual { value, gradient }
}

impl Add for Dual {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        combine(&self, &b, self.value + b.value, (1.0, 1.0))
    }
}

impl Sub for Dual {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        combine(&self, &b, self.value - b.value, (1.0, -1.0))
    }
}

impl Mul for Dual {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        combine(&self, &b, self.value * b.value, (b.value, self.value))
    }
}

impl Div for Dual {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        let value = self.value / b.value;
        combine(&self, &b, value, (1.0 / b.value, -value / b.value))
    }
}

impl Neg for Dual {
    type Output = Self;
    fn neg(self) -> Self {
        self.map(-self.value, -1.0)
    }
}

impl Sum for Dual {
    fn sum<I: Iterator<Item = Self>>(terms: I) -> Self {
        terms.fold(Self::constant(0.0), Add::add)
    }
}

macro_rules! with_plain_numbers {
    ($($operation:ident $function:ident),*) => {$(
        impl $operation<f64> for Dual {
            type Output = Dual;
            fn $function(self, b: f64) -> Dual {
                self.$function(Dual::constant(b))
            }
        }
        impl $operation<Dual> for f64 {
            type Output = Dual;
            fn $function(self, b: Dual) -> Dual {
                Dual::constant(self).$function(b)
            }
        }
    )*};
}

with_plain_numbers!(Add add, Sub sub, Mul mul, Div div);
