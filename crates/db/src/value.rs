//! What can be bound: a small closed set in which `None` keeps its type, which PostgreSQL needs.

use jiff::Timestamp;
use songhan_base::{CitizenId, Id, Lang, Money, Role};
use sqlx::{Database, Decode, Type, error::BoxDynError};

/// A bound value.
#[derive(Clone, Debug)]
pub enum Val {
    Text(Option<String>),
    Int(Option<i64>),
    Real(Option<f64>),
    Bool(Option<bool>),
    Bytes(Option<Vec<u8>>),
}

macro_rules! bind {
    ($($t:ty => $v:ident $f:expr;)*) => {$(
        impl From<$t> for Val {
            fn from(x: $t) -> Self { Self::$v(Some($f(x))) }
        }
        impl From<Option<$t>> for Val {
            fn from(x: Option<$t>) -> Self { Self::$v(x.map($f)) }
        }
    )*};
}

bind! {
    String => Text |x| x;
    &str => Text |x: &str| x.to_owned();
    &String => Text |x: &String| x.clone();
    Id => Text |x: Id| x.to_string();
    Lang => Text |x: Lang| x.tag().to_owned();
    Role => Text |x: Role| x.as_str().to_owned();
    &CitizenId => Text |x: &CitizenId| x.as_str().to_owned();
    &serde_json::Value => Text |x: &serde_json::Value| x.to_string();
    serde_json::Value => Text |x: serde_json::Value| x.to_string();
    i64 => Int |x| x;
    i32 => Int i64::from;
    u32 => Int i64::from;
    Money => Int |x: Money| x.0;
    Timestamp => Int |x: Timestamp| x.as_microsecond();
    At => Int |x: At| x.0.as_microsecond();
    f64 => Real |x| x;
    bool => Bool |x| x;
    Vec<u8> => Bytes |x| x;
    &[u8] => Bytes |x: &[u8]| x.to_vec();
}

/// A moment as its column holds it: BIGINT microseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct At(pub Timestamp);

impl std::ops::Deref for At {
    type Target = Timestamp;
    fn deref(&self) -> &Timestamp {
        &self.0
    }
}

impl<DB: Database> Type<DB> for At
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

impl<'r, DB: Database> Decode<'r, DB> for At
where
    i64: Decode<'r, DB>,
{
    fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
        let micros = <i64 as Decode<'r, DB>>::decode(value)?;
        Ok(Self(Timestamp::from_microsecond(micros)?))
    }
}
