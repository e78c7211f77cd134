//! All phrases of a codebook by their bytes: a double array.
//!
//! Source: Aoe, "An efficient digital search algorithm by using a double-array
//! structure" (1989). A step is one look-up.

use alloc::vec::Vec;

/// A state's place, where its children begin, and the phrase that ends there.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Node {
    /// The state this one is a child of, plus one; 0 where the place is free.
    parent: u32,
    /// The child by byte `b` is at `base + b`.
    base: u32,
    /// A phrase, or `u16::MAX`.
    pub(super) phrase: u16,
}

/// A set of byte strings.
#[derive(Debug)]
pub(super) struct Trie {
    nodes: Vec<Node>,
}

/// The root's place.
pub(super) const ROOT: u32 = 0;

impl Trie {
    /// Of sorted, distinct, non-empty `strings` with their phrases.
    pub(super) fn new(strings: &[(&[u8], u16)]) -> Self {
        let free = Node { parent: 0, base: 0, phrase: u16::MAX };
        let mut trie = Self { nodes: alloc::vec![free; 1] };
        // Ranges of strings that share the first `depth` bytes, by their state.
        let mut open = alloc::vec![(ROOT, 0usize, strings.len(), 0usize)];
        let mut children = Vec::new();
        let mut search = 1u32;
        while let Some((state, from, to, depth)) = open.pop() {
            children.clear();
            let mut at = from;
            while at < to {
                let Some(&(string, phrase)) = strings.get(at) else { break };
                let Some(&byte) = string.get(depth) else {
                    if let Some(node) = trie.nodes.get_mut(state as usize) {
                        node.phrase = phrase;
                    }
                    at += 1;
                    continue;
                };
                let rest = strings.get(at..to).unwrap_or_default();
                let same = rest.partition_point(|(s, _)| s.get(depth) <= Some(&byte));
                children.push((byte, at, at + same));
                at += same;
            }
            let Some(&(least, _, _)) = children.first() else { continue };
            let base = trie.place(&mut search, least, &children);
            let need = base as usize + 256;
            if trie.nodes.len() < need {
                trie.nodes.resize(need, free);
            }
            if let Some(node) = trie.nodes.get_mut(state as usize) {
                node.base = base;
            }
            for &(byte, from, to) in &children {
                let child = base + u32::from(byte);
                if let Some(node) = trie.nodes.get_mut(child as usize) {
                    node.parent = state + 1;
                }
                open.push((child, from, to, depth + 1));
            }
        }
        trie
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.nodes.capacity() * size_of::<Node>()
    }

    /// The first base from which every child's place is free.
    fn place(&self, search: &mut u32, least: u8, children: &[(u8, usize, usize)]) -> u32 {
        let free = |at: u32| self.nodes.get(at as usize).is_none_or(|node| node.parent == 0);
        while !free(*search) {
            *search += 1;
        }
        let mut at = (*search).max(u32::from(least) + 1);
        loop {
            let base = at - u32::from(least);
            if children.iter().all(|&(byte, ..)| free(base + u32::from(byte))) {
                return base;
            }
            at += 1;
        }
    }

    /// The state behind `state` by `byte`.
    #[inline]
    pub(super) fn step(&self, state: u32, base: u32, byte: u8) -> Option<(u32, Node)> {
        let place = base + u32::from(byte);
        let node = *self.nodes.get(place as usize)?;
        (node.parent == state + 1).then_some((place, node))
    }

    pub(super) fn root(&self) -> Node {
        self.nodes.first().copied().unwrap_or_default()
    }
}

impl Node {
    #[inline]
    pub(super) fn base(self) -> u32 {
        self.base
    }
}
