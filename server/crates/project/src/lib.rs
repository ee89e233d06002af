//! What is on disk: source roots, files, environments, library versions and configuration.
