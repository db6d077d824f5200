-- Who signs in their own right, and what is printed of those who sign for another.

-- Cấp phó: a leader who signs only what the register of delegations lets them sign.
ALTER TABLE grants ADD COLUMN deputy BOOLEAN NOT NULL DEFAULT FALSE;

-- Chức vụ của người được giao ký, as it is printed above their name: `Trưởng phòng Tư pháp`.
ALTER TABLE delegations ADD COLUMN title TEXT;
