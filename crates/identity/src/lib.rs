//! Who someone is: accounts, sessions, second factor, roles at a unit and area.
