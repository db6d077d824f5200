//! Numbers that look drawn but are the same in every run with the same seed; and names as they are in the country.

const FAMILY: [&str; 12] = ["Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ"];
const FAMILY_PERCENT: [usize; 12] = [38, 12, 10, 7, 5, 5, 5, 4, 4, 4, 3, 3];
const MIDDLE: [&str; 10] = ["Văn", "Thị", "Hữu", "Đức", "Minh", "Thanh", "Ngọc", "Quốc", "Thu", "Xuân"];
const GIVEN: [&str; 40] = [
    "An", "Anh", "Bình", "Châu", "Chi", "Cường", "Dũng", "Dung", "Đạt", "Đào", "Giang", "Hà", "Hải", "Hạnh", "Hiền",
    "Hiếu", "Hoa", "Hòa", "Hồng", "Hùng", "Hương", "Khánh", "Lan", "Linh", "Long", "Mai", "Nam", "Nga", "Nhung",
    "Phong", "Phúc", "Quân", "Sơn", "Tâm", "Thảo", "Thủy", "Trang", "Trung", "Tuấn", "Yến",
];

#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) as usize) % bound
    }

    pub const fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// True in `percent` of a hundred.
    pub const fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// A name: a third and more are called Nguyễn, and one in three has two middle names.
    pub fn name(&mut self) -> String {
        let mut percent = self.below(100);
        let mut family = 0;
        while percent >= FAMILY_PERCENT[family] {
            percent -= FAMILY_PERCENT[family];
            family += 1;
        }
        let (family, middle) = (FAMILY[family], self.pick(&MIDDLE));
        if self.below(3) == 0 {
            return format!("{family} {middle} {} {}", self.pick(&GIVEN), self.pick(&GIVEN));
        }
        format!("{family} {middle} {}", self.pick(&GIVEN))
    }
}
