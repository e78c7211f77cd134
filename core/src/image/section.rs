//! The sections that there are: one table, which opening, writing, inspecting and the check of
//! `docs/format.md` read.

/// Every section begins at a multiple of it.
pub(crate) const ALIGN: usize = 64;

macro_rules! sections {
    ($($(#[$doc:meta])* $section:ident = $number:literal, $name:literal, $needed:ident;)*) => {
        /// What a section holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[repr(u16)]
        #[non_exhaustive]
        pub enum Section {
            /// Header and table themselves: named in errors only.
            Header = 0,
            $($(#[$doc])* $section = $number,)*
        }

        impl Section {
            /// Every kind, in the order of their numbers, which begin at 1.
            pub const ALL: [Self; [$($number),*].len()] = [$(Self::$section),*];

            /// Its name in upper case, as in `docs/format.md`.
            pub const fn name(self) -> &'static str {
                match self {
                    Self::Header => "HEADER",
                    $(Self::$section => $name,)*
                }
            }

            /// Whether no image is without it. What a reader does not know and may do
            /// without is marked in the table of the image ([`Section::is_required`] is
            /// false), so that older readers open it; what lacks then, they say.
            pub const fn is_required(self) -> bool {
                match self {
                    Self::Header => true,
                    $(Self::$section => sections!($needed),)*
                }
            }
        }
    };
    (required) => { true };
    (optional) => { false };
}

sections! {
    /// Counts, sums, identities.
    Meta = 1, "META", required;
    /// Documents by key.
    Docs = 2, "DOCS", required;
    /// Chunks by document.
    Chunks = 3, "CHUNKS", required;
    /// Sorted terms.
    Lexicon = 4, "LEXICON", required;
    /// Posting lists of the three families.
    Postings = 5, "POSTINGS", required;
    /// Defined names.
    Symbols = 6, "SYMBOLS", required;
    /// Raw text.
    Text = 7, "TEXT", optional;
    /// Filters of the byte strings of three and four in each document.
    Grams = 8, "GRAMS", optional;
    /// The phrases and probabilities that GLYPHS is read with.
    Codebook = 9, "CODEBOOK", optional;
    /// Text as records of phrases.
    Glyphs = 10, "GLYPHS", optional;
    /// Modes, and files that are no documents.
    Files = 11, "FILES", optional;
}

impl Section {
    /// The section of that number.
    pub fn from_number(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|section| *section as u16 == number)
    }
}
