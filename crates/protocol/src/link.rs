//! A recipe as text: the share link and the metadata of an exported picture.
