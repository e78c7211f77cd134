//! The laws of sigla as properties: see `tests/`.
