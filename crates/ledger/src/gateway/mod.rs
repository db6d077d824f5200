//! Cổng thanh toán: one port for every gateway. What a protocol is stands in a folder of its own (`vnpay`, `momo`); what
//! the ledger does with an order, the gateway's word and a refund is the same for all.
//!
//! The gateway's word to our server (IPN), or its answer when it is asked, settles a payment; the return of the browser
//! only shows what is known.

pub mod http;

use std::net::IpAddr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use songhan_app::{Config, Cx};
use songhan_base::{Internal, Lang, Money};

use crate::charge::Channel;
use crate::config::{Momo, Vnpay};
use crate::payment::Payment;
use crate::refund::Route;
use crate::{momo, vnpay};

words!(
    /// Tên cổng thanh toán.
    GatewayName, "gateway" {
        /// VNPay: thẻ và tài khoản ngân hàng.
        Vnpay = "vnpay",
        /// Ví MoMo: tiền di động.
        Momo = "momo",
    }
);

impl GatewayName {
    /// Where none is named: once there was one.
    pub const fn unnamed() -> Self {
        Self::Vnpay
    }

    pub const fn channel(self) -> Channel {
        match self {
            Self::Vnpay => Channel::Vnpay,
            Self::Momo => Channel::Momo,
        }
    }

    /// The way back to the payer.
    pub const fn route(self) -> Route {
        match self {
            Self::Vnpay => Route::Vnpay,
            Self::Momo => Route::Momo,
        }
    }

    /// The gateway by which a channel goes, where it goes by one.
    pub fn of_channel(channel: Channel) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.channel() == channel)
    }

    pub fn of_route(route: Route) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.route() == route)
    }

    /// Our number at the gateway, without reading the secret: the account of what it holds for us.
    pub fn merchant(self, config: &Config) -> Option<String> {
        match self {
            Self::Vnpay => Vnpay::merchant(config),
            Self::Momo => Momo::merchant(config),
        }
    }

    /// The gateway at which this is our number.
    pub fn of_merchant(config: &Config, merchant: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|name| name.merchant(config).as_deref() == Some(merchant))
    }

    /// Whether it is open for a charge: set, and the amount one that it takes.
    pub fn takes(self, config: &Config, amount: Money) -> bool {
        match self {
            Self::Vnpay => Vnpay::is_set(config),
            Self::Momo => Momo::is_set(config) && momo::takes(amount),
        }
    }

    /// Whether it takes refunds.
    pub fn takes_refunds(self, config: &Config) -> bool {
        match self {
            Self::Vnpay => Vnpay::takes_refunds(config),
            Self::Momo => Momo::is_set(config),
        }
    }

    /// The day on which the gateway took the money, from what was kept of its word: that may have reached us later.
    pub fn paid_on(self, raw: &Value) -> Option<Date> {
        match self {
            Self::Vnpay => vnpay::reply::paid_on(raw),
            Self::Momo => momo::reply::paid_on(raw),
        }
    }
}

/// How an attempt ended, by the gateway's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The money was taken.
    Paid,
    /// No money was taken.
    NotPaid,
    /// The gateway is not sure yet: under review, or still at the bank.
    Open,
}

/// What the gateway answered, asked how an attempt ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// It knows the attempt.
    Known { ending: Ending, gateway_no: Option<String>, raw: Value },
    /// Nobody ever opened it there.
    Unknown,
}

/// What the gateway answered to a refund.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// Taken: the money goes back to the card, account or wallet that was charged.
    Taken,
    /// Refused for good; the gateway's code says why.
    Refused(String),
}

/// What an order is made of, beside the attempt.
pub struct Order<'a> {
    pub payment: &'a Payment,
    /// Mã thanh toán.
    pub reference: &'a str,
    /// Where the payer's browser comes back to.
    pub return_url: String,
    /// Where the gateway tells our server.
    pub ipn_url: String,
    pub lang: Lang,
    pub client: IpAddr,
}

/// A contract with a gateway.
pub enum Gateway {
    Vnpay(Vnpay),
    Momo(Momo),
}

impl Gateway {
    /// `None` where it is not set.
    pub async fn of(cx: &Cx, name: GatewayName) -> Result<Option<Self>, Internal> {
        Ok(match name {
            GatewayName::Vnpay => Vnpay::of(cx).await?.map(Self::Vnpay),
            GatewayName::Momo => Momo::of(cx).await?.map(Self::Momo),
        })
    }

    /// How long an attempt lives.
    pub fn minutes(&self) -> u16 {
        match self {
            Self::Vnpay(vnpay) => vnpay.minutes,
            Self::Momo(momo) => momo.minutes,
        }
    }

    pub fn merchant(&self) -> &str {
        match self {
            Self::Vnpay(vnpay) => &vnpay.tmn_code,
            Self::Momo(momo) => &momo.partner_code,
        }
    }

    /// Where the payer's browser is sent for an attempt. May ask the gateway's server: never inside a transaction.
    pub async fn order(&self, order: &Order<'_>) -> Result<String, Internal> {
        match self {
            Self::Vnpay(vnpay) => Ok(vnpay::request::url(vnpay, order)),
            Self::Momo(momo) => momo::api::create(momo, order).await,
        }
    }

    /// Asks how an attempt ended; `None` where the gateway answers no questions. An answer that cannot be read or
    /// believed is an error: the job asks again.
    pub async fn ask(&self, payment: &Payment, request: &str, now: Timestamp) -> Result<Option<Found>, Internal> {
        match self {
            Self::Vnpay(vnpay) => match &vnpay.query_url {
                Some(url) => vnpay::query::ask(vnpay, url, payment, request, now).await.map(Some),
                None => Ok(None),
            },
            Self::Momo(momo) => momo::api::ask(momo, payment, request).await.map(Some),
        }
    }

    /// Asks to give `payment` back whole; `None` where the gateway takes no orders. An answer that cannot be read or
    /// believed is an error: the job asks again under the same number, and what was taken before counts as taken.
    pub async fn give_back(&self, payment: &Payment, number: &str, now: Timestamp) -> Result<Option<Given>, Internal> {
        match self {
            Self::Vnpay(vnpay) => match &vnpay.query_url {
                Some(url) => vnpay::refund::give_back(vnpay, url, payment, number, now).await.map(Some),
                None => Ok(None),
            },
            Self::Momo(momo) => momo::api::give_back(momo, payment, number).await.map(Some),
        }
    }

    /// What the address says with which the gateway sent a browser back, where it has signed it: the number of the
    /// attempt, and how that ended.
    pub fn returned(&self, raw: &str) -> Option<(String, Ending)> {
        match self {
            Self::Vnpay(vnpay) => vnpay::reply::returned(vnpay, raw),
            Self::Momo(momo) => momo::reply::returned(momo, raw),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_gateway_has_its_channel_and_its_way_back() {
        for name in GatewayName::ALL.iter().copied() {
            assert_eq!(GatewayName::of_channel(name.channel()), Some(name));
            assert_eq!(GatewayName::of_route(name.route()), Some(name));
            assert_eq!((name.channel().as_str(), name.route().as_str()), (name.as_str(), name.as_str()));
        }
        assert_eq!((GatewayName::of_channel(Channel::Counter), GatewayName::of_route(Route::Bank)), (None, None));
    }
}
