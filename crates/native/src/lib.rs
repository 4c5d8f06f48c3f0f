//! One set of features for every native build; see the manifest.
