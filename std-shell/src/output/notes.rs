//! What an answer says of what was searched, in words.

use indicatif::BinaryBytes;

use super::human::harmless;
use crate::engine::answer::{Note, Remark, What};

/// A note in words.
pub fn note(note: &Note) -> String {
    let such = |of: &[u8], all: usize| {
        let name = harmless(of);
        if all == 1 { name } else { format!("such as {name}") }
    };
    match note {
        Note::LastIndex(why) => format!("answering from the last index: {why}"),
        Note::InMemory(why) => format!("{why}; this index is in memory and will be lost"),
        Note::Stale { root, generation } => {
            let root = root.display();
            format!("{root} has changed since generation {generation}, which answers")
        }
        Note::Nothing(place) => format!(
            "nothing in {} is indexed: it is empty, binary, hidden or ignored; \
             --hidden and --no-ignore take such files",
            place.display()
        ),
        Note::NoMatch(globs) => format!(
            "nothing that is indexed matches {}; --hidden and --no-ignore take files \
             that are hidden or ignored, too",
            globs.join(" ")
        ),
        Note::Large { files, such: one, most } => format!(
            "{files} {} larger than {} left out, {}; --max-filesize takes larger ones",
            if *files == 1 { "file" } else { "files" },
            BinaryBytes(*most),
            such(one, *files)
        ),
        Note::Broken { rules, such: one, why } => format!(
            "{rules} {} cannot be used, {}: {why}",
            if *rules == 1 { "ignore rule" } else { "ignore rules" },
            such(one, *rules)
        ),
        Note::Unfiltered(documents) => format!(
            "the query holds no three bytes that every match has: reading all {documents} documents"
        ),
    }
}

/// A remark in words.
pub fn remark(remark: &Remark) -> String {
    let name = harmless(&remark.path);
    match &remark.what {
        What::Gone => format!("{name} has gone since it was indexed: left out"),
        What::Changed => format!("{name} has changed since it was indexed: left out"),
        What::ReadAnew => format!("{name} has changed since it was indexed: read anew"),
        What::Binary => format!("{name} is binary, and matches: --text prints its lines"),
        What::Unreadable(why) => format!("{name}: {why}"),
    }
}
