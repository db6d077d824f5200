//! Money in double entry: charges, VietQR, VNPay, reconciliation.
