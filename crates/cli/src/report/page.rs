//! The page itself, which shows the data of any site.

/// A file of the page by its path in the site.
macro_rules! page {
    ($name:literal) => {
        ($name, include_str!(concat!("page/", $name)))
    };
}

/// Its files, by their paths in the site.
pub const FILES: [(&str, &str); 36] = [
    page!("style.css"),
    page!("app/activation_maps.js"),
    page!("app/address.js"),
    page!("app/bars.js"),
    page!("app/bytes.js"),
    page!("app/choice.js"),
    page!("app/class.js"),
    page!("app/colors.js"),
    page!("app/element.js"),
    page!("app/every_image.js"),
    page!("app/explorer.js"),
    page!("app/files.js"),
    page!("app/grid.js"),
    page!("app/help.js"),
    page!("app/histogram.js"),
    page!("app/home.js"),
    page!("app/image.js"),
    page!("app/keys.js"),
    page!("app/layer.js"),
    page!("app/neighbors.js"),
    page!("app/net_boxes.js"),
    page!("app/net_drawing.js"),
    page!("app/occlusion.js"),
    page!("app/pictures.js"),
    page!("app/receptive_field.js"),
    page!("app/returning.js"),
    page!("app/search.js"),
    page!("app/start.js"),
    page!("app/strongest.js"),
    page!("app/title.js"),
    page!("app/twin.js"),
    page!("app/unit.js"),
    page!("app/unit_link.js"),
    page!("app/wall.js"),
    page!("app/words.js"),
    page!("index.html"),
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
