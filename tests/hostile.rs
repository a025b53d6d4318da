//! Inputs that try to break the check.
