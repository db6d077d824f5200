//! How ids and money stand in a column of either database: text and integer.
//!
//! Only the decoding traits are here, because they must stand beside the types; nothing in this crate reaches a database.

use sqlx::{Database, Decode, Type, error::BoxDynError};

use crate::{CitizenId, Id, Lang, Money, Role};

/// Columns of text that are read through a type's own parser.
macro_rules! text_column {
    ($type:ty, $parse:expr) => {
        impl<DB: Database> Type<DB> for $type
        where
            String: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <String as Type<DB>>::type_info()
            }
            fn compatible(ty: &DB::TypeInfo) -> bool {
                <String as Type<DB>>::compatible(ty)
            }
        }
        impl<'r, DB: Database> Decode<'r, DB> for $type
        where
            String: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let text = <String as Decode<'r, DB>>::decode(value)?;
                #[allow(clippy::redundant_closure_call)]
                ($parse)(text)
            }
        }
    };
}

text_column!(Id, |s: String| s.parse().map_err(BoxDynError::from));
text_column!(CitizenId, |s: String| CitizenId::try_from(s).map_err(BoxDynError::from));
text_column!(Role, |s: String| s.parse().map_err(BoxDynError::from));
text_column!(Lang, |s: String| Lang::from_tag(&s).ok_or_else(|| BoxDynError::from(format!("{s:?} is no language"))));

impl<DB: Database> Type<DB> for Money
where
    i64: Type<DB>,
{
    fn type_info() -> DB::TypeInfo {
        <i64 as Type<DB>>::type_info()
    }
    fn compatible(ty: &DB::TypeInfo) -> bool {
        <i64 as Type<DB>>::compatible(ty)
    }
}

impl<'r, DB: Database> Decode<'r, DB> for Money
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        <i64 as Decode<'r, DB>>::decode(value).map(Money)
    }
}
