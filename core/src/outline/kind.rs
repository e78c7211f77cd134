//! What a definition is.

/// The kind of a definition, or of the chunk that holds it. The numbers are
/// part of the image format: new kinds are appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u8)]
pub enum Kind {
    /// No definition: running text, statements, log lines.
    Text = 0,
    /// A function that stands by itself.
    Function,
    /// A function that belongs to a type: in a class, impl, trait or interface.
    Method,
    /// A record of named fields.
    Struct,
    /// A type of named alternatives.
    Enum,
    /// A C or Rust union.
    Union,
    /// A Rust trait.
    Trait,
    /// A Go or TypeScript interface.
    Interface,
    /// A Rust `impl` block, named after the type it is for.
    Impl,
    /// A class.
    Class,
    /// A type alias.
    Type,
    /// A constant.
    Const,
    /// A variable that outlives a call: Rust's `static`, Go's `var`, Python's of a module.
    Variable,
    /// A module or namespace.
    Module,
    /// A macro.
    Macro,
    /// A heading of a document and what follows it, down to the next heading
    /// that is no deeper.
    Section,
    /// A property with accessors of its own.
    Property,
}

impl Kind {
    /// Every kind, in the order of its number.
    pub const ALL: [Kind; 17] = [
        Kind::Text,
        Kind::Function,
        Kind::Method,
        Kind::Struct,
        Kind::Enum,
        Kind::Union,
        Kind::Trait,
        Kind::Interface,
        Kind::Impl,
        Kind::Class,
        Kind::Type,
        Kind::Const,
        Kind::Variable,
        Kind::Module,
        Kind::Macro,
        Kind::Section,
        Kind::Property,
    ];

    /// The name that `kind:` and `--json` use.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Function => "function",
            Kind::Method => "method",
            Kind::Struct => "struct",
            Kind::Enum => "enum",
            Kind::Union => "union",
            Kind::Trait => "trait",
            Kind::Interface => "interface",
            Kind::Impl => "impl",
            Kind::Class => "class",
            Kind::Type => "type",
            Kind::Const => "const",
            Kind::Variable => "variable",
            Kind::Module => "module",
            Kind::Macro => "macro",
            Kind::Section => "section",
            Kind::Property => "property",
        }
    }

    /// The kind of that name, in lower or upper case.
    pub fn from_name(name: &str) -> Option<Kind> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The kind of that number.
    pub fn from_u8(number: u8) -> Option<Kind> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// Whether it names a type.
    pub const fn is_type(self) -> bool {
        matches!(
            self,
            Kind::Struct
                | Kind::Enum
                | Kind::Union
                | Kind::Trait
                | Kind::Interface
                | Kind::Class
                | Kind::Type
        )
    }

    /// Whether a function defined directly inside is a method.
    pub(super) const fn has_methods(self) -> bool {
        matches!(
            self,
            Kind::Impl
                | Kind::Trait
                | Kind::Class
                | Kind::Interface
                | Kind::Struct
                | Kind::Enum
                | Kind::Union
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_lead_back() {
        for (number, kind) in Kind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
            assert_eq!(Kind::from_u8(number as u8), Some(kind));
            assert_eq!(Kind::from_name(kind.name()), Some(kind));
        }
        assert_eq!(Kind::from_u8(Kind::ALL.len() as u8), None);
        assert_eq!(Kind::from_name("verb"), None);
    }
}
