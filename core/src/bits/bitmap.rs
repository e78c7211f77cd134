//! Sets of small numbers, a bit each.

use bitvec::{order::Lsb0, slice::BitSlice};

/// A set of numbers in bytes: bit `i % 8` of byte `i / 8` is set where `i` is in it. What lies
/// behind the end is not in it. Total: no index is an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bitmap<B>(pub B);

impl<'b> Bitmap<&'b [u8]> {
    // Not by `view_bits`, which can panic.
    fn bits(self) -> &'b BitSlice<u8, Lsb0> {
        BitSlice::try_from_slice(self.0).unwrap_or_default()
    }

    /// Whether `index` is in it.
    pub fn get(self, index: u32) -> bool {
        self.bits().get(index as usize).is_some_and(|bit| *bit)
    }

    /// How many are in it. O(bytes).
    pub fn count(self) -> usize {
        self.bits().count_ones()
    }

    /// Those in it, ascending.
    pub fn ones(self) -> impl Iterator<Item = u32> + use<'b> {
        self.bits().iter_ones().map(|index| index as u32)
    }
}

impl Bitmap<&mut [u8]> {
    /// Puts `index` into it; whether there was room.
    pub fn set(&mut self, index: u32) -> bool {
        let bits = BitSlice::<u8, Lsb0>::try_from_slice_mut(self.0).unwrap_or_default();
        let slot = bits.get_mut(index as usize);
        slot.map(|mut bit| *bit = true).is_some()
    }
}

#[cfg(feature = "alloc")]
impl Bitmap<&mut alloc::vec::Vec<u8>> {
    /// Puts `index` into it, which grows by as many bytes as that takes.
    pub fn insert(&mut self, index: u32) {
        let bytes = (index as usize / 8).saturating_add(1);
        if self.0.len() < bytes {
            self.0.resize(bytes, 0);
        }
        Bitmap(self.0.as_mut_slice()).set(index);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_holds_what_was_put_into_it() {
        let mut bytes = [0; 3];
        let mut set = Bitmap(&mut bytes[..]);
        for index in [0, 7, 8, 23] {
            assert!(set.set(index));
        }
        assert!(!set.set(24));
        assert_eq!(bytes, [0b1000_0001, 1, 0b1000_0000]);
        let set = Bitmap(&bytes[..]);
        assert!(set.ones().eq([0, 7, 8, 23]));
        assert_eq!(set.count(), 4);
        assert!(set.get(23) && !set.get(22) && !set.get(24) && !set.get(u32::MAX));
        assert_eq!(Bitmap(&[][..]).count(), 0);
    }

    #[cfg(feature = "alloc")]
    #[test]
    fn a_set_grows() {
        let mut bytes = alloc::vec::Vec::new();
        Bitmap(&mut bytes).insert(9);
        assert_eq!(bytes, [0, 2]);
        Bitmap(&mut bytes).insert(0);
        assert_eq!(bytes, [1, 2]);
    }
}
