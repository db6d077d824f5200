//! How the operations of the books refuse, for their documents: the statuses are the same for all of them.

use songhan_app::Problem;

/// What reading may answer instead.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "a document, never a value")]
pub enum ReadRefused {
    /// the request cannot be read
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// no account
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// no accountant
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// no such thing in books of yours
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
}

/// What changing may answer instead.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "a document, never a value")]
pub enum ChangeRefused {
    /// the request cannot be read
    #[response(status = 400, content_type = "application/problem+json")]
    BadRequest(Problem),
    /// no account
    #[response(status = 401, content_type = "application/problem+json")]
    Unauthorized(Problem),
    /// not allowed to the actor
    #[response(status = 403, content_type = "application/problem+json")]
    Forbidden(Problem),
    /// no such thing in books of yours
    #[response(status = 404, content_type = "application/problem+json")]
    NotFound(Problem),
    /// its state does not allow it
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// the body is too large
    #[response(status = 413, content_type = "application/problem+json")]
    TooLarge(Problem),
    /// the body is of another type
    #[response(status = 415, content_type = "application/problem+json")]
    OtherType(Problem),
    /// the body does not fit
    #[response(status = 422, content_type = "application/problem+json")]
    DoesNotFit(Problem),
}
