//! Hashing of numbers in tables that the writer keeps.

/// A hash without a seed: the same order and the same cost on every run.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fixed;

impl core::hash::BuildHasher for Fixed {
    type Hasher = Mixed;
    fn build_hasher(&self) -> Mixed {
        Mixed(0)
    }
}

/// Fibonacci hashing of one number.
pub(crate) struct Mixed(u64);

impl core::hash::Hasher for Mixed {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.write_u32(u32::from(byte));
        }
    }
    fn write_u32(&mut self, value: u32) {
        self.write_u64(u64::from(value));
    }
    fn write_u64(&mut self, value: u64) {
        let mixed = (self.0 ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 = mixed ^ mixed >> 32;
    }
}
