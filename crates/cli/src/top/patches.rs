//! Patches and projections of a feature map's strongest images.

use super::ranking::Place;
use crate::images::Images;
use crate::pixels::Pixels;
use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use core_net::Net;
use deconv::Deconv;
use figures::reduced;
use image::RgbImage;
use image::imageops::crop_imm;
use serde::{Deserialize, Serialize};

/// Pixels along the side of a patch in the image grid.
pub const SIDE: u32 = 112;

/// A patch of an image with its projection.
#[derive(Deserialize, Serialize)]
pub struct PatchAndProjection {
    pub patch: Picture,
    pub projection: Picture,
}

/// A picture's bytes, in base 64.
#[derive(Deserialize, Serialize)]
pub struct Picture {
    width: u32,
    height: u32,
    bytes: String,
}

/// What excites a map of the net's last node at this place.
pub fn show(
    net: &Net,
    images: &Images,
    place: &Place,
    deconv: Deconv,
    pixels: &Pixels,
) -> Result<PatchAndProjection> {
    let image = images.select(&[place.image]).batches(1)?.next().transpose()?;
    let image = image.context("expected an image that was read before, found a broken one")?.images;
    let trace = net.forward(&image);
    let found = deconv.project_units(net, &trace, net.output(), &[(0, place.unit)]).remove(0);
    let preprocessing = pixels.preprocessing(&image.dims()[1..]);
    let region = found.region;
    let [x, y, w, h] = [region.left, region.top, region.width, region.height].map(|side| side as u32);
    let picture = preprocessing.picture(&image.squeeze(0)?);
    Ok(PatchAndProjection {
        patch: Picture::new(reduced(crop_imm(&picture, x, y, w, h).to_image(), SIDE)),
        projection: Picture::new(reduced(preprocessing.contrast(&found.pixels.squeeze(0)?), SIDE)),
    })
}

impl Picture {
    fn new(picture: RgbImage) -> Picture {
        let (width, height) = picture.dimensions();
        Picture { width, height, bytes: STANDARD.encode(picture.into_raw()) }
    }

    pub fn picture(&self) -> Result<RgbImage> {
        let picture = RgbImage::from_raw(self.width, self.height, STANDARD.decode(&self.bytes)?);
        picture.context("expected as many bytes as a picture has, found others")
    }
}
