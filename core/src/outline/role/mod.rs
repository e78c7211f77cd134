//! What a file is for: test, example, somebody else's code, …
//!
//! The ranker reads it as features, so a flag need not be certain, only cheap
//! and mostly right: `path` knows the conventions of folders and file names,
//! `content` looks at the beginning of the text, and at a piece of its middle.
//! Both are tables; a convention is one line of them.

mod content;
mod path;

/// A set of flags about a file. The bits are part of the image format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Role(pub u16);

impl Role {
    /// Tests, specifications, fixtures, benches.
    pub const TEST: Role = Role(1);
    /// Examples, samples, demonstrations.
    pub const EXAMPLE: Role = Role(1 << 1);
    /// Copied from elsewhere: `vendor`, `node_modules`, …
    pub const VENDORED: Role = Role(1 << 2);
    /// Written by a program.
    pub const GENERATED: Role = Role(1 << 3);
    /// Documentation.
    pub const DOCS: Role = Role(1 << 4);
    /// Kept for compatibility, deprecated or internal.
    pub const LEGACY: Role = Role(1 << 5);
    /// The entrance of a folder, by its name: `index.js`, `mod.rs`, `lib.rs`,
    /// `__init__.py`, `main.c`.
    pub const BARREL: Role = Role(1 << 6);
    /// Declarations without bodies: C headers, `.d.ts`, `.pyi`.
    pub const HEADER: Role = Role(1 << 7);
    /// Compressed for machines: lines that are long and hardly spaced.
    pub const MINIFIED: Role = Role(1 << 8);
    /// Its code does little but hand on what other files define, whatever its
    /// name: `pub use`, `export … from`, `from .x import y`, `#include`.
    pub const REEXPORT: Role = Role(1 << 9);

    /// Whether every flag of `other` is set here.
    pub const fn has(self, other: Role) -> bool {
        self.0 & other.0 == other.0
    }

    /// The flags of a file, from its path (relative to the searched root,
    /// separated by `/`) and its whole text. Reads 4 KiB at the beginning, at
    /// the half and where that is long at three quarters; further only while
    /// line after line hands on what other files define.
    pub fn of(path: &[u8], text: &[u8]) -> Role {
        let role = path::role(path);
        role | content::role(text, role.has(Role::DOCS))
    }
}

impl core::ops::BitOr for Role {
    type Output = Role;

    fn bitor(self, other: Role) -> Role {
        Role(self.0 | other.0)
    }
}

impl core::ops::BitOrAssign for Role {
    fn bitor_assign(&mut self, other: Role) {
        *self = *self | other;
    }
}
