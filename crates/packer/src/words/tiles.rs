//! Words for the tiles of Crawl.

/// Folders of tiles: cleaned name, English, Chinese.
pub const FOLDERS: &[(&str, &str, &str)] = &[
    ("mon", "monster", "怪物"),
    ("item", "item", "物品"),
    ("dngn", "dungeon", "地牢"),
    ("player", "player", "玩家"),
    ("effect", "effect", "特效"),
];

/// A tile's name in Chinese, if every word of it is known.
pub fn tile(_name: &str) -> Option<String> {
    None
}
