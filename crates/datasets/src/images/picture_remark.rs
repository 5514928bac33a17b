//! What was done to a picture that its user may not expect.

use std::fmt;

/// What was done to a picture that its user may not expect; displayed as a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum PictureRemark {
    /// An alpha channel in which some pixels are not opaque was dropped.
    AlphaDropped,
    /// The colors of a palette were taken.
    Palette,
    /// It was turned or mirrored as its EXIF orientation, 2 to 8, says.
    Turned(u8),
    /// It was not turned though its EXIF orientation is 2 to 8.
    NotTurned(u8),
    /// All 16 bits of a channel were kept.
    SixteenBits,
    /// The first of several images was taken.
    FirstFrame,
    /// All pixels are there, but the file's end is not.
    EndMissing,
    /// Some of its data made no sense.
    Damaged,
    /// Cyan, magenta, yellow and black became red, green and blue.
    Cmyk,
}

impl fmt::Display for PictureRemark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PictureRemark::AlphaDropped => f.write_str(
                "its alpha channel was dropped, as Pillow's convert(\"RGB\") does: transparent pixels show the color stored below",
            ),
            PictureRemark::Palette => {
                f.write_str("the colors of its palette were taken; if they stand for class numbers, give a .npy array")
            }
            PictureRemark::Turned(number) => write!(
                f,
                "turned upright as its EXIF orientation {number} says; Pillow's Image.open and torchvision's ImageFolder do not: --exif ignore"
            ),
            PictureRemark::NotTurned(number) => {
                write!(f, "not turned upright, though its EXIF orientation is {number}: --exif ignore")
            }
            PictureRemark::SixteenBits => {
                f.write_str("16 bits a channel were kept, value / 65535; Pillow's convert(\"RGB\") cuts them to 8")
            }
            PictureRemark::FirstFrame => f.write_str("the first of several images in it was taken"),
            PictureRemark::EndMissing => f.write_str("its end is missing, after all of its pixels"),
            PictureRemark::Damaged => f.write_str("its data are damaged: some of its pixels may be wrong"),
            PictureRemark::Cmyk => {
                f.write_str("CMYK became RGB without a color profile, as Pillow's convert(\"RGB\") does")
            }
        }
    }
}
