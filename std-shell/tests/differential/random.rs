//! Numbers that are the same for the same seed.

/// A generator: xorshift64*.
pub struct Random(u64);

impl Random {
    /// One that begins with `seed`.
    pub fn new(seed: u64) -> Random {
        // Seeds that are alike must not begin alike.
        let mixed = (seed + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Random(mixed | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        (high as usize) % end
    }

    /// Whether one of so many cases is this one.
    pub fn one_in(&mut self, cases: usize) -> bool {
        self.below(cases) == 0
    }

    /// One of `all`.
    pub fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }
}
