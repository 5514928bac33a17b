//! VOC's annotations: an XML file for each image, with an element for each object.
//!
//! Of an object its class and whether it is difficult are read; boxes, poses and parts are passed over.

use crate::table::{text, unlike};
use crate::voc::Objects;
use crate::{DataError, ImageFolder, Voc};
use quick_xml::Reader;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::Event;
use std::collections::HashMap;
use std::path::Path;

/// The deepest element that is read; VOC's own lie four deep.
const DEEPEST: usize = 32;

/// One `object` of an annotation.
#[derive(Debug, Default, PartialEq, Eq)]
struct Object {
    name: String,
    /// `1` where it is hard to recognize, `0` or nothing where it is not.
    difficult: String,
}

impl Voc {
    /// The images of the lists `ImageSets/Main/<split>.txt`, with what `Annotations/<name>.xml` says of each.
    pub(crate) fn from_annotations(
        folder: &Path,
        images: &ImageFolder,
        splits: &[&str],
    ) -> Result<Voc, DataError> {
        let mut objects: Vec<Option<Objects>> = vec![None; images.len()];
        for split in splits {
            for (image, stem) in
                listed(&folder.join(format!("ImageSets/Main/{split}.txt")), images, &objects)?
            {
                let annotation = folder.join("Annotations").join(stem).with_extension("xml");
                objects[image] = Some(Objects { split: (*split).to_owned(), ..shown(&annotation)? });
            }
        }
        Ok(Voc::annotated(images, objects))
    }
}

/// The images of a list, a name without its ending in each line, of which none is in another list already.
fn listed(
    list: &Path,
    images: &ImageFolder,
    taken: &[Option<Objects>],
) -> Result<Vec<(usize, String)>, DataError> {
    let stem = |name| Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let free = images.names().map(stem).zip(0..).filter(|(_, image): &(_, usize)| taken[*image].is_none());
    let mut places: HashMap<String, usize> = free.collect();
    let text = text(list)?;
    let names = text.lines().zip(1..).map(|(line, number)| (line.trim(), number));
    let place = |(name, number): (&str, usize)| {
        places.remove_entry(name).map(|(stem, image)| (image, stem)).ok_or_else(|| {
            let expected = format!("each image of {} at most once", images.path().display());
            unlike(list, &expected, format!("{name}, which is not there or comes again, in line {number}"))
        })
    };
    names.filter(|(name, _)| !name.is_empty()).map(place).collect()
}

/// What an annotation says that its image shows.
fn shown(path: &Path) -> Result<Objects, DataError> {
    let refused = |found| unlike(path, "an annotation with the names of objects", found);
    let mut shows = Objects::default();
    for Object { name, difficult } in objects(&text(path)?).map_err(refused)? {
        match (name.trim(), difficult.trim()) {
            ("", _) => return Err(refused("an object without a name".into())),
            (name, "" | "0") => drop(shows.present.insert(name.to_owned())),
            (name, "1") => drop(shows.difficult.insert(name.to_owned())),
            (_, other) => return Err(refused(format!("difficult {other:?}"))),
        }
    }
    shows.difficult.retain(|name| !shows.present.contains(name));
    Ok(shows)
}

/// The objects, in the file's order.
fn objects(text: &str) -> Result<Vec<Object>, String> {
    let mut reader = Reader::from_str(text);
    let (mut objects, mut path, mut has_root) = (Vec::new(), Vec::<String>::new(), false);
    loop {
        let event = reader.read_event();
        match event.map_err(|error| format!("{error} at byte {}", reader.error_position()))? {
            Event::Start(element) => {
                path.push(element.name().as_ref().to_owned());
                has_root |= path == ["annotation"];
                if path.len() > DEEPEST {
                    return Err(format!("elements more than {DEEPEST} deep"));
                }
                if is_object(&path) && path.len() == 2 {
                    objects.push(Object::default());
                }
            }
            Event::End(_) => drop(path.pop()),
            Event::Text(text) => write(&mut objects, &path, &text),
            Event::GeneralRef(entity) => {
                let text = resolve_predefined_entity(&entity);
                write(&mut objects, &path, text.ok_or_else(|| format!("the entity {:?}", &*entity))?);
            }
            Event::Eof if path.is_empty() && has_root => return Ok(objects),
            Event::Eof => return Err("an annotation that does not end, or none".into()),
            _ => {}
        }
    }
}

fn is_object(path: &[String]) -> bool {
    path.len() >= 2 && path[0] == "annotation" && path[1] == "object"
}

/// Adds a text to the field of the last object that it stands in, if it does in one that is read.
fn write(objects: &mut [Object], path: &[String], text: &str) {
    let (Some(object), [_, _, field]) = (objects.last_mut().filter(|_| is_object(path)), path) else {
        return;
    };
    match field.as_str() {
        "name" => object.name += text,
        "difficult" => object.difficult += text,
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_difficulty_of_objects_are_read_and_their_parts_are_not() {
        let text = "<?xml version=\"1.0\"?>\n<annotation><filename>1.jpg</filename>\
             <object><name>car</name><difficult>1</difficult><bndbox><xmin>8</xmin></bndbox></object>\
             <object><name>d&amp;g</name><part><name>head</name></part></object></annotation>";
        let object = |name: &str, difficult: &str| Object { name: name.into(), difficult: difficult.into() };
        assert_eq!(objects(text), Ok(vec![object("car", "1"), object("d&g", "")]));
    }

    #[test]
    fn what_is_no_annotation_is_refused_with_what_was_found() {
        let deep = "<annotation>".repeat(100_000);
        let cases = [
            ("<annotation><object>", "does not end"),
            ("", "does not end, or none"),
            ("<html></html>", "or none"),
            ("<annotation></object>", "at byte"),
            ("<!DOCTYPE a [<!ENTITY b \"cc\">]><annotation><object><name>&b;</name>", "the entity \"b\""),
            (&deep, "elements more than 32 deep"),
        ];
        for (text, expected) in cases {
            let found = objects(text).expect_err(expected);
            assert!(found.contains(expected), "{found}");
        }
    }
}
