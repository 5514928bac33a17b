//! How activations are carried back to pixels, as the command line says it.

use crate::model::Model;
use crate::remarks::remark;
use anyhow::{Result, bail};
use clap::{Args, ValueEnum};
use core_net::Net;
use deconv::{Deconv, Method};
use tensor::Unpool;

#[derive(Args, Clone, Copy, Debug)]
pub struct BackwardRuleOptions {
    /// What passes a rectifier on the way back
    #[arg(long, value_enum, default_value = "deconvnet")]
    rule: Rule,
    /// What becomes of values whose pooling windows share a maximum
    #[arg(long, value_enum, default_value = "sum")]
    unpool: Unpooling,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Rule {
    /// What is positive (Zeiler & Fergus 2013)
    Deconvnet,
    /// What is positive, where the activation was too (Springenberg et al. 2014)
    Guided,
    /// The true derivative, times the signal that --seed of `glassbox project` gives
    Gradient,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Unpooling {
    /// They add up: the transpose of max pooling
    Sum,
    /// The last window's value stays
    Overwrite,
}

impl BackwardRuleOptions {
    /// Says so where the rule changes nothing on the way from a node to the input.
    pub fn remark_on(self, net: &Net, node: usize) {
        let method = self.deconv().method;
        if method != Method::Gradient && !method.differs_from_gradient(net, node) {
            let name = &net.nodes()[node].name;
            remark(format!(
                "no rectifier between {name} and the input: --rule {} changes nothing, its projection is the gradient's",
                if method == Method::Guided { "guided" } else { "deconvnet" }
            ));
        }
    }

    pub fn deconv(self) -> Deconv {
        let method = match self.rule {
            Rule::Deconvnet => Method::Deconvnet,
            Rule::Guided => Method::Guided,
            Rule::Gradient => Method::Gradient,
        };
        let unpool = match self.unpool {
            Unpooling::Sum => Unpool::Sum,
            Unpooling::Overwrite => Unpool::Overwrite,
        };
        Deconv { method, unpool }
    }
}

/// How many feature maps, or units without space, a node has, and the height and width of a map.
///
/// # Errors
/// When the node has neither feature maps nor units.
pub fn maps(model: &Model, net: &Net, node: usize) -> Result<(usize, Option<[usize; 2]>)> {
    let node = &net.nodes()[node];
    match *node.shape {
        [units] => Ok((units, None)),
        [units, height, width] => Ok((units, Some([height, width]))),
        _ => {
            let (path, name, shape) = (model.path().display(), &node.name, &node.shape);
            bail!("{path}: expected a node of feature maps or of units, found {name} of shape {shape:?}")
        }
    }
}
