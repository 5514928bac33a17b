//! The transfer matrix: the error of each net on the images distorted for each net.

use super::TransferPart;
use anyhow::Result;
use statistics::interval_of_rate;

/// Row of the undistorted images.
const CLEAN: &str = "clean";

/// A row for each way in which images were distorted, a column for each net that reads them.
pub struct Matrix<'a> {
    names: &'a [String],
    rows: Vec<Row<'a>>,
}

struct Row<'a> {
    made_for: &'a str,
    /// By net: how many images it does not read as their labels.
    misclassified: Vec<usize>,
    n: usize,
    /// How many images reached their targets, and the average distortion of these; none where nothing was aimed at.
    found: Option<(usize, f64)>,
    /// How many the net assigns to their targets before they are distorted; none where nothing was aimed at.
    already: Option<usize>,
}

impl<'a> Matrix<'a> {
    /// The matrix of nets of these names from what was found for each of them.
    pub fn new(names: &'a [String], found: &[&[TransferPart]]) -> Matrix<'a> {
        let n = found[0].iter().map(|some| some.n).sum();
        let of_all =
            |all: &[TransferPart], of: &dyn Fn(&TransferPart) -> usize| all.iter().map(of).sum::<usize>();
        let clean = found.iter().map(|all| of_all(all, &|some| some.clean)).collect();
        let mut rows = vec![Row { made_for: CLEAN, misclassified: clean, n, found: None, already: None }];
        for (name, all) in names.iter().zip(found) {
            let misclassified =
                (0..names.len()).map(|reader| of_all(all, &|some| some.misclassified[reader])).collect();
            let distortions: Vec<f64> =
                all.iter().flat_map(|some| &some.distortions).map(|distortion| distortion.0).collect();
            let mean = distortions.iter().sum::<f64>() / distortions.len() as f64;
            let (found, already) = (Some((distortions.len(), mean)), Some(of_all(all, &|some| some.already)));
            rows.push(Row { made_for: name, misclassified, n, found, already });
        }
        Matrix { names, rows }
    }

    /// The errors, a line for each row.
    pub fn text(&self) -> Result<String> {
        let mut table = csv::Writer::from_writer(Vec::new());
        let names = self.names.iter().map(String::as_str);
        table.write_record(["made_for"].into_iter().chain(names).chain([
            "n",
            "found",
            "distortion",
            "already",
        ]))?;
        for row in &self.rows {
            let errors =
                row.misclassified.iter().map(|&misclassified| format!("{:.4}", row.rate(misclassified)));
            let [found, distortion] = row.found(|mean| format!("{mean:.6}"));
            let line = [row.made_for.to_owned()].into_iter().chain(errors);
            table.write_record(line.chain([row.n.to_string(), found, distortion, row.already()]))?;
        }
        Ok(String::from_utf8(table.into_inner()?)?)
    }

    /// The same with intervals, a line for each cell.
    pub fn table(&self) -> Result<Vec<u8>> {
        let mut table = csv::Writer::from_writer(Vec::new());
        let columns = ["made_for", "read_by", "error", "low", "high", "n", "found", "distortion", "already"];
        table.write_record(columns)?;
        for row in &self.rows {
            for (name, &misclassified) in self.names.iter().zip(&row.misclassified) {
                let [low, high] = interval_of_rate(misclassified, row.n);
                let [found, distortion] = row.found(|mean| mean.to_string());
                let error = row.rate(misclassified);
                table.serialize((
                    row.made_for,
                    name,
                    error,
                    low,
                    high,
                    row.n,
                    found,
                    distortion,
                    row.already(),
                ))?;
            }
        }
        Ok(table.into_inner()?)
    }
}

impl Row<'_> {
    fn rate(&self, misclassified: usize) -> f64 {
        misclassified as f64 / self.n as f64
    }

    fn already(&self) -> String {
        self.already.map(|already| already.to_string()).unwrap_or_default()
    }

    /// How many reached their targets, and their average distortion; empty where there is none.
    fn found(&self, text: fn(f64) -> String) -> [String; 2] {
        match self.found {
            None => [String::new(), String::new()],
            Some((0, _)) => ["0".into(), String::new()],
            Some((found, mean)) => [found.to_string(), text(mean)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job::F64Bits;

    fn part(misclassified: [usize; 2], clean: usize, distortions: &[f64]) -> TransferPart {
        TransferPart {
            n: 4,
            clean,
            misclassified: misclassified.to_vec(),
            distortions: F64Bits::all(distortions),
            already: 1,
            observations: vec![],
        }
    }

    #[test]
    fn parts_add_up_to_the_errors_of_all_images() {
        let names = ["a.onnx".to_owned(), "b.onnx".to_owned()];
        let a = [part([4, 1], 1, &[0.25, 0.5, 0.75]), part([4, 0], 0, &[0.5])];
        let b = [part([0, 3], 2, &[]), part([1, 4], 2, &[])];
        let matrix = Matrix::new(&names, &[&a, &b]);
        let expected = "made_for,a.onnx,b.onnx,n,found,distortion,already\n\
            clean,0.1250,0.5000,8,,,\n\
            a.onnx,1.0000,0.1250,8,4,0.500000,2\n\
            b.onnx,0.1250,0.8750,8,0,,2\n";
        assert_eq!(matrix.text().unwrap(), expected);
        let table = String::from_utf8(matrix.table().unwrap()).unwrap();
        assert_eq!(table.lines().count(), 7);
        let [low, high] = interval_of_rate(1, 8);
        assert!(table.contains(&format!("\na.onnx,b.onnx,0.125,{low},{high},8,4,0.5,2\n")), "{table}");
    }
}
