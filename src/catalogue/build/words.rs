//! Placeholder until the interface words arrive.
pub fn generate(_manifest_dir: &std::path::Path, _out_dir: &std::path::Path) {}
