//! Nets by the name of their architecture, filled from a .safetensors file.

use super::form::Form;
use crate::failure::WrongArguments;
use crate::output::ends_in;
use anyhow::{Context, Result, anyhow, bail};
use core_net::{Net, WeightsError, description, zoo};
use std::path::Path;

/// The net of this architecture with the parameters of a file.
pub(super) fn filled(path: &Path, arch: Option<&str>, form: &Form) -> Result<Net> {
    let Some(name) = arch else {
        let path = path.display();
        bail!(WrongArguments(format!("{path}: expected --arch NAME with a .safetensors file")));
    };
    for (option, is_given) in [("--head", form.head.is_some()), ("--layout", form.layout.is_some())] {
        if is_given {
            let path = path.display();
            bail!(WrongArguments(format!("{path}: expected {option} with an .onnx file only")));
        }
    }
    let net = architecture(name, form)?;
    let prefix = form.strip_prefix.as_deref().unwrap_or("");
    net.load_without_prefix(path, prefix).map_err(|error| with_hint(error, name))
}

/// The error, with the option that helps.
fn with_hint(error: WeightsError, name: &str) -> anyhow::Error {
    match &error {
        WeightsError::Prefix { prefix, .. } => anyhow!("{error}; --strip-prefix {prefix} reads it"),
        WeightsError::Outputs { outputs, .. } if description(name).is_none() && !name.starts_with("fc") => {
            anyhow!("{error}; --classes {outputs} fits")
        }
        _ => error.into(),
    }
}

/// The file that describes the architecture, where its name is that of one.
pub(super) fn description(name: &str) -> Option<&Path> {
    Some(Path::new(name)).filter(|path| ends_in(path, "toml"))
}

/// The net that the weights are to fill.
fn architecture(name: &str, form: &Form) -> Result<Net> {
    if let Some(path) = description(name) {
        return of_its_size(name, form, description::read(path)?);
    }
    let classes = form.classes.map_or(if name == "lenet" { 10 } else { 1000 }, |classes| classes as usize);
    if let Some(size) = form.size
        && let Some(net) = zoo::by_name_sized(name, classes, size)
    {
        return net.with_context(|| format!("--size: expected images large enough for {name}, found"));
    }
    let net = zoo::by_name(name, classes, None).or_else(|| fully_connected(name)).with_context(|| {
        WrongArguments(format!(
            "--arch: expected {}, fc100-100-10 or a file that ends in .toml, found {name}",
            zoo::names().join(", ")
        ))
    })?;
    of_its_size(name, form, net)
}

/// The net, if --size does not ask for images of another size than it has.
fn of_its_size(name: &str, form: &Form, net: Net) -> Result<Net> {
    let shape = &net.nodes()[0].shape;
    let has = |size: [usize; 2]| shape.get(1..) == Some(&size[..]);
    if let Some(size) = form.size.filter(|&size| !has(size)) {
        bail!(WrongArguments(format!("--size: expected that of {name}'s images, {shape:?}, found {size:?}")));
    }
    Ok(net)
}

/// Dense layers for MNIST's images, of the widths in a name such as `fc100-100-10`.
fn fully_connected(name: &str) -> Option<Net> {
    let widths: Option<Vec<usize>> =
        name.strip_prefix("fc")?.split('-').map(|width| width.parse().ok()).collect();
    let widths = widths.filter(|widths| !widths.contains(&0))?;
    Some(zoo::fully_connected(&[1, 28, 28], &widths, 0))
}
