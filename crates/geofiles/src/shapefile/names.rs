//! Names of at most ten bytes, each its own: what dBASE allows.

use std::collections::HashSet;

const BYTES_MAX: usize = 10;

/// The longest beginning of a text that fits.
pub fn cut(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

pub fn short(names: &[&str]) -> Vec<String> {
    let mut taken = HashSet::new();
    let mut one = |name: &&str| {
        let name = if name.is_empty() { "FIELD" } else { name };
        let mut short = cut(name, BYTES_MAX).trim().to_owned();
        let mut number = 0;
        while !taken.insert(short.to_lowercase()) {
            number += 1;
            let tail = format!("_{number}");
            short = format!("{}{tail}", cut(name, BYTES_MAX - tail.len()));
        }
        short
    };
    names.iter().map(&mut one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_apart() {
        let names = ["loai_dat_hien_trang", "loai_dat_quy_hoach", "LOAI_DAT_H", "tên đường", "id", "ID", ""];
        let short = short(&names);
        assert_eq!(short, ["loai_dat_h", "loai_dat_q", "LOAI_DAT_1", "tên đư", "id", "ID_1", "FIELD"]);
        assert!(short.iter().all(|name| name.len() <= BYTES_MAX));
    }
}
