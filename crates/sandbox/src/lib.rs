//! Stand-ins for outside systems, for demonstration and tests: a VNPay gateway and a bank.
