//! Where numbers stand: said once, for who reads them and who writes them.
//!
//! A [`Field`] is a number at a fixed place of a record, an [`Array`] a run of numbers
//! one behind the other. Both know how wide their numbers are, so that a reader and a
//! writer that name the same one agree.

use core::marker::PhantomData;
use core::ops::Range;

/// A little-endian number.
pub(crate) trait Number: Copy {
    /// How many bytes it takes.
    const BYTES: usize;
    /// The one at byte `at`; `None` where the bytes end early.
    fn at(bytes: &[u8], at: usize) -> Option<Self>;
    /// Writes it at byte `at`, where there is room for it.
    fn put(self, bytes: &mut [u8], at: usize);
    /// Appends it.
    #[cfg(feature = "alloc")]
    fn push(self, out: &mut alloc::vec::Vec<u8>);
}

macro_rules! number {
    ($($number:ident)*) => {$(
        impl Number for $number {
            const BYTES: usize = size_of::<Self>();

            #[inline]
            fn at(bytes: &[u8], at: usize) -> Option<Self> {
                Some(Self::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
            }

            fn put(self, bytes: &mut [u8], at: usize) {
                if let Some(slot) = bytes.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
                    *slot = self.to_le_bytes();
                }
            }

            #[cfg(feature = "alloc")]
            fn push(self, out: &mut alloc::vec::Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}
number!(u8 u16 u32 u64);

/// A number at a fixed place of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<T> {
    /// Its first byte, counted from the start of the record.
    pub(crate) at: usize,
    number: PhantomData<T>,
}

impl<T: Number> Field<T> {
    /// The field whose first byte is `at`.
    pub(crate) const fn at(at: usize) -> Self {
        Self { at, number: PhantomData }
    }

    /// One past its last byte.
    pub(crate) const fn end(self) -> usize {
        self.at.saturating_add(T::BYTES)
    }

    /// What stands there in `record`; `None` where that ends early.
    #[inline]
    pub(crate) fn get(self, record: &[u8]) -> Option<T> {
        T::at(record, self.at)
    }

    /// Writes it into a record, which is long enough.
    pub(crate) fn put(self, record: &mut [u8], value: T) {
        debug_assert!(self.end() <= record.len());
        value.put(record, self.at);
    }
}

/// Numbers one behind the other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Array<'a, T> {
    bytes: &'a [u8],
    number: PhantomData<T>,
}

impl<'a, T: Number> Array<'a, T> {
    /// The first `count` numbers of `bytes` and what follows; `None` where they end early.
    pub(crate) fn first(bytes: &'a [u8], count: usize) -> Option<(Self, &'a [u8])> {
        let (bytes, rest) = bytes.split_at_checked(count.checked_mul(T::BYTES)?)?;
        Some((Self { bytes, number: PhantomData }, rest))
    }

    /// What comes before the last `count` numbers of `bytes`, and those.
    pub(crate) fn last(bytes: &'a [u8], count: usize) -> Option<(&'a [u8], Self)> {
        let before = bytes.len().checked_sub(count.checked_mul(T::BYTES)?)?;
        let (rest, bytes) = bytes.split_at_checked(before)?;
        Some((rest, Self { bytes, number: PhantomData }))
    }

    /// The byte at which number `index` stands.
    #[inline]
    pub(crate) const fn place(index: usize) -> usize {
        index.saturating_mul(T::BYTES)
    }

    /// Number `index`; `None` behind the last.
    #[inline]
    pub(crate) fn get(self, index: usize) -> Option<T> {
        T::at(self.bytes, Self::place(index))
    }
}

impl Array<'_, u32> {
    /// From where to where part `index` reaches: the numbers are where each of several
    /// parts begins, and the last ends.
    #[inline]
    pub(crate) fn span(self, index: usize) -> Option<Range<usize>> {
        let start = self.get(index)?;
        let end = self.get(index.checked_add(1)?)?;
        Some(start as usize..end as usize)
    }
}

#[cfg(all(test, feature = "alloc"))]
mod tests {
    use super::*;

    #[test]
    fn fields_and_arrays_hold_what_is_written_and_nothing_outside() {
        let (first, second): (Field<u16>, Field<u64>) = (Field::at(1), Field::at(3));
        let mut record = [0xff; 12];
        first.put(&mut record, 0x0102);
        second.put(&mut record, 7);
        assert_eq!(record, [0xff, 2, 1, 7, 0, 0, 0, 0, 0, 0, 0, 0xff]);
        assert_eq!((first.get(&record), second.get(&record)), (Some(0x0102), Some(7)));
        assert_eq!((first.end(), second.end()), (3, 11));
        assert_eq!(second.get(&record[..10]), None);

        let mut bytes = alloc::vec::Vec::new();
        [3u32, 5, 9].into_iter().for_each(|number| number.push(&mut bytes));
        let (numbers, rest) = Array::<u32>::first(&bytes, 2).unwrap();
        assert_eq!((numbers.get(0), numbers.get(1), numbers.get(2)), (Some(3), Some(5), None));
        assert_eq!(rest, [9, 0, 0, 0]);
        assert_eq!((numbers.span(0), numbers.span(1)), (Some(3..5), None));
        assert_eq!(numbers.span(usize::MAX), None);
        let (before, numbers) = Array::<u32>::last(&bytes, 1).unwrap();
        assert_eq!((before.len(), numbers.get(0)), (8, Some(9)));
        assert!(Array::<u32>::first(&bytes, 4).is_none());
        assert!(Array::<u32>::last(&bytes, usize::MAX).is_none());
    }
}
