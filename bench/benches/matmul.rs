//! The matrix products of the attack (f64) and of training (f32) beside multiply-adds that stay in registers; an item is a floating-point operation.

use bench::multiply_adds;
use divan::Bencher;
use divan::counter::ItemsCount;
use tensor::{DType, Real, View, matmul, seeded, uniform, with_slice};

/// Rows, inner dimension and columns: 32 lanes or a batch of 100, into the layers of FC100-100-10 and back.
const SHAPES: [[usize; 3]; 6] =
    [[32, 784, 100], [32, 100, 100], [32, 100, 784], [100, 784, 100], [100, 100, 100], [100, 100, 784]];

fn main() {
    divan::main();
}

#[divan::bench(types = [f32, f64], max_time = 1)]
fn in_registers<T: Real>(bencher: Bencher) {
    bencher.counter(ItemsCount::new(multiply_adds::<T>(100))).bench(|| multiply_adds::<T>(100));
}

#[divan::bench(types = [f32, f64], args = SHAPES, max_time = 1)]
fn product<T: Real>(bencher: Bencher, [rows, inner, columns]: [usize; 3]) {
    let a = matrix::<T>(rows, inner);
    let b = matrix::<T>(inner, columns);
    bencher
        .counter(ItemsCount::new(2 * rows * inner * columns))
        .bench(|| matmul(View::new(&a, rows, inner), View::new(&b, inner, columns)));
}

fn matrix<T: Real>(rows: usize, columns: usize) -> Vec<T> {
    let tensor = uniform(&mut seeded(1, "matrix"), &[rows, columns], 1.0, T::DTYPE);
    assert!(matches!(tensor.dtype(), DType::F32 | DType::F64));
    with_slice::<T, _>(&tensor, <[T]>::to_vec)
}
