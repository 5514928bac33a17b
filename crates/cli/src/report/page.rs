//! The page itself, which shows the data of any site.

/// Its files, by their paths in the site.
pub const FILES: [(&str, &str); 1] = [("index.html", include_str!("page/index.html"))];
