//! The page itself, which shows the data of any site.

/// A file of the page by its path in the site.
macro_rules! file {
    ($name:literal) => {
        ($name, include_str!(concat!("page/", $name)))
    };
}

/// Its files, by their paths in the site.
pub const FILES: [(&str, &str); 36] = [
    file!("style.css"),
    file!("app/activation_maps.js"),
    file!("app/address.js"),
    file!("app/bars.js"),
    file!("app/bytes.js"),
    file!("app/choice.js"),
    file!("app/class.js"),
    file!("app/colors.js"),
    file!("app/element.js"),
    file!("app/every_image.js"),
    file!("app/explorer.js"),
    file!("app/files.js"),
    file!("app/grid.js"),
    file!("app/help.js"),
    file!("app/histogram.js"),
    file!("app/home.js"),
    file!("app/image.js"),
    file!("app/keys.js"),
    file!("app/layer.js"),
    file!("app/neighbors.js"),
    file!("app/net_boxes.js"),
    file!("app/net_drawing.js"),
    file!("app/occlusion.js"),
    file!("app/pictures.js"),
    file!("app/receptive_field.js"),
    file!("app/returning.js"),
    file!("app/search.js"),
    file!("app/start.js"),
    file!("app/strongest.js"),
    file!("app/title.js"),
    file!("app/twin.js"),
    file!("app/unit.js"),
    file!("app/unit_link.js"),
    file!("app/wall.js"),
    file!("app/words.js"),
    file!("index.html"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::FILES;

    /// The files below a folder, with slashes between names.
    fn below(folder: &Path, prefix: &str) -> BTreeSet<String> {
        let mut names = BTreeSet::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("{prefix}{}", path.file_name().unwrap().to_str().unwrap());
            if path.is_dir() {
                names.extend(below(&path, &format!("{name}/")));
            } else {
                names.insert(name);
            }
        }
        names
    }

    #[test]
    fn every_file_of_the_page_is_part_of_the_program() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/page");
        let named: BTreeSet<String> = FILES.iter().map(|(name, _)| name.to_string()).collect();
        assert_eq!(below(&folder, ""), named);
        let entrance = FILES.iter().find(|(name, _)| *name == "index.html").unwrap().1;
        let loaded = |name: &&str| entrance.contains(&format!("\"{name}\""));
        assert!(
            named.iter().map(String::as_str).filter(|name| *name != "index.html").all(|name| loaded(&name))
        );
    }
}
