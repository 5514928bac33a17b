//! `--target`: what is explained, in the words of the command line.

use crate::class_table::Classes;
use crate::failure::WrongArguments;
use crate::model::Model;
use anyhow::{Context, Result, bail};
use core_net::{Net, Places, Scores, Target, Units};
use std::path::Path;

/// Brightness from which a mask's pixel belongs to the region.
const WHITE: u8 = 128;

/// What the text means for this net.
///
/// # Errors
/// When it means nothing, or names what does not exist.
pub fn resolve(text: &str, model: &Model, net: &Net, scores: &Scores, classes: &Classes) -> Result<Target> {
    let text = text.trim();
    let target = match (scores.classes(), classes.find(text)) {
        (Some(_), _) if text == "top" => Target::Top,
        (Some(_), Some(class)) => Target::Class(class),
        (None, Some(channel)) => Target::Units(Units { node: net.output(), channel, places: Places::All }),
        _ => match difference(text, classes) {
            Some(pair) => pair,
            None => Target::Units(units(text, model, net)?),
        },
    };
    let checked = target.check(net, scores.classes());
    checked.map_err(|misfit| WrongArguments(format!("--target {text}: {misfit}")))?;
    Ok(target)
}

/// Two classes with a hyphen between them, of which names may have more.
fn difference(text: &str, classes: &Classes) -> Option<Target> {
    text.match_indices('-').find_map(|(at, _)| {
        let (one, other) = (classes.find(&text[..at])?, classes.find(&text[at + 1..])?);
        Some(Target::Difference(one, other))
    })
}

fn units(text: &str, model: &Model, net: &Net) -> Result<Units> {
    let unknown = || {
        WrongArguments(format!(
            "--target: expected top, a class, A-B, NODE:K, NODE:K@Y,X or NODE:K@MASK.png, found {text:?}"
        ))
    };
    let Some((name, rest)) = split(text) else { bail!(unknown()) };
    let (channel, place) =
        rest.split_once('@').map_or((rest, None), |(channel, place)| (channel, Some(place)));
    let channel = channel.trim().parse().map_err(|_| unknown())?;
    let node = model.node(net, name)?;
    let map = net.nodes()[node].shape.get(1..).unwrap_or_default();
    let places = match place {
        None => Places::All,
        Some(place) => match sides(place) {
            Some(at) => Places::Some(vec![index(&at, map).with_context(|| {
                WrongArguments(format!("--target {text}: expected a place in a map of {map:?}, found {at:?}"))
            })?]),
            None => Places::Some(masked(Path::new(place), map)?),
        },
    };
    Ok(Units { node, channel, places })
}

/// A node's name, which may have colons, and what is said of it.
fn split(text: &str) -> Option<(&str, &str)> {
    text.rmatch_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..])).find(|(_, rest)| {
        let number = rest.split('@').next().unwrap_or_default().trim();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

fn sides(text: &str) -> Option<Vec<usize>> {
    text.split(',').map(|side| side.trim().parse().ok()).collect()
}

/// The flat index of a place.
fn index(at: &[usize], map: &[usize]) -> Option<usize> {
    let fits = at.len() == map.len() && at.iter().zip(map).all(|(at, side)| at < side);
    fits.then(|| at.iter().zip(map).fold(0, |index, (at, side)| index * side + at))
}

/// The places of a map where a picture is white, which is brought to the map's size by its nearest pixels.
fn masked(path: &Path, map: &[usize]) -> Result<Vec<usize>> {
    let shown = path.display();
    let &[height, width] = map else {
        bail!(WrongArguments(format!(
            "{shown}: expected a node of maps for a mask, found places of shape {map:?}"
        )))
    };
    let picture = image::ImageReader::open(path).and_then(image::ImageReader::with_guessed_format);
    let picture = picture.with_context(|| format!("{shown}: expected a picture as mask, found"))?;
    let mask =
        picture.decode().with_context(|| format!("{shown}: expected a picture as mask, found"))?.to_luma8();
    let is_white = |place: &usize| {
        let [y, x] = [place / width, place % width];
        let at =
            |index: usize, side: usize, pixels: u32| ((2 * index + 1) * pixels as usize / (2 * side)) as u32;
        mask.get_pixel(at(x, width, mask.width()), at(y, height, mask.height())).0[0] >= WHITE
    };
    let places: Vec<usize> = (0..height * width).filter(is_white).collect();
    if places.is_empty() {
        bail!(
            "{shown}: expected a mask with white pixels, found none at the {height}×{width} places of the map"
        );
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_s_name_may_have_colons_and_a_class_s_hyphens() {
        assert_eq!(split("a:b:3@1,2"), Some(("a:b", "3@1,2")));
        assert_eq!(split("a/b.c:17"), Some(("a/b.c", "17")));
        assert_eq!(split("conv1"), None);
        assert_eq!(index(&[2, 1], &[4, 5]), Some(11));
        assert_eq!(index(&[4, 1], &[4, 5]), None);
        let classes = Classes::default();
        assert_eq!(difference("3-5", &classes), Some(Target::Difference(3, 5)));
        assert_eq!(difference("3", &classes), None);
    }

    #[test]
    fn a_mask_is_brought_to_the_map_s_size() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mask.png");
        image::GrayImage::from_fn(8, 4, |x, y| image::Luma([if x >= 6 && y < 2 { 255 } else { 0 }]))
            .save(&path)
            .unwrap();
        assert_eq!(masked(&path, &[2, 4]).unwrap(), [3]);
        assert!(masked(&path, &[4]).is_err());
    }
}
